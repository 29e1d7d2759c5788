"""The lists and figures of data/intake.toml as frozen values."""

import tomllib
from dataclasses import dataclass
from functools import cache

import msgspec

from pipeline.settings import data_text

MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """Names of files and folders that programs and systems leave behind (`[leftover]`)."""

    temporary: tuple[str, ...]
    system: tuple[str, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of one file or archive is taken into memory (`[limits]`)."""

    file_mib: int
    member_mib: int
    ratio_floor_mib: int
    directory_mib: int
    names_in_head: int
    seconds_packed: float
    cache_mib: int


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How departments are named, in folders and in the roster's header (`[department]`)."""

    organisation: tuple[str, ...]
    wrapping: tuple[str, ...]
    name: tuple[str, ...]
    aliases: tuple[str, ...]
    secretary: tuple[str, ...]
    dean: tuple[str, ...]
    unit_type: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fingerprints:
    """How passages are reduced to hashes and found again (`[fingerprints]`)."""

    shingle: int
    passage: int
    marks: int
    alike: int
    document: int
    passages_each: int
    group: int


@dataclass(frozen=True, kw_only=True)
class Copying:
    """When the same text means something (`[duplicates]`)."""

    boilerplate_departments: int
    boilerplate_share: float
    long_passage: int
    version_share: float
    places_named: int


@dataclass(frozen=True, kw_only=True)
class Versions:
    """Words of file names that tell how far a document has come (`[versions]`)."""

    plain: int
    ranks: tuple[tuple[str, ...], ...]
    copies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IntakeData:
    """The whole of intake.toml."""

    leftover: Leftover
    limits: Limits
    department: Naming
    fingerprints: Fingerprints
    duplicates: Copying
    versions: Versions


@cache
def intake_data() -> IntakeData:
    """The data that ships with the package; read once."""
    return msgspec.convert(tomllib.loads(data_text("intake.toml")), IntakeData)
