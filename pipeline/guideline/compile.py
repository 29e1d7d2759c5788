"""From a source to the compiled guideline: tables if they name levels, else the paragraphs, else a refusal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import UnusableGuideline
from pipeline.guideline.columns import Columns, distinct, find_columns, with_numbers
from pipeline.guideline.editions import Named, newest, starts
from pipeline.guideline.items import Item
from pipeline.guideline.numbering import leading
from pipeline.guideline.outline import read_outline
from pipeline.guideline.source import Grid, Line, Source, squeeze
from pipeline.guideline.table import TableReader
from pipeline.guideline.words import column_role, finished, is_note, is_page_mark, words
from pipeline.model import Finding

NO_GUIDELINE = "这份文件不是一、二、三级指标的指南（没有找到三级指标）：请放入学校印发的工作重点任务指南，表格或按“一、（一）1.”分级的正文均可。"
TWO_LEVELS = "这份指南只有两级指标，没有三级指标：请放入列有一级、二级、三级指标的完整指南。"
EMPTY = "指南文件里没有文字：请确认放入的是完整的指南；如果是扫描件，请换成 Word 原件或可以复制文字的 PDF。"
UNRULED = "PDF 里的表格没有框线，分不清各栏：请换成 Word 或 Excel 原件，或给表格加上框线后重新导出。"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CN_YEAR = re.compile(r"二[〇○零Oo０0][一二三四五六七八九〇○零]{2}")
_ATTACHED = re.compile(r"附\s*[件表]?\s*[\d一二三四五六七八九十]*\s*[:：]?")
_TITLE_LENGTH = 60  # a title's line is at most that long; sentences of an introduction are longer or end in 。


@dataclass(frozen=True, slots=True)
class Draft:
    """What a source says, before codes are given."""

    title: str
    year: int | None
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]


def draft_of(source: Source) -> Draft:
    """Title and items of a source; raises UnusableGuideline where it is no three-level guideline."""
    if not any(_texts(block) for block in source.blocks):
        raise UnusableGuideline(EMPTY)
    tables = _tables(source)
    if tables is not None and _complete(tables.items):
        return tables
    if any(columns.named for _, _, columns in _mapped(source)):
        raise UnusableGuideline(TWO_LEVELS)  # the header names levels, and the third is not there
    lines = _lines(source)
    outline = _paragraphs(lines)
    if outline is not None and _complete(outline.items):
        return outline
    if source.page_cuts and any(_names_levels(line.text) for line in lines):
        raise UnusableGuideline(UNRULED)
    raise UnusableGuideline(_refusal(lines))


def _names_levels(text: str) -> bool:
    """Whether a line is a table's header: 一级指标 二级指标 三级指标."""
    return sum(column_role(word) in ("level1", "level2", "level3") for word in text.split()) > 1


def _texts(block: Line | Grid) -> list[str]:
    if isinstance(block, Line):
        return [block.text]
    return [cell.text for row in block.rows for cell in distinct(row)]


def _complete(items: Sequence[Item]) -> bool:
    levels = [item.level for item in items]
    return levels.count(1) >= 1 and levels.count(2) >= 1 and levels.count(3) >= words().limits.minimum_thirds


# ---------------------------------------------------------------- tables


def _mapped(source: Source) -> list[tuple[int, Grid, Columns]]:
    """The grids whose columns are levels; once a header names levels outright, the others are other tables."""
    mapped: list[tuple[int, Grid, Columns]] = []
    before: Columns | None = None
    for index, block in enumerate(source.blocks):
        if isinstance(block, Grid):
            grid = with_numbers(block)
            columns = find_columns(grid, before)
            if columns is not None:
                mapped.append((index, grid, columns))
                before = columns
    if any(columns.named for _, _, columns in mapped):
        mapped = [entry for entry in mapped if entry[2].named]
    with_thirds = [entry for entry in mapped if 3 in entry[2].levels]
    return with_thirds or mapped


