"""Bars as one SVG picture, plain enough for a README: no library, no script, the same figures give the same bytes."""

from collections.abc import Sequence
from html import escape

_BAR, _GAP, _LEFT, _WIDE = 18, 6, 250, 330
_INK, _QUIET, _OURS, _OTHERS = "#222222", "#666666", "#b3261e", "#9aa5b1"


def bars(panels: Sequence[tuple[str, Sequence[tuple[str, float, str, bool]]]]) -> str:
    """Panels of bars: a title, and for each bar its name, its length's figure, the words at its end, whether it is ours."""
    parts: list[str] = []
    top = 10
    for title, rows in panels:
        top += 20
        parts.append(f'<text x="10" y="{top}" font-weight="bold" fill="{_INK}">{escape(title)}</text>')
        top += 10
        longest = max((value for _, value, _, _ in rows), default=0.0) or 1.0
        for name, value, words, ours in rows:
            length = max(1.0, _WIDE * value / longest)
            middle = top + _BAR - 5
            parts.append(f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end" fill="{_INK}">{escape(name)}</text>')
            colour = _OURS if ours else _OTHERS
            parts.append(f'<rect x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" fill="{colour}"/>')
            parts.append(f'<text x="{_LEFT + length + 6:.1f}" y="{middle}" fill="{_QUIET}">{escape(words)}</text>')
            top += _BAR + _GAP
        top += 10
    size = f'width="{_LEFT + _WIDE + 150}" height="{top}"'
    style = 'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="13"'
    ground = '<rect width="100%" height="100%" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{ground}\n' + "\n".join(parts) + "\n</svg>\n"
