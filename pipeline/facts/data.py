"""The word lists of data/events.toml, read once."""

import tomllib
from functools import cache
from typing import Any

from pipeline.settings import data_text


@cache
def tables() -> dict[str, Any]:
    """All tables of data/events.toml."""
    return tomllib.loads(data_text("events.toml"))
