"""The exceptions that end a command, and the exit codes of the contract.

A file that cannot be read is no exception: it is a `model.Problem`, a value beside the good results.
Only an unusable workspace, guideline, rubric or option raises, and only `cli.py` catches.
"""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (CONTRACT: Commands)."""

    DONE = 0
    FINDINGS = 1
    UNUSABLE = 2
    INTERRUPTED = 130


class Unusable(Exception):
    """The command cannot do its work at all; nothing was written. `str()` is one Chinese sentence with the remedy."""

    exit_code = Exit.UNUSABLE


class UnusableWorkspace(Unusable):
    """The workspace lacks what a run needs, or cannot be written to."""


class UnusableGuideline(Unusable):
    """The guideline is absent, ambiguous, unreadable, or no three-level guideline."""


class UnusableRubric(Unusable):
    """The rubric workbook has a fault; the message names the cell and the reason."""


class UnusableTemplate(Unusable):
    """A Word template has a fault; the message names the place and the remedy."""


class UnusableOption(Unusable):
    """An option or settings file has a value that cannot be used."""
