"""All that a workspace holds after a run, unpacked to text: documents part by part, data, page, log and store."""

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path


def texts(workspace: Path) -> Iterator[tuple[str, str]]:
    """Name and text of everything below outputs/ and the working store; markup is there with and without its tags."""
    for home in (workspace / "outputs", workspace / ".shuangchuang"):
        for path in sorted(p for p in home.rglob("*") if p.is_file()):
            name = path.relative_to(workspace).as_posix()
            yield name, name
            if path.suffix == ".sqlite":
                yield from _kept(path)
            else:
                yield from _unpacked(name, path.read_bytes())


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield from _unpacked(f"{name}!/{info.filename}", archive.read(info))
        return
    text = data.decode("utf-8", "replace")
    yield name, text
    yield name, re.sub(r"<[^>]*>", "", text)


def _kept(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as store:
        rows = store.execute("SELECT key, value FROM kept").fetchall()
    assert rows
    for key, value in rows:
        yield f"{path.name} {key[:20]}", zlib.decompress(value).decode("utf-8", "replace")
    for beside in path.parent.glob(f"{path.name}*"):
        yield beside.name, beside.read_bytes().decode("latin-1")


def where(workspace: Path, needle: str, *more: str) -> list[str]:
    """In which of them, or of some more texts, a pattern stands."""
    pattern = re.compile(needle)
    everything = [*texts(workspace), *(("屏幕", text) for text in more)]
    assert len(everything) > 50
    return sorted({name for name, text in everything if pattern.search(text)})