def _tables(source: Source) -> Draft | None:
    mapped = _mapped(source)
    if not mapped:
        return None
    alone = [_read_tables(source, [entry], 0) for entry in mapped]
    begins = starts([draft.items for draft in alone])
    editions: list[tuple[Draft, str]] = []
    end = 0
    for begin, stop in zip(begins, [*begins[1:], len(mapped)], strict=True):
        part = mapped[begin:stop]
        editions.append((_read_tables(source, part, end), part[0][1].name))
        end = part[-1][0] + 1
    (draft, _), left = newest(editions, _named) if len(editions) > 1 else (editions[0], ())
    if not mapped[0][2].named and not _believable(draft.title, draft.items):
        return None
    return replace(draft, findings=(*left, *draft.findings))


def _named(edition: tuple[Draft, str]) -> Named:
    """Title and year; a sheet may have its year in its name only, and two sheets with one title go by their names."""
    draft, sheet = edition
    own = year_of(sheet)
    return Named(sheet if own is not None else draft.title or sheet, own if own is not None else draft.year)


def _read_tables(source: Source, mapped: Sequence[tuple[int, Grid, Columns]], start: int) -> Draft:
    """The grids of one edition; `start` is the block after the edition before it."""
    reader = TableReader(page_cuts=source.page_cuts)
    first, grid, columns = mapped[0]
    above = [cell.text for row in grid.rows[: min(columns.header, default=0)] for cell in distinct(row)]
    lines = [block.text for block in source.blocks[start:first] if isinstance(block, Line)]
    title = title_of([*lines, *above])
    end = start
    for index, grid, columns in mapped:
        if 1 not in columns.levels and not reader.has_banners(grid, columns):
            between = [b for b in source.blocks[end:index] if isinstance(b, Line)]
            _headings(reader, [line for line in between if line.text not in title])
        reader.read(grid, columns)
        end = index + 1
    return Draft(title, year_of(title), tuple(reader.result()), tuple(reader.findings))


def _headings(reader: TableReader, lines: list[Line]) -> None:
    """First levels as paragraphs above their tables: the numbered ones, else the last line before the table."""
    numbered = [line for line in lines if leading(line.text) is not None and not finished(line.text)]
    for line in numbered[-1:] or [line for line in lines[-1:] if not is_note(line.text) and not finished(line.text)]:
        reader.heading(line.text, line.place)


# ---------------------------------------------------------------- paragraphs


def _lines(source: Source) -> list[Line]:
    """Paragraphs in order; a table that is only a frame around text (one cell a row) counts as paragraphs too."""
    lines: list[Line] = []
    for block in source.blocks:
        if isinstance(block, Line):
            lines.append(block)
        elif sum(len(distinct(row)) > 1 for row in block.rows) * 4 <= len(block.rows):
            lines += [Line(text, cell.place) for row in block.rows for cell in distinct(row) for text in cell.lines]
    return lines


def _paragraphs(lines: Sequence[Line]) -> Draft | None:
    """The guideline in `lines`; where several stand one after another, each under its title, the newest of them."""
    begins = [i for i, line in enumerate(lines) if i and _opens_another(line.text)]
    parts = [lines[a:b] for a, b in zip([0, *begins], [*begins, len(lines)], strict=True)]
    drafts = [draft for part in parts if (draft := _paragraphs_of(part)) is not None and _complete(draft.items)]
    if len(drafts) > 1 and len(starts([draft.items for draft in drafts])) == len(drafts):
        chosen, left = newest(drafts, lambda one: Named(one.title, one.year))
        return replace(chosen, findings=(*left, *chosen.findings))
    return _paragraphs_of(lines)


def _opens_another(text: str) -> bool:
    """附件2, or a title."""
    if _ATTACHED.fullmatch(text.strip()) is not None:
        return True
    named = any(squeeze(text).endswith(word) for word in words().title.guideline)
    return named and _may_be_title(text) and leading(text) is None


