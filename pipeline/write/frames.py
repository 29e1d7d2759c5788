"""The fixed sentences of the documents (data/frames.toml), filled slot by slot.

`say("summary.empty")` is the only way by which the writers print words of their own.
"""

import functools
import re
import tomllib
from itertools import repeat

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
    """The frame of that name with its slots filled; a tuple fills a slot that stands there more than once.

    A slot without a value is a fault of the caller (KeyError).
    """
    waiting = {slot: iter(value if isinstance(value, tuple) else repeat(value)) for slot, value in slots.items()}
    return _SLOT.sub(lambda match: str(next(waiting[match[1]])), _table()[name])
