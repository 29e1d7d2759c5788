"""Quotations: the words before a citation against the passages that the citation names, as they are read now."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.model import Dossier, Evidence
from pipeline.verify.ground import any_holds, comparable, differences, ground, nearest
from pipeline.verify.model import Unproved
from pipeline.write.places import cited_place, shown_name
from pipeline.write.places import places as where
from pipeline.write.words import place as place_word

NUMBER = re.compile(r"\d+(?:-\d+){3,}|审-\d+")
_BRACKET = re.compile(r"〔([^〔〕]*)〕")
_ENDS_IN_PLACE = re.compile(r"(?:第\d+[页段行]|表\d+)（?(?:排版页码)?）?$")
_PLACE = re.compile(r"第\d+页|表\d+第\d+行|第\d+段|第\d+行|表\d+")
_LEAD_DATE = re.compile(r"^((?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?)，")
_SENTENCES = re.compile(r"(?<=[。！？；!?])")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words and the references behind them, as printed."""

    words: str
    references: tuple[str, ...]


class Cabinet:
    """One department's passages by everything that a citation may say."""

    def __init__(self, dossier: Dossier, reviewed: Sequence[str] = ()) -> None:
        self.evidence = dossier.evidence
        self.reviewed = tuple(reviewed)  # sentences that stand in decisions.xlsx
        self.by_number: dict[str, list[Evidence]] = {}
        self.by_place: dict[str, list[Evidence]] = {}
        for item in dossier.evidence:
            if item.number:
                self.by_number.setdefault(item.number, []).append(item)
            name = shown_name(item.source)
            named = (cited_place(item), name + item.locator.chinese(), name + place_word(item))
            for key in dict.fromkeys(map(_key, named)):
                self.by_place.setdefault(key, []).append(item)

    # ------------------------------------------------------------ citations

    def chunks(self, text: str) -> tuple[list[Chunk], str]:
        """The cited pieces of a text, and what stands behind the last citation."""
        found, begun = [], 0
        for match in _BRACKET.finditer(text):
            references = self._references(match[1])
            if references:
                found.append(Chunk(text[begun : match.start()].strip(), references))
                begun = match.end()
        return found, text[begun:].strip()

    def _references(self, inside: str) -> tuple[str, ...]:
        """A bracket's references; none where it is no citation (教党〔2024〕3号). A file's name may hold 、 itself."""
        pieces = inside.split("、")
        found: list[str] = []
        while pieces:
            for many in range(len(pieces), 0, -1):
                joined = "、".join(pieces[:many]).strip()
                if many == 1 or self.resolve(joined):
                    found.append(joined)
                    del pieces[:many]
                    break
        known = [r for r in found if self.resolve(r) or NUMBER.fullmatch(r) or _ENDS_IN_PLACE.search(r)]
        return tuple(found) if known else ()

    def resolve(self, reference: str) -> list[Evidence]:
        """The passages that a reference names."""
        return self.by_number.get(reference) or self.by_place.get(_key(reference)) or []

    # ------------------------------------------------------------ proofs

    def check(self, chunk: Chunk, document: str, place: str, leads: Iterable[str], edited: bool) -> Unproved | None:
        """Whether the words stand in the passages cited. `leads`: fixed words that may stand before a quotation."""
        unknown = [r for r in chunk.references if not self.resolve(r)]
        if unknown and self.is_reviewed(chunk.words):
            return None
        if unknown:
            return Unproved(
                document,
                place,
                chunk.words,
                f"所注出处〔{unknown[0]}〕不存在，请对照佐证目录改正。",
            )
        items = [e for r in chunk.references for e in self.resolve(r)]
        bare = self._without_lead(chunk.words, leads, items)
        for words in (chunk.words, bare):
            if any_holds(words, [e.text for e in items]) or self.is_reviewed(words):
                return None
        return self.altered(bare, document, place, items, edited)

    def _without_lead(self, words: str, leads: Iterable[str], items: Sequence[Evidence]) -> str:
        """The words without what the program may print in front of them: the date of a row, 现行制度规定."""
        match = _LEAD_DATE.match(words)
        if match is not None and any(_says_day(match[1], day) for e in items for day in e.dates):
            return words[match.end() :]
        return next((words[len(lead) :] for lead in leads if lead and words.startswith(lead)), words)

    def is_reviewed(self, words: str) -> bool:
        """Whether a person's recorded words are these."""
        form = comparable(words)
        return bool(form) and any(form == comparable(text) or ground(text).holds(words) for text in self.reviewed)

    def altered(self, words: str, document: str, place: str, items: Sequence[Evidence], edited: bool) -> Unproved:
        """The finding for words that do not stand where they are said to, with what stands there."""
        first = next(
            (s for s in _SENTENCES.split(words) if comparable(s) and not any_holds(s, [e.text for e in items])), words
        )
        close = nearest(first, [e.text for e in items], 50.0) or nearest(first, [e.text for e in self.evidence], 70.0)
        origin = next((e for e in (*items, *self.evidence) if e.text == close), None)
        if origin is not None and origin not in items and ground(close).holds(first):
            message = "不在所注的出处，在别处："
        elif edited:
            message = "是未经登记的改动，与原件不一致（要采用请运行 shuangchuang review apply）："
        else:
            message = "与所注出处的原件不一致："
        return Unproved(
            document,
            place,
            first.strip(),
            message,
            nearest=close,
            source=f"{origin.source} {origin.locator.chinese()}".strip() if origin else "",
            differs=differences(first, close) if close else (),
        )

    def stands_at(self, words: str, number: str, place: str) -> bool:
        """Whether a passage of that 佐证号, at one of the printed places, has the words, which may be cut off behind."""
        wanted = _places(place)
        items = (e for e in self.by_number.get(number, ()) if not wanted or wanted & _places(where([e.locator])))
        return any(ground(item.text).holds_beginning(words) for item in items)

    def wrong_in_catalogue(self, number: str, names: str, places: str) -> str:
        """What is wrong with a row of the catalogue, as a sentence; "" where it is right."""
        items = self.by_number.get(number)
        if not items:
            return f"佐证号{number}没有对应的材料。"
        name = shown_name(items[0].source)
        if names.split("\n")[0].strip() != name:
            return f"佐证号{number}对应的文件是“{name}”。"
        right = {p for e in items for p in _places(where([e.locator]))}
        wrong = sorted(_places(places) - right)
        if wrong:
            return f"“{name}”里没有{'、'.join(wrong)}的佐证，应为{'、'.join(sorted(right))}。"
        missing = sorted(right - _places(places))
        return f"“{name}”的{'、'.join(missing)}没有列出。" if missing else ""


def _key(text: str) -> str:
    return re.sub(r"[\s，,（）()〈〉]", "", text)


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _says_day(words: str, iso: str) -> bool:
    found = [int(n) for n in re.findall(r"\d+", words)]
    parts = [int(n) for n in iso.split("-")]
    return found == parts or found == parts[1:]
