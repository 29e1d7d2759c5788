"""One finished Word file against the cabinet of its department and the document that counting anew gives."""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.ooxml.package import UnusablePackage
from pipeline.verify.cited import NUMBER, Cabinet, Chunk
from pipeline.verify.ground import comparable, differences, ground, nearest
from pipeline.verify.model import Unproved
from pipeline.verify.wordfile import COMMENT, Unit, units
from pipeline.write.frames import say
from pipeline.write.marks import AUTHOR
from pipeline.write.package import is_untouched


@dataclass(slots=True)
class Tally:
    """What a file's check has looked at so far."""

    statements: int = 0
    quotations: int = 0
    unproved: list[Unproved] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.statements += other.statements
        self.quotations += other.quotations
        self.unproved += other.unproved


_SENTENCES = re.compile(r"(?<=[。！？；!?])")
UNREADABLE = "打不开，无法核对：请重新运行 shuangchuang run 生成。"


def check_word(name: str, data: bytes, expected: bytes, cabinet: Cabinet | None, guideline: Sequence[str]) -> Tally:
    """Every paragraph, table row, header and comment of ours of one Word file. `cabinet` None: nothing may be quoted."""
    tally = Tally()
    try:
        printed = units(data, AUTHOR)
    except UnusablePackage:
        tally.unproved.append(Unproved(name, "", "", UNREADABLE))
        return tally
    right = printed if expected is data else units(expected, AUTHOR)
    checker = _Checker(name, cabinet, right, guideline, not is_untouched(data))
    settled = {place for place, unit in enumerate(printed) if checker.names(unit, tally)}
    tally.unproved += checker.out_of_place(printed, right, settled)
    return tally


