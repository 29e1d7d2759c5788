"""What a run was asked to do, and the figures it works with.

Options of the command line become one frozen `Options`. Figures (thresholds, limits, lengths, weights) are data:
`pipeline/data/settings.toml` holds the defaults with a reason beside each, `inputs/settings.toml` of a workspace
overrides single ones. Each table of that file is one dataclass here; an unknown name or a wrong type is refused.
"""

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import UnusableOption


@dataclass(frozen=True)
class Options:
    """The command line of `run`, nothing else."""

    workspace: Path
    year: int | None = None
    jobs: int = 0  # 0: as many as the machine has cores
    cluster: str | None = None
    final: bool = False
    fresh: bool = False
    without_decisions: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Limits and thresholds of reading (`[reading]`)."""

    seconds_per_file: float
    seconds_per_ocr_page: float
    memory_mib: int
    archive_depth: int
    archive_members: int
    archive_mib: int
    archive_ratio: float
    office_part_mib: int
    docx_picture_kib: int
    docx_picture_text: int
    ocr: bool
    ocr_scale_dpi: int
    ocr_threads: int
    image_megapixels: int
    pdf_pages: int
    page_glyphs: int
    page_objects: int
    watch_settle_ms: int


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """When two texts are called the same (`[duplicates]`)."""

    near_share: float


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """When a filing needs no person (`[mapping]`)."""

    accept: float
    none: float


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """What is masked (`[privacy]`)."""

    mask: list[str]


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Lengths and choices of the documents (`[writing]`)."""

    summary_characters: int
    share_profile: float
    share_results: float
    share_problems: float
    share_plans: float
    least_quote: int
    quotes_per_indicator: int
    same_share: float
    thin_problems: int
    doubtful_in_word: int
    dates_in_sentence: int


@dataclass(frozen=True, kw_only=True)
class Review:
    """When a text is the one that a person decided about (`[review]`)."""

    alike: float
    alike_scanned: float
    change: int
    lead: float
    share: float
    share_of_words: float
    least_characters: int
    least_piece: int
    against: float
    leaning: float
    rewritten: float


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All figures of a run."""

    reading: Reading
    duplicates: Duplicates
    mapping: Mapping
    privacy: Privacy
    writing: Writing
    review: Review


def data_text(name: str) -> str:
    """A data file that ships with the package, as text."""
    return resources.files("pipeline").joinpath("data", name).read_text(encoding="utf-8")


def load_settings(override: Path | None = None) -> Settings:
    """The defaults, with the workspace's own figures over them; raises UnusableOption naming the entry."""
    tables: dict[str, Any] = tomllib.loads(data_text("settings.toml"))
    if override is not None and override.is_file():
        try:
            own = tomllib.loads(override.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnusableOption(
                f"inputs/settings.toml 不是有效的设置文件（{error}）：请改正后重试，或删去它用默认值。"
            ) from error
        for section, values in own.items():
            if section not in tables or not isinstance(values, dict):
                raise UnusableOption(f"inputs/settings.toml 里的“{section}”不是已知的一节：请对照说明改正，或删去。")
            for name, value in values.items():
                if name not in tables[section]:
                    raise UnusableOption(f"inputs/settings.toml 的 [{section}] 里没有“{name}”这一项：请对照说明改正。")
                tables[section][name] = value
    try:
        return msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        raise UnusableOption(f"inputs/settings.toml 里有一个值的类型不对（{error}）：请对照说明改正。") from error
