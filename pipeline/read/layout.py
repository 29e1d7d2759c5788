"""From sheets to blocks: furniture left out, reading order, paragraphs and tables joined over page ends.

PDF text and recognised scans go the same way from here on. Everything that is left out is counted by name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.model import Locator
from pipeline.read import aligned, columns, grid, tabular
from pipeline.read.block import Block, RecognisedPage
from pipeline.read.furniture import NUMBER, PageLines, contents, furniture
from pipeline.read.grid import Table
from pipeline.read.lines import Line, Measure, Paragraph, lines_of, measure, paragraphs, runs_on
from pipeline.read.sheet import Run, Sheet, width_of
from pipeline.read.tabular import WholeTable
from pipeline.text import unspace, weight

UNEVEN = 0.22  # of the usual em: so far recognised boxes of one size differ among themselves


@dataclass(frozen=True, slots=True)
class Composed:
    """What the pages of one file came to. `head`: running lines of the first page, where a 密级 mark may stand."""

    blocks: tuple[Block, ...]
    skipped: Mapping[str, int]
    head: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Region:
    """One column of one page: its type area and what stands in it, top to bottom."""

    page: int
    area: Measure
    items: tuple[Paragraph | WholeTable, ...]


def recognised_sheet(number: int, width: float, height: float, page: RecognisedPage | None) -> Sheet:
    """The sheet of a page that OCR read; an empty one where it found nothing. `width` and `height` in points."""
    if page is None or not page.width or not page.height:
        return Sheet(number, width, height, recognised=True)
    if (page.width > page.height) != (width > height):
        width, height = height, width  # it was turned upright
    x, y = width / page.width, height / page.height
    runs = [
        Run(line.text, left * x, top * y, right * x, bottom * y, _em(line.text, (right - left) * x, (bottom - top) * y),
            confidence=line.confidence)
        for line in page.lines
        for left, top, right, bottom in [line.box]
        if line.text
    ]  # fmt: skip
    usual = median([run.size for run in runs for _ in run.text]) if runs else 0.0
    even = tuple(run._replace(size=usual) if abs(run.size - usual) < UNEVEN * usual else run for run in runs)
    grids = grid.find([grid.ruling(x0 * x, y0 * y, x1 * x, y1 * y) for x0, y0, x1, y1 in page.rulings])
    return Sheet(number, width, height, even, grids, recognised=True)


def _em(text: str, width: float, height: float) -> float:
    """The em of a recognised line: by its width, which OCR boxes keep better than the height, within reason."""
    by_width = width / max(1.0, width_of(text, 1.0))
    return min(max(by_width, 0.6 * height), height)


def recognised_characters(page: RecognisedPage | None) -> int:
    """The non-blank characters that OCR found on a page."""
    return sum(weight(line.text) for line in page.lines) if page else 0


def compose(sheets: Sequence[Sheet]) -> Composed:
    """The blocks of one file, in reading order."""
    tables: dict[int, list[Table]] = {}
    pages = []
    for sheet in sheets:
        tables[sheet.number], outside = grid.tables(sheet.grids, sheet.runs)
        pages.append(_page_lines(sheet, lines_of(outside), tables[sheet.number]))
    running, listed = furniture(pages), contents(pages)
    if not any(tables.values()) and all(running[page.number].keys() >= set(page.lines) for page in pages):
        running = {number: _numbers(names) for number, names in running.items()}  # heads of nothing are the text
    left_out = {page.number: {**listed.get(page.number, {}), **running[page.number]} for page in pages}
    skipped = Counter[str]()
    for names in left_out.values():
        for line, name in names.items():
            skipped[name] += weight(line.text)
    kept = {p.number: [line for line in p.lines if line not in left_out[p.number]] for p in pages}
    areas = _areas(sheets, kept)
    columns_before: list[Measure] = []
    regions = [
        region
        for sheet in sheets
        for region in _regions(sheet, kept[sheet.number], tables[sheet.number], areas[sheet.number], columns_before)
    ]
    items = _over_page_ends(regions)
    skipped[tabular.REPEATED] = sum(item.skipped for item in items if isinstance(item, WholeTable))
    first = pages[0].number if pages else 0
    head = tuple(line.text for line in running.get(first, {}))
    return Composed(tuple(_blocks(items)), dict(skipped), head)


def _numbers(names: Mapping[Line, str]) -> dict[Line, str]:
    return {line: name for line, name in names.items() if name == NUMBER}


def _page_lines(sheet: Sheet, lines: Sequence[Line], tables: Sequence[Table]) -> PageLines:
    return PageLines(
        number=sheet.number,
        height=sheet.height,
        lines=tuple(lines),
        first=min((table.top for table in tables), default=None),
        last=max((table.bottom for table in tables), default=None),
    )


def _areas(sheets: Sequence[Sheet], lines: Mapping[int, Sequence[Line]]) -> dict[int, Measure]:
    """The type area of each page. Pages of one width share it; a scanned page has its own, if it has enough lines."""
    shared: dict[int, Measure] = {}
    areas = {}
    for sheet in sheets:
        wide = round(sheet.width / 10)
        if wide not in shared:
            alike = [s for s in sheets if round(s.width / 10) == wide]
            shared[wide] = measure([line for s in alike for line in lines[s.number]], sheet.width)
        own = sheet.recognised and len(lines[sheet.number]) > 8
        areas[sheet.number] = measure(lines[sheet.number], sheet.width) if own else shared[wide]
    return areas


def _regions(
    sheet: Sheet, lines: Sequence[Line], tables: Sequence[Table], area: Measure, columns_before: list[Measure]
) -> list[_Region]:
    """The page's columns, in reading order. Ruled tables part it from side to side."""
    regions: list[_Region] = []
    waiting = list(lines)
    for table in tables:
        above = [line for line in waiting if line.top < table.top]
        waiting = [line for line in waiting if line.top >= table.top]
        regions += _bands(sheet, above, area, columns_before)
        if table.rows:
            regions.append(_Region(sheet.number, area, (tabular.whole(table.rows, table.xs, sheet.number),)))
    return regions + _bands(sheet, waiting, area, columns_before)


