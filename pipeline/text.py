"""Small pure functions on text that every stage shares."""

import hashlib
import re
import unicodedata

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_WITH_UNITS = re.compile(
    "(?:[一二两三四五六七八九]千)?零?(?:[一二两三四五六七八九]百)?零?(?:[一二三四五六七八九]?十)?零?[一二三四五六七八九]?"
)
_CJK = r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SPACE_IN_CHINESE = re.compile(rf"(?<={_CJK})[ \t\u3000]+(?={_CJK})")


def fold(text: str) -> str:
    """White space folded: any run of it is one blank, none at the ends. Nothing else changes."""
    return " ".join(text.split())


def unspace(text: str) -> str:
    """Blanks between Chinese characters removed, as OCR and justified lines leave them."""
    return _SPACE_IN_CHINESE.sub("", fold(text))


def normal(text: str) -> str:
    """Letters, digits and Chinese characters only, NFKC, lower case: what survives re-typing and re-saving."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c)[0] in "LN")


def fingerprint(text: str) -> str:
    """16 hex digits that name a text by its `normal` form."""
    return hashlib.sha256(normal(text).encode()).hexdigest()[:16]


def weight(text: str) -> int:
    """How many characters the ledger counts: all but white space."""
    return len("".join(text.split()))


def number(text: str) -> int | None:
    """A whole number in digits or in Chinese numerals: 24, ２４, 二〇二四, 十二, 一百零五, 两; None where it is none."""
    text = text.strip()
    if text.isdecimal():
        return int(text)
    if text and all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    return chinese_figure(text) if text and _WITH_UNITS.fullmatch(text) else None


def chinese_figure(text: str) -> int:
    """A Chinese numeral up to the thousands (十二, 一百零五, 两) as a number."""
    total = current = 0
    for sign in text:
        if sign in _UNITS:
            total += (current or 1) * _UNITS[sign]
            current = 0
        else:
            current = _DIGITS[sign]
    return total + current