def compared(printed: Sequence[Unit], right: Sequence[Unit]) -> Iterator[tuple[int | None, int | None]]:
    """What differs, as pairs of places in both; None where one side has nothing there.

    Lines of the body count in their order; headers, charts and comments, which programs rearrange, as they are.
    """
    mine = [n for n, unit in enumerate(printed) if unit.body]
    theirs = [n for n, unit in enumerate(right) if unit.body]
    matcher = difflib.SequenceMatcher(
        None, [_exactly(printed[n]) for n in mine], [_exactly(right[n]) for n in theirs], autojunk=False
    )
    moved = [(mine[a:b], theirs[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    said = {_exactly(printed[n]) for ours, _ in moved for n in ours}
    for ours, others in moved:
        others = [n for n in others if _exactly(right[n]) not in said]  # put elsewhere: named there
        yield from itertools.zip_longest(ours, others)
    known, kept = {_exactly(u) for u in right if not u.body}, {_exactly(u) for u in printed if not u.body}
    yield from ((n, None) for n, u in enumerate(printed) if not u.body and _exactly(u) not in known)
    yield from ((None, n) for n, u in enumerate(right) if not u.body and _exactly(u) not in kept)


def _exactly(unit: Unit) -> tuple[str, ...]:
    """Everything but white space and width, which programs change when they save."""
    region = "" if unit.body else unit.place
    return (region, *("".join(unicodedata.normalize("NFKC", cell).split()) for cell in unit.cells))


def _marked(printed: str, right: str) -> tuple[tuple[str, str], ...]:
    """What differs, word by word; character by character where only marks do."""
    if not right:
        return ()
    if comparable(printed) != comparable(right):
        return differences(printed, right)
    matcher = difflib.SequenceMatcher(None, printed, right, autojunk=False)
    return tuple((printed[a:b], right[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


class _Checker:
    def __init__(
        self, name: str, cabinet: Cabinet | None, expected: Sequence[Unit], guideline: Sequence[str], edited: bool
    ) -> None:
        self._name, self._cabinet, self._edited = name, cabinet, edited
        self._rows = [u.text for u in expected if u.row]
        self._lines = [u.text for u in expected if not u.row]
        self._known = set(self._rows) | set(self._lines)
        self._cells = {cell for u in expected for cell in u.cells}
        self._sentences = {comparable(s) for text in self._lines for s in _SENTENCES.split(text)}
        self._guideline = guideline
        self._leads = (say("summary.rule", name=""),)

    def names(self, unit: Unit, tally: Tally) -> bool:
        """Checks one unit by itself; whether something was wrong with it."""
        before = len(tally.unproved)
        self.check(unit, tally)
        return len(tally.unproved) > before

    def out_of_place(self, printed: Sequence[Unit], right: Sequence[Unit], settled: set[int]) -> Iterator[Unproved]:
        """What is sound by itself but not what is to stand there: lines put elsewhere, said twice, left out.

        `settled` are the units that were named already.
        """
        for mine, theirs in compared(printed, right):
            if mine is None and theirs is not None:
                yield Unproved(self._name, right[theirs].place, "", self._left_out(), nearest=right[theirs].text)
            elif mine is not None and mine not in settled and not self._recorded(printed[mine]):
                close = right[theirs].text if theirs is not None else ""
                text = printed[mine].text
                yield Unproved(
                    self._name, printed[mine].place, text, self._elsewhere(), close, differs=_marked(text, close)
                )

    def _recorded(self, unit: Unit) -> bool:
        """Whether a person's recorded words are all that a unit says."""
        if self._cabinet is None:
            return False
        chunks, rest = self._cabinet.chunks(unit.text)
        words = [text for text in (*(chunk.words for chunk in chunks), rest) if comparable(text)]
        return bool(words) and all(self._cabinet.is_reviewed(text) for text in words)

    def _left_out(self) -> str:
        return (
            "这里少了一处，是未经登记的改动（要采用请运行 shuangchuang review apply）："
            if self._edited
            else "这里少了一处，请重新运行 shuangchuang run："
        )

    def _elsewhere(self) -> str:
        if self._edited:
            return "标点、次序或位置是未经登记的改动（要采用请运行 shuangchuang review apply）："
        return "按原件重新统计，这里不是这一句，请重新运行 shuangchuang run："

    def check(self, unit: Unit, tally: Tally) -> None:
        """One unit: what is cited stands at its place; all else is what counting anew gives, or the guideline's."""
        tally.statements += 1
        if self._cabinet is None or unit.place == COMMENT:
            self._uncited(unit, unit.text, tally)
            return
        rests, cited = [], False
        for cell in unit.cells:
            chunks, rest = self._cabinet.chunks(cell)
            cited = cited or bool(chunks)
            rests.append(rest)
            for chunk in chunks:
                tally.quotations += 1
                failure = self._cited(self._cabinet, chunk, unit)
                if failure is not None:
                    tally.unproved.append(failure)
        if not cited:
            self._uncited(unit, unit.text, tally)
            return
        for rest in rests:
            if rest and rest not in self._cells:
                self._uncited(unit, rest, tally)

    def _cited(self, cabinet: Cabinet, chunk: Chunk, unit: Unit) -> Unproved | None:
        """A quotation; fixed sentences may stand before it in the same paragraph."""
        failure = cabinet.check(chunk, self._name, unit.place, self._leads, self._edited)
        sentences = [s for s in _SENTENCES.split(chunk.words) if s.strip()]
        for n in range(1, len(sentences)):
            if failure is None or not self._sourced(sentences[n - 1]):
                break
            rest = Chunk("".join(sentences[n:]).strip(), chunk.references)
            if cabinet.check(rest, self._name, unit.place, self._leads, self._edited) is None:
                failure = None
        return failure

    def _uncited(self, unit: Unit, text: str, tally: Tally) -> None:
        """What counting anew gives, the guideline's or a reviewer's; rows that tie a 佐证号 to a file are looked up besides."""
        wrong = self._wrong_row(unit, tally)
        if wrong:
            tally.unproved.append(Unproved(self._name, unit.place, text, wrong))
        elif unit.text not in self._known and not self._sourced(text):
            tally.unproved.append(self._finding(unit, text))

    def _wrong_row(self, unit: Unit, tally: Tally) -> str:
        """What is wrong with a row of the catalogue or of the passages left out, by the originals; "" for other rows."""
        cabinet = self._cabinet
        if cabinet is None or not unit.row or len(unit.cells) < 3 or not NUMBER.fullmatch(unit.cells[0].strip()):
            return ""
        number, middle, last = (cell.strip() for cell in unit.cells[:3])
        tally.quotations += 1
        if cabinet.stands_at(middle.removesuffix("…"), number, last):
            return ""
        if middle.endswith("…"):
            return f"“{last}”没有这样开头、编为{number}的段落。"
        return cabinet.wrong_in_catalogue(number, middle, last)

    def _sourced(self, text: str) -> bool:
        """Whether words without a citation are the guideline's, a reviewer's, or a whole sentence that counting gives."""
        form = comparable(text)
        if not form or form in self._sentences or (self._cabinet is not None and self._cabinet.is_reviewed(text)):
            return True
        return any(ground(theirs).holds(text) for theirs in self._guideline)

    def _finding(self, unit: Unit, text: str) -> Unproved:
        close = nearest(text, self._rows if unit.row else self._lines, 50.0, whole=True)
        origin = None
        if self._cabinet is not None and not close:
            passage = nearest(text, [e.text for e in self._cabinet.evidence], 75.0)
            origin = next((e for e in self._cabinet.evidence if e.text == passage), None)
            close = passage
        return Unproved(
            self._name,
            unit.place,
            text,
            self._message(),
            close,
            f"{origin.source} {origin.locator.chinese()}".strip() if origin is not None else "",
            differences(text, close) if close else (),
        )

    def _message(self) -> str:
        if self._edited:
            return "是未经登记的改动，没有出处（要采用请运行 shuangchuang review apply）："
        return "按原件重新统计得不到这一句："
