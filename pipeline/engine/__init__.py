"""How work is carried out: guarded children, a store kept by content, whole-or-nothing writes, one run at a time.

The engine knows nothing of guidelines or Word. A `Task` names a function by its dotted path and carries bytes; the
same task runs in a local thread's guarded child or in one on a cluster's worker.
"""

from pipeline.engine.executor import Engine, open_engine
from pipeline.engine.guard import Broken, Limits, Task
from pipeline.engine.program import build
from pipeline.engine.store import Store, content_key

__all__ = ["Broken", "Engine", "Limits", "Store", "Task", "build", "content_key", "open_engine"]
