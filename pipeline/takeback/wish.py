"""What a returned file says that a person wants, before it is known whether it can be had."""

from dataclasses import dataclass, field
from typing import Literal

from pipeline.model import Problem, Role

WishKind = Literal[
    "code",
    "none",
    "strike",
    "edit",
    "add",
    "score",
    "na",
    "deduction",
    "grade",
    "remark",
    "conflict",
    "withdraw_score",
    "withdraw_na",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """One returned file: where it lies, what it is a copy of, who saved it last and when (its own metadata)."""

    path: str  # relative to the workspace
    department: str
    year: int | None
    run: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Wish:
    """One change. `ident`: the evidence id of the passage, `text` its words as far as the file still has them.

    `place` is the paragraph or cell; `who` and `when` are the change's own where the file keeps them.
    """

    kind: WishKind
    origin: Origin
    department: str
    place: str
    ident: str = ""
    text: str = ""
    fingerprint: str = ""
    code: str | None = None
    value: str = ""
    reason: str = ""
    role: Role | None = None
    who: str = ""
    when: str = ""

    @property
    def source(self) -> str:
        """The file and place, as decisions.xlsx names them."""
        return f"{self.origin.path} {self.place}".strip()


@dataclass(slots=True)
class Taken:
    """What one file gave: its wishes, and what in it cannot be used."""

    wishes: list[Wish] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def problem(origin: Origin, message: str, remedy: str, place: str = "") -> Problem:
    """A fault in one returned file."""
    return Problem(origin.path, "review", message, remedy, place)
