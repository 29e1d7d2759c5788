"""A guideline as JSON, as a tree on the screen, and the changes between two as a table there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.guideline.check import check
from pipeline.guideline.diff import requirement_words
from pipeline.guideline.diff_word import LABELS, summary
from pipeline.model import Change, Guideline, Indicator, Requirement

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_STYLES = {"-": "red strike", "+": "green underline", "=": ""}
_MARKS = {"-": "删：", "+": "增："}
_CONTEXT = 8  # characters of unchanged text shown on either side of a change


def as_json(guideline: Guideline) -> dict[str, Any]:
    """guideline.json as the contract has it (a requirement's subject and accepted corrections besides)."""
    return {
        "title": guideline.title,
        "indicators": [_indicator(indicator) for indicator in guideline.indicators],
        "findings": [{"place": f.place, "message": f.message + f.suggestion} for f in check(guideline)],
        "corrections": list(guideline.corrections),
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "level": indicator.level,
        "parent": indicator.parent,
        "text": indicator.text,
        "full": indicator.full,
        "requirements": [
            {
                "id": r.id,
                "kind": r.kind,
                "period": r.period,
                "minimum": r.minimum,
                "unit": r.unit,
                "text": r.text,
                "subject": r.subject,
            }
            for r in indicator.requirements
        ],
    }


def show_text(guideline: Guideline, console: "Console | None" = None) -> None:
    """Prints the tree: codes, words, points, and under each third level what has to be counted."""
    from rich.text import Text
    from rich.tree import Tree

    console = console or _console()
    tree = Tree(Text(guideline.title or "（没有标题）", style="bold"))
    for first in (i for i in guideline.indicators if i.level == 1):
        branch = tree.add(_label(first, "bold cyan"))
        for second in guideline.children(first.code):
            twig = branch.add(_label(second, "cyan"))
            for third in guideline.children(second.code):
                leaf = twig.add(_label(third, ""))
                for requirement in third.requirements:
                    leaf.add(_asked(requirement))
    console.print(tree)
    levels = [sum(i.level == level for i in guideline.indicators) for level in (1, 2, 3)]
    required = sum(len(i.requirements) for i in guideline.indicators)
    console.print(f"一级{levels[0]}项，二级{levels[1]}项，三级{levels[2]}项；可以计数的要求{required}条。")
    for sentence in guideline.corrections:
        console.print(Text(sentence))
    if found := check(guideline):
        console.print(f"指南本身有{len(found)}处可疑，详见 shuangchuang guideline check。")


def _asked(requirement: Requirement) -> "Table":
    """What is to be counted, and the guideline's words that say so: the mark tells it from the text without colours."""
    from rich.text import Text

    words = Text.assemble((requirement_words(requirement), "bold yellow"), (f"：{requirement.text}", "dim"))
    return _beside(Text("▶", "yellow"), words)


def _label(indicator: Indicator, style: str) -> "Table":
    """Code and words."""
    from rich.text import Text

    points = f"　{indicator.full:g}分" if indicator.full is not None else ""
    return _beside(Text(indicator.code, "bold"), Text.assemble((indicator.text, style), (points, "magenta")))


def _beside(mark: "Text", words: "Text") -> "Table":
    """A mark and words side by side, so that long words wrap beside the mark and not below it."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, words)
    return grid


def diff_text(changes: Sequence[Change], console: "Console | None" = None) -> None:
    """Prints a table of all changes but the unchanged, and their counts."""
    from rich.table import Table
    from rich.text import Text

    console = console or _console()
    table = Table(show_lines=True)
    for name in ("原编号", "新编号", "变化", "文字", "次数和数量"):
        wide = name in ("文字", "次数和数量")
        table.add_column(name, no_wrap=not wide, overflow="fold", ratio={"文字": 3, "次数和数量": 2}.get(name))
    for change in changes:
        if change.change != "same":
            table.add_row(
                change.old or "—",
                change.new or "—",
                LABELS[change.change],
                _pieces(change),
                Text("\n".join(change.minimums)),
            )
    if table.rows:
        console.print(table)
    console.print(f"三级指标：{summary(changes)}")


def _pieces(change: Change) -> "Text":
    """The words that changed, marked so that they show without colours too, with a little around them."""
    from rich.text import Text

    text = Text()
    for index, (kind, words) in enumerate(change.words):
        if kind == "=" and len(words) > 2 * _CONTEXT:
            head = words[:_CONTEXT] if index else ""
            tail = words[-_CONTEXT:] if index + 1 < len(change.words) else ""
            words = f"{head}…{tail}" if head or tail else words
        whole = len(change.words) == 1
        text.append(words if kind == "=" or whole else f"〔{_MARKS[kind]}{words}〕", _STYLES[kind])
    return text


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)
