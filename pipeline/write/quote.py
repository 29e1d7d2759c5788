"""A department's own words as they are printed: cut at sentence ends, heading numbers dropped, nothing else changed.

What is printed stands, white space and punctuation aside, in the passage that it is taken from; `stands` proves it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.model import Evidence
from pipeline.text import normal, unspace, weight
from pipeline.write import choice

_NUMERALS = "〇零一二三四五六七八九十百"
# 一、 （一） 1. （1） ① 第一， and codes such as 1.1(2) that a passage carries as its heading number
_NUMBER = re.compile(
    rf"^(?:第?[{_NUMERALS}]+\s*[、.．](?![{_NUMERALS}]+(?:年级|季度|月|批|期|组|类|支部|流))"
    rf"|[（(]\s*[{_NUMERALS}]+\s*[)）]|[（(]\s*\d{{1,2}}\s*[)）]|\d{{1,2}}\s*[、)）]|\d{{1,2}}[.．](?!\d)"
    r"|\d[.．]\d{1,2}\s*[（(]\s*\d{1,2}\s*[)）]\s*[、.．:：]?|[①-⑳]|[•·●○■□◆◇▪✓√-]\s)\s*"
)
_LEVEL = re.compile(rf"^(?:[{_NUMERALS}]+、|[（(][{_NUMERALS}]+[)）])")
_ENDS = re.compile(r"(?<=[。！？!?])(?![”’」』》）)])|(?<=[。！？!?][”’」』》）)])")
_PIECES = re.compile(r"(?<=[。！？；!?])")
_BRACKETED = re.compile(r"[〔\[【(（][^〔\[【(（〕\]】)）]*[〕\]】)）]")
_CITING = re.compile(r"\d+-\d+-\d+-\d+|审-\d+|第\d+[页行段]|\.(?:docx?|pdf|xlsx?|wps|zip|jpg|png)")
_CJK = r"[\u3400-\u9fff”’》）]"
_HALF = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF_MARK = re.compile(rf"(?<={_CJK})\s*([,;:?!])\s*")
_BARE = re.compile(r"[\d\s.,，、/%％*＊\-—–~～:：]*")
_DATE_CELL = re.compile(r"(?:20\d\d\s*[-./年]\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
# a sentence that begins so leans on the one before it
LEANING = re.compile(
    r"^(?:其中|其[他它余次]|另外?|此外|同时|但|而|却|并|且|也|还|又|再|这|那|该|此|上述|以上|为此|因此|所以|于是|随后|之后|然后|会后"
    r"|当[晚天日时]|[他她它]|有的|不少|[“‘，、]|[二三四五六七八九]是|最后|对此|接着|结果|剩下?|余下|后来|会上|同期|同样|由此|从此|决议|决定|同意|对方"
    r"|[^，。；：]{0,16}(?:该(?:说法|做法|帖|事|项|支部|同志|生)|上述|此(?:事|项|举)))"
)
_BEFORE = re.compile(
    r"^(?:原先|原来|以前|以往|过去|去年|此前|之前|一开始|起初)"
)  # tells what was, and why it had to change
_SAYING = re.compile(r"^[\u3400-\u9fff]{2,8}：")  # 贺院长：… is a note of who said it
_BROKEN_OFF = re.compile(r"(?:…|\.{3})[”’」』》）)]?[。]?$")
_DOING = re.compile(
    "组织|开展|召开|举办|制定|修订|建立|完成|落实|推进|整改|培训|选派|研究|审议|传达|学习|走访|帮扶|评选|选举|发展|培养|检查|配备|成立|签订|解决|宣讲"
)
_LACKING = re.compile("没有|未[^来必]|不足|不够|不清|空白|滞后|偏[少低弱]|说[：:。]?$|抱怨|议论|有人")
REVIEWED = "inputs/decisions.xlsx"  # the source of what a reviewer wrote
_LEAST = 14  # characters; a shorter text is a title or a label
_SERIAL = re.compile(r"\d{1,3}")
_MARKS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def clean(text: str) -> str:
    """Characters that XML forbids, that turn or hide text, or that the writers use as marks, taken out."""
    return _MARKS.sub("", text)


def unnumbered(text: str) -> str:
    """The text without the heading number it begins with: 一、 （一） 1. （1）."""
    before = None
    while before != text:
        before, text = text, _NUMBER.sub("", text, count=1)
    return text or before


def printed(text: str) -> str:
    """A passage as it is printed whole: one line, without its heading number, Chinese punctuation in Chinese text."""
    return tidy(unnumbered(unspace(clean(text))))


def unnumbered_row(text: str) -> str:
    """A table row as it is read aloud: its cells between commas, without the serial number in front; prose as it is."""
    cells = [cell.strip() for cell in text.split(" | ")]
    if len(cells) > 1 and _SERIAL.fullmatch(cells[0]):
        cells.pop(0)
    return "，".join(cell.rstrip("。；，") for cell in cells if cell) if len(cells) > 1 else cells[0]


def tidy(text: str) -> str:
    """Chinese punctuation in Chinese text, references in brackets in one piece."""
    text = _HALF_MARK.sub(lambda match: _HALF[match[1]], unspace(clean(text)))
    return _BRACKETED.sub(_whole_reference, text)


def _whole_reference(match: re.Match[str]) -> str:
    """A bracketed reference is one piece: a sentence end inside it would tear it apart."""
    return re.sub(r"[。；！？!?]", "，", match[0]) if _CITING.search(match[0]) else match[0]


def ended(text: str) -> str:
    """The text with a full stop where it has no end mark of its own."""
    return text if re.search(r"[。！？；!?…][”’」』》）)]?$", text) else text.rstrip("，、；：,;: ") + "。"


def fenced(text: str, words: str | None = None) -> str:
    """The text in quotation marks where it would begin like a heading (一、二年级 …); `words`: it without its marks."""
    return f"“{text}”" if _LEVEL.match(words if words is not None else text) else text


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a printed passage."""
    return tuple(piece.strip() for piece in _ENDS.split(text) if weight(piece))


