"""One finished Word file against the cabinet of its department and the document that counting anew gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipeline.verify.cited import NUMBER, Cabinet, Chunk
from pipeline.verify.ground import comparable, differences, ground, nearest
from pipeline.verify.model import Unproved
from pipeline.verify.wordfile import COMMENT, Unit, units
from pipeline.write.frames import say
from pipeline.write.marks import AUTHOR
from pipeline.write.package import BROKEN, is_untouched


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
    except (*BROKEN, LookupError, etree.XMLSyntaxError):
        tally.unproved.append(Unproved(name, "", "", UNREADABLE))
        return tally
    checker = _Checker(name, cabinet, units(expected, AUTHOR), guideline, not is_untouched(data))
    for unit in printed:
        checker.check(unit, tally)
    return tally


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
