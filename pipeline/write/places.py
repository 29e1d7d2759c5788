"""Names of files and places as the documents print them, in forms that can be traced back."""

import re
from collections.abc import Iterable, Sequence

from pipeline.model import Evidence, Locator
from pipeline.text import weight
from pipeline.write.quote import clean, tidy
from pipeline.write.words import file_name

_LONGEST_NAME = 110
_LONGEST_CITED = 50  # a reference is read as one up to eighty characters on either side
_BRACKETS = str.maketrans("（）()〔〕【】[]", "〈〉〈〉〈〉〈〉〈〉")
_ENDS = re.compile(r"[。！？；!?]")  # in a name, they would end the sentence that names it
_UNIT_COLUMN = re.compile(r"责任(?:单位|部门|人|主体)|承办(?:单位|部门)|牵头(?:单位|部门|人)")


def shown_name(path: str) -> str:
    """A file below its department's folder; a very long path keeps its end."""
    name = _ENDS.sub("，", clean(file_name(path)).replace("!/", "/"))
    return name if len(name) <= _LONGEST_NAME else name[-_LONGEST_NAME:]


def cited_place(evidence: Evidence) -> str:
    """File and place of one passage, fit to stand inside the brackets of a reference: 总结.docx，第3页."""
    name = shown_name(evidence.source).rsplit("/", 1)[-1][-_LONGEST_CITED:]
    place = evidence.locator.chinese()[-_LONGEST_CITED:]
    return _ENDS.sub("，", clean(f"{name}，{place}" if place else name)).translate(_BRACKETS)


def places(locators: Iterable[Locator]) -> str:
    """Where in one file: 第2页、第5页; “三会一课”第3行. Bracketed, so that a reader takes each list for one reference."""
    listed: dict[str, list[str]] = {}
    for locator in sorted(set(locators), key=_order):
        head, tail = _piece(locator)
        if tail and tail not in listed.setdefault(head, []):
            listed[head].append(tail)
    groups = [head + "、".join(tails) for head, tails in listed.items()]
    return "".join(_bracketed(group) for group in groups)


def _bracketed(group: str) -> str:
    """One bracket for each sixty characters of a long list."""
    pieces, lines = group.split("、"), [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > 60:
            lines.append("")
        lines[-1] += ("、" if lines[-1] else "") + piece
    if len(lines) == 1 and weight(lines[0]) < 8:
        return lines[0]
    return "".join(f"（{line}）" for line in lines)


def _piece(locator: Locator) -> tuple[str, str]:
    if locator.sheet is not None:
        sheet = f"“{_ENDS.sub('，', clean(locator.sheet)).translate(_BRACKETS)[:30]}”"
        return sheet, f"第{locator.row}行" if locator.row else ""
    if locator.page is not None:
        return "", f"第{locator.page}页"
    if locator.table is not None:
        return "", f"表{locator.table}第{locator.row}行" if locator.row else f"表{locator.table}"
    return "", f"第{locator.paragraph}段" if locator.paragraph is not None else ""


def _order(locator: Locator) -> tuple[str, int, int, int, int]:
    return (locator.sheet or "", locator.page or 0, locator.table or 0, locator.row or 0, locator.paragraph or 0)


def source_of(evidence: Evidence) -> str:
    """File and place of one passage: 台账/三会一课.xlsx（“党员大会”第3行）."""
    where = places([evidence.locator])
    return shown_name(evidence.source) + (where if where.startswith("（") or not where else f"（{where}）")


def brief_source(evidence: Evidence) -> str:
    """As `source_of`, the file by its own name alone."""
    return source_of(evidence).rsplit("/", 1)[-1]


def responsible(evidence: Sequence[Evidence]) -> str:
    """The responsible unit that a table column names, where one does."""
    for item in evidence:
        cells = item.text.split(" | ")
        if item.columns is not None and len(item.columns) == len(cells):
            for column, cell in zip(item.columns, cells, strict=True):
                if _UNIT_COLUMN.search(column) and cell:
                    return tidy(cell)
    return ""
