"""Which program made a result: a hash over the package's own files and the versions of the libraries that matter.

A version number changes with a release; between releases sources change too, and a forgotten number would let a stale
result pass for a fresh one. So what is kept is kept under the program's own bytes.
"""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_LIBRARIES = (
    *("docxtpl", "jinja2", "lxml", "numpy", "onnxruntime", "openpyxl", "pdfplumber", "pillow", "pypdfium2"),
    *("python-docx", "rapidfuzz", "rapidocr", "scikit-learn", "scipy"),
)
_LEFT_OUT = {"__pycache__", "templates"}  # templates lie elsewhere in a checkout, and travel with each task


@cache
def build(*parts: str) -> str:
    """64 hex digits that name these parts of the package (`read`, `data`, `text.py` …; none: all of it) as installed."""
    digest = hashlib.sha256("\0".join(_versions()).encode())
    for root in [_ROOT / part for part in parts] or [_ROOT]:
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            if path.is_file() and not _LEFT_OUT & set(path.relative_to(_ROOT).parts):
                digest.update(f"\0{path.relative_to(_ROOT).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {_version(name)}" for name in _LIBRARIES)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"