def _paragraphs_of(lines: Sequence[Line]) -> Draft | None:
    outline = read_outline(lines)
    if outline is None:
        return None
    title = title_of(outline.above)
    if not _believable(title, outline.items):
        return None
    return Draft(title, year_of(title), outline.items, outline.findings)


# ---------------------------------------------------------------- title and belief


def title_of(lines: Sequence[str]) -> str:
    """The title among the lines above the first indicator: the one that names a guideline, with its other half."""
    short = [line for line in lines if _may_be_title(line)]
    if not short:
        return ""
    ends = [i for i, line in enumerate(short) if any(word in line for word in words().title.guideline)]
    own = [i for i in ends if not _ends_otherwise(squeeze(short[i]))]
    end = (own or ends or [0])[0]
    start = end
    while start > 0 and _first_half(short[start - 1]) and _YEAR.search(short[end]) is None:
        start -= 1
    while end + 1 < len(short) and _second_half(short[end], short[end + 1]):
        end += 1
    title = "".join(line.strip() for line in short[start : end + 1])
    issued = re.search(r"印发.{0,4}《(.+)》", title)  # 关于印发《…指南》的通知
    return issued[1] if issued and not own else title


def _may_be_title(line: str) -> bool:
    text = line.strip()
    return (
        bool(text)
        and len(text) <= _TITLE_LENGTH
        and not text.endswith(("。", "；", "：", ":"))
        and not is_page_mark(text)
        and not is_note(text)
        and _ATTACHED.fullmatch(text) is None
    )


def _first_half(line: str) -> bool:
    return _YEAR.search(line) is not None or line.rstrip().endswith(
        ("大学", "学院", "学校", "党委", "委员会", "“双创”", "党建")
    )


def _second_half(line: str, following: str) -> bool:
    """A title broken over two lines, or followed by the kind of unit in brackets."""
    if sum(map(line.count, "（(《“")) > sum(map(line.count, "）)》”")):
        return True  # broken within brackets
    if re.fullmatch(r"[(（].{1,24}[)）]", following.strip()):
        return True
    return not any(word in line for word in words().title.guideline) and any(
        word in following for word in words().title.guideline
    )


def year_of(title: str) -> int | None:
    """The year in the title, in Western or Chinese figures."""
    if match := _YEAR.search(title):
        return int(match[1])
    if match := _CN_YEAR.search(title):
        return 2000 + int(
            "".join(str("〇一二三四五六七八九".find(c) if c in "一二三四五六七八九" else 0) for c in match[0][2:])
        )
    return None


def _believable(title: str, items: Sequence[Item]) -> bool:
    """Whether numbered text without named levels is a guideline: its title says so, and its three levels are full."""
    name = squeeze(title)
    if _called_otherwise(name) or not any(word in name for word in words().title.guideline):
        return False
    levels = [item.level for item in items]
    return levels.count(1) >= 2 and levels.count(3) >= levels.count(2) >= levels.count(1)


def _refusal(lines: Sequence[Line]) -> str:
    """Two levels only, or no guideline at all."""
    numbered = [number for line in lines if (number := leading(line.text)) is not None]
    first = next((i for i, line in enumerate(lines) if leading(line.text) is not None), 0)
    title = squeeze(title_of([line.text for line in lines[:first]]))
    if len({n.scheme for n in numbered}) == 2 and any(word in title for word in words().title.guideline):
        return NO_GUIDELINE if _called_otherwise(title) else TWO_LEVELS
    return NO_GUIDELINE


def _called_otherwise(name: str) -> bool:
    """通知, 总结 and the like at a title's end; 关于印发…指南的通知 carries the guideline with it."""
    return _ends_otherwise(name) and "印发" not in name


def _ends_otherwise(name: str) -> bool:
    return re.search(rf"(?:{'|'.join(words().title.other)})(?:[（(].*)?$", name) is not None
