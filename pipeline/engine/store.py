"""The working store: results kept by content in one SQLite file under .shuangchuang/.

A key is a hash of everything a result depends on (bytes, versions, settings); file times and names never count, and
an entry of another version is never found because its key differs. A damaged store is set aside and begun anew.
"""

import hashlib
import sqlite3
import threading
import zlib
from contextlib import closing, suppress
from pathlib import Path

from pipeline.errors import UnusableWorkspace

_UNUSED_RUNS = 5  # an entry not asked for in five runs belongs to files that are gone
_TOUCHED = 1000  # keys noted at a time: tens of KiB, and few enough writes
_USED = "INSERT OR REPLACE INTO used (key, run) VALUES (?, ?)"  # apart from the values: noting it moves no value


def content_key(*parts: str | bytes) -> str:
    """A key of all parts in order; parts cannot run into each other."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


class Store:
    """A thread-safe mapping from content keys to bytes that survives a killed run at any moment.

    Raises UnusableWorkspace where its file cannot be made.
    """

    def __init__(self, path: Path, fresh: bool = False) -> None:
        self._lock = threading.Lock()
        self.path = path
        try:
            self._connection = _begun(path, fresh)
        except (OSError, sqlite3.DatabaseError) as error:
            raise UnusableWorkspace(
                f"写不进“{path.parent.name}”文件夹（{error}）：请检查工作文件夹是否只读、磁盘是否已满。"
            ) from error
        (last,) = self._connection.execute("SELECT COALESCE(MAX(run), 0) FROM used").fetchone()
        self._run = last + 1
        self._touched: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`, or None."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            self._touch(key)
        with suppress(zlib.error):
            return zlib.decompress(row[0])
        return None

    def has(self, key: str) -> bool:
        """Whether something is kept under `key`; it then counts as used."""
        with self._lock:
            row = self._connection.execute("SELECT 1 FROM kept WHERE key = ?", (key,)).fetchone()
            if row is not None:
                self._touch(key)
        return row is not None

    def put(self, key: str, value: bytes) -> None:
        """Keeps `value`; a full disk loses the entry, never the run."""
        packed = zlib.compress(value, 1)
        with self._lock, suppress(sqlite3.OperationalError):
            self._connection.execute("INSERT OR REPLACE INTO kept (key, value) VALUES (?, ?)", (key, packed))
            self._connection.execute(_USED, (key, self._run))
            self._connection.commit()

    def close(self) -> None:
        """Notes what was used, drops what was not for some runs, and closes the file."""
        with self._lock:
            with suppress(sqlite3.OperationalError):
                self._note_used()
                self._connection.execute("DELETE FROM used WHERE run < ?", (self._run - _UNUSED_RUNS,))
                self._connection.execute("DELETE FROM kept WHERE key NOT IN (SELECT key FROM used)")
                self._connection.commit()
            self._connection.close()

    def _touch(self, key: str) -> None:
        self._touched.add(key)
        if len(self._touched) >= _TOUCHED:
            with suppress(sqlite3.OperationalError):
                self._note_used()

    def _note_used(self) -> None:
        keys = sorted(self._touched)
        self._touched.clear()
        self._connection.executemany(_USED, [(key, self._run) for key in keys])
        self._connection.commit()


def peek(path: Path, key: str) -> bytes | None:
    """What another process keeps under `key`, or None. For tasks on the same machine, which change nothing."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
    return None if row is None else zlib.decompress(row[0])


def _begun(path: Path, fresh: bool) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        _remove(path)
    try:
        return _open(path)
    except sqlite3.DatabaseError:
        _remove(path)
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB)")
        connection.execute("CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, run INTEGER) WITHOUT ROWID")
        connection.commit()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
