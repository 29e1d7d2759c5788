"""Intake: which files were handed in, by whom, what they are, and which of them are the same.

Promises: every file under inputs/submissions has one entry; nothing is written; nothing outside inputs/ is opened;
archives are read in memory within limits. Refuses to judge by names or file times what bytes can tell.
"""

from pipeline.intake.collect import collect, load
from pipeline.intake.compare import Comparison, compare
from pipeline.intake.last_year import last_year_signatures
from pipeline.intake.roster import departments, write_roster_template
from pipeline.intake.signature import Signature, signature

__all__ = [
    "Comparison",
    "Signature",
    "collect",
    "compare",
    "departments",
    "last_year_signatures",
    "load",
    "signature",
    "write_roster_template",
]
