"""The audit log of one run: JSON lines with a time, what was done, and to what. Never a passage, never a person."""

import json
import threading
import time
import zlib
from pathlib import Path
from typing import Any

from pipeline.engine.atomic import whole_file


class AuditLog:
    """Collects lines in order, packed: ten lines a department would else be much of what a large run holds."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(1)
        self._packed: list[bytes] = []
        self._lock = threading.Lock()  # children's keepers note their faults from their own threads

    def note(self, action: str, **facts: Any) -> None:
        """One line: 动作 and its facts."""
        line = {"时间": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "动作": action, **facts}
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        with self._lock:
            packed = self._packer.compress(data)
            if packed:
                self._packed.append(packed)

    def save(self, path: Path) -> None:
        """Written even where other outputs could not be. Nothing can be noted afterwards."""
        with self._lock:
            self._packed.append(self._packer.flush())
        reader = zlib.decompressobj()
        with whole_file(path) as (stream, _placed):
            for packed in self._packed:
                stream.write(reader.decompress(packed))
            stream.write(reader.flush())
