"""w:sym: characters of symbol fonts as Unicode, so that a ticked box stays a ticked box."""

_WINGDINGS = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA7: "▪",
    0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xE0: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + i: c for i, c in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■", 0xA3: "□",
    **{0x6A + i: c for i, c in enumerate("①②③④⑤⑥⑦⑧⑨⑩")},
}  # fmt: skip
_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xA8: "♦", 0xAC: "←", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBC: "…", 0xD6: "√",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
UNKNOWN = "□"


def symbol(font: str, code: str) -> str:
    """One character for a w:sym, □ where the glyph has no known one."""
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
    elif number > 0xFF:
        return chr(number) if number <= 0x10FFFF and chr(number).isprintable() else UNKNOWN
    return _FONTS.get(font.lower(), {}).get(number, UNKNOWN)