def stands(part: str, whole: str) -> bool:
    """Whether every piece of `part` stands in `whole`, white space and punctuation aside."""
    ground = normal(whole)
    return all(normal(piece) in ground for piece in _PIECES.split(part))


def opening(text: str, length: int) -> str:
    """The first words of a passage, to find it by."""
    text = printed(text)
    reference = next((m.start() for m in _BRACKETED.finditer(text) if _CITING.search(m[0])), len(text))
    head = text[: min(length, reference or length)]
    return head if len(head) == len(text) else head + "…"


@dataclass(frozen=True, slots=True)
class Words:
    """What of one passage can be quoted: its sentences, in order.

    `row`: it was a row of a table, told cell by cell; `day` is then the ISO date of its first cell, which `sentences` leave out.
    """

    evidence: Evidence
    sentences: tuple[str, ...]
    row: bool = False
    day: str = ""
    whole: bool = False  # a reviewer's own sentence: never cut, never left out

    @property
    def leaning(self) -> bool:
        """Whether it begins as if something stood before it (以上、其中、她 …)."""
        return LEANING.match(self.sentences[0]) is not None

    @property
    def lacking(self) -> bool:
        """Whether it tells of what was not done."""
        return _LACKING.search(self.evidence.text) is not None

    @property
    def size(self) -> int:
        return sum(map(weight, self.sentences))

    @property
    def shortest(self) -> int:
        """The characters of the shortest sentence that says something."""
        sizes = [weight(sentence) for sentence in self.sentences]
        return min((size for size in sizes if size >= _LEAST), default=sizes[0])

    def within(self, room: int, forced: bool = False) -> str | None:
        """All of it where it fits into `room` characters, else the sentence that says most and what follows it.

        With `forced` the shortest sentence that stands by itself where none fits; else None.
        """
        if self.whole or self.size <= room:
            return "".join(self.sentences)
        alone = [n for n, s in enumerate(self.sentences) if _alone(s, first=n == 0)] or [0]
        fitting = [n for n in alone if weight(self.sentences[n]) <= room]
        if not fitting:
            return max((self.sentences[n] for n in alone), key=_forced) if forced else None
        start = max(fitting, key=lambda n: (_substance(self.sentences[n]) + (n == 0), -n))
        taken, used = [], 0
        for sentence in self.sentences[start:]:
            if used + weight(sentence) > room:
                break
            taken.append(sentence)
            used += weight(sentence)
        return "".join(taken)


def _substance(sentence: str) -> float:
    """How much a sentence says of what was done: verbs of doing and figures for it, lack and hearsay against it."""
    return (
        min(2, len(_DOING.findall(sentence)))
        + (1 if re.search(r"\d", sentence) else 0)
        - 2 * bool(_LACKING.search(sentence))
        - (2 if weight(sentence) < _LEAST else 0)
        - bool(_BEFORE.match(sentence))
        - bool(_SAYING.match(sentence))
    )


