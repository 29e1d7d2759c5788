"""Intake: which files were handed in, by whom, what they are, and which of them are the same.

Promises: every file under inputs/submissions has one entry; nothing is written; nothing outside inputs/ is opened;
archives are read in memory within limits. Refuses to judge by names or file times what bytes can tell.
"""

from pipeline.intake.collect import collect, load
from pipeline.intake.roster import departments, write_roster_template

__all__ = ["collect", "departments", "load", "write_roster_template"]
