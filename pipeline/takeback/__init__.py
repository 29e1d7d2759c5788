"""Taking back what reviewers changed in Word and Excel: `review apply`.

`find` looks for the files, `word`, `scores` and `listing` read one kind each into wishes, `settle` turns wishes into
decisions and says of each: applied, stale, conflicting.
"""

from pipeline.takeback.report import Outcome, Report
from pipeline.takeback.settle import apply

__all__ = ["Outcome", "Report", "apply"]
