"""The fixed sentences of the documents (data/frames.toml), filled slot by slot.

`say("summary.empty")` is the only way by which the writers print words of their own.
"""

import functools
import re
import tomllib

from pipeline.settings import data_text

LONGEST = 40  # characters outside the slots; a longer one would be prose that nobody handed in
_SLOT = re.compile(r"\{(\w+)\}")


@functools.cache
def _table() -> dict[str, str]:
    tables = tomllib.loads(data_text("frames.toml"))
    return {f"{section}.{name}": text for section, entries in tables.items() for name, text in entries.items()}


def frames() -> list[str]:
    """Every fixed sentence, in the order of the data file, each once."""
    return list(dict.fromkeys(_table().values()))


def say(name: str, /, **slots: object) -> str:
    """The frame of that name with its slots filled; a slot without a value is a fault of the caller (KeyError)."""
    return _SLOT.sub(lambda match: str(slots[match[1]]), _table()[name])