def _bands(sheet: Sheet, lines: Sequence[Line], area: Measure, columns_before: list[Measure]) -> list[_Region]:
    regions = []
    for band, column in columns.in_reading_order(lines):
        own = measure(band, sheet.width, column=True) if column else _column_again(band, columns_before) or area
        if column:
            columns_before.append(own)
        regions.append(_Region(sheet.number, own, tuple(_items(band, own, sheet.number))))
    return regions


def _column_again(lines: Sequence[Line], columns_before: Sequence[Measure]) -> Measure | None:
    """The column of an earlier page that all these lines keep to: the last page often fills only its first one."""
    for area in columns_before:
        if all(line.x0 > area.left - area.size and line.x1 < area.right + area.size for line in lines):
            return area
    return None


def _items(lines: Sequence[Line], area: Measure, page: int) -> list[Paragraph | WholeTable]:
    """Paragraphs, and the tables without rules between them."""
    items: list[Paragraph | WholeTable] = []
    done = 0
    for found in aligned.find(lines, area):
        items += paragraphs(lines[done : found.first], area, page)
        items.append(tabular.whole(found.table.rows, found.table.xs, page, ruled=False))
        done = found.end
    return items + paragraphs(lines[done:], area, page)


def _over_page_ends(regions: Sequence[_Region]) -> list[Paragraph | WholeTable]:
    """All items in order; what a page or column end cut in two is one again."""
    items: list[Paragraph | WholeTable] = []
    before: _Region | None = None
    for region in regions:
        rest = list(region.items)
        while items and before and rest:
            joined = _joined(items[-1], rest[0], before.area, region.area)
            if joined is None:
                break
            items[-1] = joined
            rest = rest[1:]
        items += rest
        before = region
    return items


def _joined(
    last: Paragraph | WholeTable, first: Paragraph | WholeTable, before: Measure, after: Measure
) -> Paragraph | WholeTable | None:
    if isinstance(last, WholeTable) and isinstance(first, WholeTable):
        return tabular.joined(last, first) if tabular.goes_on(last, first) else None
    if isinstance(last, WholeTable) and isinstance(first, Paragraph) and not last.ruled:
        line = first.lines[0]
        return tabular.with_rest_of_cell(last, first.text, first.page, line.x0, line.x1)
    if isinstance(last, Paragraph) and isinstance(first, Paragraph) and not last.whole and not first.whole:
        same_size = abs(last.lines[-1].size - first.lines[0].size) < 0.15 * before.size
        if same_size and runs_on(last.lines, first.lines[0], before, after):
            return Paragraph(last.lines + first.lines, last.page, prominent=last.prominent)
    return None


def _blocks(items: Sequence[Paragraph | WholeTable]) -> list[Block]:
    made: list[Block] = []
    tables = 0
    for item in items:
        if isinstance(item, WholeTable):
            tables += 1
            made += tabular.blocks(item, tables)
        else:
            made.append(_block(item))
    return made


def _block(paragraph: Paragraph) -> Block:
    known = [(line.confidence, len(line.text)) for line in paragraph.lines if line.confidence is not None]
    text = paragraph.text
    return Block(
        text=unspace(text) if known else text,
        locator=Locator(page=paragraph.page),
        prominent=paragraph.prominent,
        ocr=round(sum(c * n for c, n in known) / sum(n for _, n in known), 4) if known else None,
        whole=paragraph.whole,
    )