def _alone(sentence: str, first: bool) -> bool:
    """Whether a sentence can be quoted without the one before it; inside a passage a note or a look back cannot."""
    if weight(sentence) < _LEAST:
        return False
    return first or not (LEANING.match(sentence) or _BEFORE.match(sentence) or _SAYING.match(sentence))


def _forced(sentence: str) -> float:
    """What of a passage stands where nothing fits: what says most for its length."""
    return _substance(sentence) - weight(sentence) / 80


def words_of(evidence: Evidence, borrowed: Callable[[str], bool] = lambda text: False) -> Words | None:
    """The quotable words of a passage, or None where it has none: too short, a torn reference, a bare table row.

    `borrowed` says of a text that it is the guideline's own, printed beside what the department wrote.
    """
    if evidence.source == REVIEWED:
        return Words(evidence, (ended(tidy(evidence.text)),), whole=True)
    if evidence.columns is not None or " | " in evidence.text:
        return _words_of_row(evidence, borrowed)
    text = printed(evidence.text)
    found = _quotable(text, evidence) if _enough(text, _LEAST, 8) and not _LEVEL.match(text) else ()
    found = tuple(s for s in found if not borrowed(s))
    return Words(evidence, found) if found else None


def _enough(text: str, characters: int, chinese: int) -> bool:
    return weight(text) >= characters and sum("\u3400" <= c <= "\U000323af" for c in text) >= chinese


def _quotable(text: str, evidence: Evidence) -> tuple[str, ...]:
    """The sentences of a text that can be printed each by itself."""
    found = sentences(ended(text))
    if _CITING.search(text):
        found = tuple(s for s in found if _balanced(s))
    return tuple(s for s in found if not (_LEVEL.match(s) or _BROKEN_OFF.search(s)) and stands(s, evidence.text))


def _balanced(sentence: str) -> bool:
    return not re.search(r"[〔\[【(（〕\]】)）]", _BRACKETED.sub("", sentence))


def _words_of_row(evidence: Evidence, borrowed: Callable[[str], bool]) -> Words | None:
    """A table row as prose: the one cell that says most, else its cells up to the first bare figure, the date in front."""
    cells = [tidy(cell) for cell in re.split(r"\s*\|\s*", evidence.text)]
    own = [cell for cell in cells if not borrowed(unnumbered(cell))]
    longest = max(own, key=weight, default="")
    if weight(longest) >= 30 and 3 * weight(longest) >= 2 * sum(map(weight, own)):
        found = _quotable(unnumbered(longest), evidence)
        return Words(evidence, found) if found else None
    while cells and (not cells[0] or _SERIAL.fullmatch(cells[0]) or cells[0] not in own):
        cells.pop(0)
    day = _day(cells[0], evidence) if cells else ""
    cells = cells[1:] if day else cells
    cells = _telling_run(cells, evidence, own)
    while cells and weight(cells[-1]) <= 4:  # a name, a tick, a grade
        cells.pop()
    text = unnumbered("，".join(cell.rstrip("。；，") for cell in cells if cell))
    if len(cells) == 1 and not (_DOING.search(text) or "，" in text):
        return None  # a subject without a verb: what was studied, not that it was
    doing = _DOING.search(text) is not None  # a register's line without a date and a deed is a name and a post
    least = 12 if day else 16 if doing and len(cells) == 1 else 24
    found = _quotable(text, evidence) if _enough(text, least, 8) and not _LEVEL.match(text) else ()
    return Words(evidence, found, row=True, day=day) if found else None


def _telling_run(cells: list[str], evidence: Evidence, own: list[str]) -> list[str]:
    """The first run of cells that tells something, between bare figures, places, names of columns such as 地点 and 责任人.

    Cells from two runs are never joined: what is printed stands in the source as one piece.
    """
    columns = evidence.columns or ()
    skipped = len(columns) - len(cells)
    runs: list[list[str]] = [[]]
    for place, cell in enumerate(cells):
        column = columns[place + skipped] if skipped >= 0 and columns else ""
        if _BARE.fullmatch(cell) or cell not in own or choice.idle_cell(cell) or choice.idle_column(column):
            runs.append([])
        else:
            runs[-1].append(cell)
    told = [run for run in runs if sum(map(weight, run)) >= _LEAST]
    return told[0] if told else max(runs, key=lambda run: sum(map(weight, run)))


def _day(cell: str, evidence: Evidence) -> str:
    """The ISO date that a cell is, where the passage has it; else "" ."""
    match = _DATE_CELL.fullmatch(cell)
    if match is None:
        return ""
    wanted = f"-{int(match[1]):02d}-{int(match[2]):02d}"
    return next((day for day in evidence.dates if day.endswith(wanted)), "")
