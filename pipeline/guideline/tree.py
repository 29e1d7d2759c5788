"""Items become indicators with codes: printed numbers are kept, missing ones get the next free one, twice printed ones
are kept apart and reported."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.guideline.items import Item
from pipeline.guideline.source import squeeze
from pipeline.model import Finding, Indicator
from pipeline.text import fold

_POINTS = re.compile(r"[（(]\s*(?:满分|共|计|本项)?\s*(\d{1,3}(?:\.\d+)?)\s*分\s*[)）]\s*[。；;.]?$")

_BARE = "没有印编号"
_MANY = 5  # so many are named one by one


@dataclass(slots=True)
class _Node:
    item: Item
    children: list["_Node"] = field(default_factory=list)
    figure: int = 0


def build(items: Sequence[Item]) -> tuple[tuple[Indicator, ...], tuple[Finding, ...]]:
    """The indicators in order and what is odd about their numbers. Items below a missing level are not given."""
    roots = _nest(items)
    findings: list[Finding] = []
    _prefixes(roots)
    _figures(roots, findings, "")
    indicators: list[Indicator] = []
    running = 0  # the last third level's figure, for lists that count on from one second level to the next
    for first in roots:
        one = str(first.figure)
        indicators.append(_indicator(first, one, None))
        _figures(first.children, findings, one)
        for second in first.children:
            two = f"{one}.{second.figure}"
            indicators.append(_indicator(second, two, one))
            _figures(second.children, findings, two, running)
            running = second.children[-1].figure if second.children else running
            indicators += [_indicator(third, f"{two}({third.figure})", two) for third in second.children]
    return tuple(indicators), tuple(_gathered(findings))


def _gathered(findings: list[Finding]) -> Iterator[Finding]:
    """Many indicators without number are one habit of the guideline and one finding, not one each."""
    bare = [f for f in findings if f.message.startswith(_BARE)]
    if len(bare) > _MANY:
        codes = "、".join(f.place for f in bare[:_MANY])
        yield Finding(codes, f"{_BARE}，等共{len(bare)}条，都按顺序编了号。", "以后各年请核对编号是否对应。")
    for finding in findings:
        if len(bare) <= _MANY or not finding.message.startswith(_BARE):
            yield finding


def _nest(items: Iterable[Item]) -> list[_Node]:
    """Items under their parents; an upper level that is printed again (on the next page) is the one printed before."""
    roots: list[_Node] = []
    first = second = None
    for item in items:
        if item.level == 1:
            first, second = _enter(roots, item), None
        elif item.level == 2 and first is not None:
            second = _enter(first.children, item)
        elif item.level == 3 and second is not None:
            second.children.append(_Node(item))
    return roots


def _enter(siblings: list[_Node], item: Item) -> _Node:
    for node in siblings:
        if node.item.number == item.number and squeeze(node.item.text) == squeeze(item.text):
            return node
    siblings.append(_Node(item))
    return siblings[-1]


def _indicator(node: _Node, code: str, parent: str | None) -> Indicator:
    text = fold(node.item.text)
    points = node.item.points
    if points is None and (match := _POINTS.search(text)):
        points = float(match[1])
    return Indicator(code, node.item.level, parent, text, points)


def _prefixes(roots: list[_Node]) -> None:
    """A first level without a number takes the figure that its second levels print before theirs."""
    taken = {root.item.number.last for root in roots if root.item.number is not None}
    for root in roots:
        paths = [child.item.number.path for child in root.children if child.item.number is not None]
        upper = {path[0] for path in paths if len(path) == 2}
        if root.item.number is None and len(upper) == 1 and not upper & taken:
            root.figure = upper.pop()
            taken.add(root.figure)


def _figures(nodes: list[_Node], findings: list[Finding], parent: str, running: int = 0) -> None:
    """Gives every node its figure among its siblings, and reports what is doubtful.

    `running`: the figure before these; a list that goes on with it has no gap at its start.
    """
    printed = {n.item.number.last for n in nodes if n.item.number is not None} | {n.figure for n in nodes if n.figure}
    used: set[int] = set()
    previous = 0
    for node in nodes:
        number = node.item.number
        if number is not None and number.last not in used:
            node.figure = number.last
        elif not node.figure or node.figure in used:
            twice = number is not None
            node.figure = _free(previous, printed | used)
            findings.append(_doubt(node, twice, parent))
        used.add(node.figure)
        previous = node.figure
        if number is not None and parent and len(number.path) == node.item.level:
            findings += _misplaced(node, parent)
    figures = [n.figure for n in nodes]
    first = figures[0] if figures and figures[0] == running + 1 else 1
    for missing in sorted(set(range(first, max(figures, default=0))) - set(figures)):
        findings.append(Finding(_code(parent, missing), "编号中断，缺这一个号。", "请核对是漏了一条，还是编号印错。"))
    for before, after in pairwise(figures):
        if after < before:
            findings.append(
                Finding(_code(parent, after), f"排在{_code(parent, before)}之后，编号次序颠倒。", "请核对编号。")
            )


def _free(after: int, taken: set[int]) -> int:
    figure = after + 1
    while figure in taken:
        figure += 1
    return figure


def _code(parent: str, figure: int) -> str:
    if not parent:
        return str(figure)
    return f"{parent}({figure})" if "." in parent else f"{parent}.{figure}"


def _doubt(node: _Node, twice: bool, parent: str) -> Finding:
    code = _code(parent, node.figure)
    if twice:
        number = node.item.number
        printed = _code(parent, number.last) if number is not None else ""
        return Finding(code, f"编号{printed}印了两次，后一条暂编为{code}（{node.item.place}）。", "请核对编号。")
    return Finding(code, f"{_BARE}，按顺序编为{code}（{node.item.place}）。")


def _misplaced(node: _Node, parent: str) -> list[Finding]:
    number = node.item.number
    if number is None:
        return []
    upper = ".".join(str(figure) for figure in number.path[:-1])
    if upper == parent:
        return []
    printed = "-".join(str(figure) for figure in number.path)
    code = _code(parent, node.figure)
    return [Finding(code, f"印的编号是{printed}，却排在{parent}之下，按所在位置编为{code}。", "请核对编号。")]
