"""The audit log of one run: JSON lines with a time, what was done, and to what. Never a passage, never a person."""

import json
import time
from pathlib import Path
from typing import Any


class AuditLog:
    """Collects lines in order; `data` is the whole log as it is written at the run's end."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def note(self, action: str, **facts: Any) -> None:
        """One line: 动作 and its facts."""
        line = {"时间": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "动作": action, **facts}
        self._lines.append(json.dumps(line, ensure_ascii=False))

    def data(self) -> bytes:
        return ("\n".join(self._lines) + "\n").encode()

    def save(self, path: Path) -> None:
        """Written even where other outputs could not be."""
        from pipeline.engine.atomic import write_whole

        write_whole(path, self.data())
