"""Chooses, orders and shortens what the 年度双创工作总结 of one department says. It writes no word of its own.

Sentences are the department's own (`quote`), the guideline's, or frames (`frames`). What is said twice is said once
with both 佐证号; what finds no room is left out by name, not lost; what a person has yet to decide stands apart.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.model import Dossier, Edition, Evidence, Guideline, Indicator
from pipeline.settings import Writing
from pipeline.text import normal, weight
from pipeline.write import choice, marks
from pipeline.write.counted import Counter, chinese_date
from pipeline.write.frames import say
from pipeline.write.headings import chinese_number, heading
from pipeline.write.places import cited_place
from pipeline.write.quote import LEANING, Words, sentences, words_of

_FIGURES = re.compile(r"\d+")
_CLAUSES = re.compile(r"[，。；、：|,;:…]+")
_BORROWED_CLAUSE = 6  # characters; shorter clauses are everybody's
_BORROWED_SHARE = 0.6  # of a passage: beyond it the department has added next to nothing
_BESIDE_COUNTS = 2  # quotations beside a counted sentence, which has told the events already
_HEAD = 60  # title, note and spaces for numbers
_HONOUR = re.compile(
    r"荣获|获评|获批|入选|获得?.{0,16}(?:奖|称号|表彰)|被评为|立项|[一二三特]等奖"
    r"|(?:国家|省部?|市|校)级.{0,12}(?:奖|荣誉|称号|标杆|样板|示范|品牌)"
)
_CALLED_OFF = re.compile(
    r"原定.*(?:取消|推迟|延期|改期|未)|(?:因故|临时)(?:取消|推迟|未)|未能(?:召开|举行|开展)|尚未(?:召开|举行|开展)"
)
_PIECES = re.compile(r"(?<=[。！？；!?])")
_QUOTABLE = ("paragraph", "item", "row")


@dataclass(frozen=True, slots=True)
class Quote:
    """One passage's printed words, and the passages that say the same (`same`)."""

    words: Words
    text: str
    same: tuple[Evidence, ...] = ()
    lead: str = ""  # the date of a ledger row, or what introduces a rule; not in the bookmark

    @property
    def all(self) -> tuple[Evidence, ...]:
        return (self.words.evidence, *self.same)

    def citation(self) -> str:
        """〔1-1-1-01、1-1-1-03〕; a passage without a number is cited by file and place."""
        cited = list(dict.fromkeys(cite(e) for e in self.all))
        return f"〔{'、'.join(cited[:4])}〕"

    def marked(self) -> str:
        """The words in their bookmarks, and the citation behind."""
        names = (marks.passage_name(e.id, self.text) for e in self.all)
        return self.lead + marks.marked(names, self.text) + self.citation()

    @property
    def cost(self) -> int:
        return weight(self.lead) + weight(self.text) + weight(self.citation())


@dataclass(slots=True)
class Item:
    """A third-level indicator in the summary."""

    code: str
    title: str
    counted: list[str] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    has_evidence: bool = False  # accepted material that holds no sentence to quote

    def lines(self) -> list[str]:
        """Its paragraphs, in order: the counted sentences, then the quotations."""
        lines = ["".join(self.counted)] if self.counted else []
        lines += [quote.marked() for quote in self.quotes]
        return lines or [say("summary.listed" if self.has_evidence else "summary.empty")]


@dataclass(slots=True)
class Part:
    """A second-level indicator."""

    number: str
    title: str
    entries: list[Item]


@dataclass(slots=True)
class Section:
    """一、 …: a first-level indicator with its parts, or one of the four sections of plain paragraphs."""

    number: str
    title: str
    key: str
    lines: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def length(self) -> int:
        """The characters it prints, numbers and citations with them."""
        texts = [self.number, "、", self.title, *self.lines]
        for part in self.parts:
            texts += [f"（{part.number}）", part.title]
            for item in part.entries:
                texts += ["1.", item.title, *item.lines()]
        return sum(weight(marks.bare(text)) for text in texts)


@dataclass(frozen=True, slots=True)
class Summary:
    """The composed summary."""

    sections: tuple[Section, ...]
    quoted: tuple[Evidence, ...]  # printed, or merged with what is printed
    left_out: tuple[Evidence, ...]
    doubtful: tuple[Evidence, ...]
    doubtful_more: int
    problem_characters: int  # of the passages quoted under 问题与不足
    plan_characters: int  # the same under 下一步打算


def cite(evidence: Evidence) -> str:
    """The 佐证号, else file and place."""
    return evidence.number or cited_place(evidence)


def compose(dossier: Dossier, edition: Edition, writing: Writing) -> Summary:
    """The whole summary of one department within `writing.summary_characters`."""
    return _Composer(dossier, edition, writing).summary()


class _Composer:
    """The state of one composition: what is used already, and how much room is left."""

    def __init__(self, dossier: Dossier, edition: Edition, writing: Writing) -> None:
        self._dossier, self._edition, self._writing = dossier, edition, writing
        self._guideline: Guideline = edition.guideline
        self._scores = {score.code: score for score in dossier.score.indicators}
        self._requirements = {r.id: r for i in self._guideline.indicators for r in i.requirements}
        self._counter = Counter(dossier, self._guideline, writing.dates_in_sentence)
        self._order = {e.id: number for number, e in enumerate(dossier.evidence)}
        self._not_held = _not_held(dossier)
        self._asked = "\n".join(normal(i.text) for i in self._guideline.indicators)
        printable = filter(self._printable, dossier.evidence)
        self._words = [words for words in (words_of(e, self._borrowed) for e in printable) if words is not None]
        self._counted_ids = {i for s in dossier.score.indicators for v in s.requirements for i in v.evidence}
        self._used: set[str] = set()
        self._normal: dict[str, str] = {}

    def _printable(self, evidence: Evidence) -> bool:
        """Whether a passage may stand in the body: decided, visible, of this year, and not the guideline's words again."""
        decided = evidence.status == "accepted" or (evidence.status == "none" and evidence.role == "profile")
        decided = decided or (evidence.status == "none" and choice.is_profile(evidence.text))
        return (
            decided
            and evidence.kind in _QUOTABLE
            and not evidence.hidden
            and (evidence.placed or evidence.role not in ("done", "result") or self._of_this_year(evidence))
        )

    def _of_this_year(self, evidence: Evidence) -> bool:
        years = {day[:4] for day in evidence.dates}
        if evidence.id in self._not_held or _CALLED_OFF.search(evidence.text):
            return False
        return not years or str(self._edition.year) in years

    def _borrowed(self, text: str) -> bool:
        """Whether most of a text is the guideline's: the printed indicator beside a department's cell."""
        clauses = [normal(clause) for clause in _CLAUSES.split(text)]
        total = sum(map(len, clauses))
        theirs = sum(len(clause) for clause in clauses if len(clause) >= _BORROWED_CLAUSE and clause in self._asked)
        return total > 0 and theirs > _BORROWED_SHARE * total

    # ------------------------------------------------------------ the whole

    def summary(self) -> Summary:
        total = self._writing.summary_characters
        profile = self._plain(self._profiles(), self._weight, self._writing.share_profile, total)
        plans = self._plain(self._plans(), self._weight, self._writing.share_plans, total)
        problems = self._plain(self._problems(), self._plainness, self._writing.share_problems, total)
        results = self._results(round(total * self._writing.share_results))
        unmet = self._unmet(round(total * self._writing.share_problems) - sum(q.cost for q in problems))
        spent = sum(q.cost for q in (*profile, *results, *problems, *plans)) + sum(map(weight, unmet))
        firsts = self._skeleton()
        self._fill(firsts, total - spent)
        number = len(firsts) + 1
        ends = [
            _section(number + 1, "results", results),
            _section(number + 2, "problems", problems, unmet),
            _section(number + 3, "plans", plans),
        ]
        sections = [_section(1, "profile", profile), *firsts, *ends]
        self._trim(sections, firsts, total)
        return self._closed(sections, problems, plans)

    def _closed(self, sections: list[Section], problems: Sequence[Quote], plans: Sequence[Quote]) -> Summary:
        evidence = self._dossier.evidence
        doubtful = () if self._edition.final else self._doubtful()
        most = self._writing.doubtful_in_word
        return Summary(
            sections=tuple(sections),
            quoted=tuple(e for e in evidence if e.id in self._used),
            left_out=tuple(
                e for e in evidence if e.status == "accepted" and e.kind in _QUOTABLE and e.id not in self._used
            ),
            doubtful=doubtful[:most],
            doubtful_more=max(0, len(doubtful) - most),
            problem_characters=sum(weight(q.text) for q in problems),
            plan_characters=sum(weight(q.text) for q in plans),
        )

    def _doubtful(self) -> tuple[Evidence, ...]:
        """What waits for a person: by indicator in the guideline's order, then what may belong to none."""
        place = {third.code: number for number, third in enumerate(self._guideline.thirds())}
        waiting = (e for e in self._dossier.evidence if e.status == "review")
        return tuple(sorted(waiting, key=lambda e: (place.get(e.code or "", len(place)), self._order[e.id])))

    # ------------------------------------------------------------ plain sections

    def _plain(
        self, candidates: Sequence[Words], key: Callable[[Words], float], share: float, total: int
    ) -> list[Quote]:
        """Passages of one kind, the weightiest first into the room, printed in the order of the files."""
        quotes = self._own(candidates)
        room = round(total * share) - sum(quote.cost for quote in quotes)
        quotes += self._take(candidates, room, key, most=99)
        return sorted(quotes, key=lambda q: (q.words.evidence.code is not None, self._order[q.words.evidence.id]))

    def _profiles(self) -> list[Words]:
        """Sentences that tell in figures what the unit is, whatever else their passage tells."""
        return self._kept(
            ("profile", "done", "result", "other"), lambda w: tuple(filter(choice.is_profile, w.sentences))
        )

    def _problems(self) -> list[Words]:
        """What the department admits in words that do admit it, however the passage was filed."""
        told = self._kept(
            ("problem",),
            lambda w: (
                choice.admissions(w.sentences, LEANING) or (w.sentences if choice.under_problems(w.evidence) else ())
            ),
        )
        return told + [w for w in self._words if self._confessed(w) and not w.row]

    def _plans(self) -> list[Words]:
        """What is still to come when the year is over; where no plan was sent, what other passages say of the next year."""
        year = self._edition.year

        def coming(words: Words) -> tuple[str, ...]:
            return tuple(filter(None, (choice.ahead(s, words.evidence, year) for s in words.sentences)))

        return self._kept(("plan",), coming) or self._kept(("plan", "problem", "other", "done", "result"), coming)

    def _kept(self, roles: Sequence[str], keep: Callable[[Words], tuple[str, ...]]) -> list[Words]:
        """The words of these roles with the sentences that belong; what a reviewer wrote or put there is kept as it is."""
        found = []
        for words in self._words:
            chosen = words.whole or words.evidence.placed
            if words.evidence.role in roles and (chosen or not words.row):
                told = words.sentences if chosen and words.evidence.role == roles[0] else ()
                told = told or (() if chosen else keep(words))
                if told and (chosen or not LEANING.match(told[0])):
                    found.append(replace(words, sentences=told))
        return found

    def _confessed(self, words: Words) -> bool:
        """Whether a passage filed as a deed mainly tells what is lacking; it is no achievement."""
        chosen = words.whole or words.evidence.placed
        return words.evidence.role in ("done", "result") and not chosen and choice.confesses(words.sentences)

    def _plainness(self, words: Words) -> float:
        """How plainly a passage is an admission: one that tells the remedy too comes after, a formula last."""
        text = "".join(words.sentences)
        return self._weight(words) - (0.7 if choice.mended(text) else 0.0) - (0.0 if _FIGURES.search(text) else 0.4)

    def _results(self, room: int) -> list[Quote]:
        """The best results; none is taken from an indicator that has nothing else to show."""
        by_code: dict[str | None, int] = {}
        for words in self._words:
            if words.evidence.role in ("done", "result"):
                by_code[words.evidence.code] = by_code.get(words.evidence.code, 0) + 1
        candidates = [
            w
            for w in self._words
            if (w.evidence.role == "result" or (w.evidence.role == "done" and _HONOUR.search(w.evidence.text)))
            and not w.row
            and by_code[w.evidence.code] > 1
            and not any(map(choice.admits, w.sentences))
        ]
        own = self._own(
            w for w in self._words if w.evidence.role == "result" and (w.evidence.placed or not w.evidence.code)
        )
        room -= sum(quote.cost for quote in own)
        taken_from: set[str | None] = set()
        fresh = []
        for words in sorted(candidates, key=lambda w: (-self._distinction(w), self._order[w.evidence.id])):
            if words.evidence.code not in taken_from:  # one an indicator, so that the section is about the whole
                taken_from.add(words.evidence.code)
                fresh.append(words)
        return own + self._take(fresh, room, self._distinction, most=8)

    def _distinction(self, words: Words) -> float:
        text = words.evidence.text
        return self._weight(words) + min(3, len(_HONOUR.findall(text)))

    def _unmet(self, room: int) -> list[str]:
        """The requirements that the records show to be unmet, as far as the section has room; at least three."""
        lines: list[str] = []
        for score in self._dossier.score.indicators:
            if not score.applicable:
                continue
            for verdict in score.requirements:
                if verdict.met is False:
                    line = self._counter.unmet(verdict, self._requirements.get(verdict.id))
                    if line not in lines and (len(lines) < 3 or sum(map(weight, lines)) + weight(line) <= room):
                        lines.append(line)
        return lines

    # ------------------------------------------------------------ the indicators

    def _skeleton(self) -> list[Section]:
        """The guideline's three levels with the counted sentences, before anything is quoted."""
        sections = []
        for number, first in enumerate((i for i in self._guideline.indicators if i.level == 1), 2):
            parts = []
            for place, second in enumerate(self._guideline.children(first.code), 1):
                items = [self._item(third) for third in self._guideline.children(second.code)]
                parts.append(Part(chinese_number(place), heading(second.text), items))
            sections.append(Section(chinese_number(number), first.text, first.code, parts=parts))
        return sections

    def _item(self, indicator: Indicator) -> Item:
        score = self._scores.get(indicator.code)
        counted = self._counter.sentences(score, self._requirements) if score is not None else []
        item = Item(indicator.code, heading(indicator.text), counted)
        item.has_evidence = any(
            indicator.code in (e.code, *e.also) for e in self._dossier.evidence if e.status == "accepted"
        )
        return item

    def _fill(self, sections: Sequence[Section], room: int) -> None:
        """Quotations into the indicators: one each first, then round by round as long as there is room."""
        items = [item for section in sections for part in section.parts for item in part.entries]
        room -= sum(weight(s.title) + 4 for s in sections) + sum(weight(p.title) + 3 for s in sections for p in s.parts)
        room -= sum(weight(item.title) + 2 + sum(map(weight, item.counted)) for item in items)
        for item in items:
            item.quotes += self._own(w for w in self._words if w.evidence.code == item.code)
            room -= sum(quote.cost for quote in item.quotes)
        waiting = {item.code: self._candidates(item) for item in items}
        room -= sum(weight(say("summary.empty")) for item in items if not waiting[item.code] and not item.counted)
        for turn in range(self._writing.quotes_per_indicator):
            hungry = [item for item in items if waiting[item.code] and (turn < _BESIDE_COUNTS or not item.counted)]
            hungry.sort(
                key=lambda item: min(w.size for w in waiting[item.code])
            )  # what the small ones leave is the others'
            for place, item in enumerate(hungry):
                share = max(self._writing.least_quote, room // (len(hungry) - place))
                if room < self._writing.least_quote and (turn or item.counted):
                    continue
                room -= self._serve(item, waiting[item.code], share, forced=turn == 0 and not item.counted)
        for item in items:
            item.quotes.sort(key=self._place)

    def _trim(self, sections: Sequence[Section], firsts: Sequence[Section], total: int) -> None:
        """Takes out the least weighty second quotations, then last sentences of the longest, until the whole keeps its length."""
        spare = [
            (self._weight(quote.words), item, quote)
            for section in firsts
            for part in section.parts
            for item in part.entries
            for quote in item.quotes[0 if item.counted else 1 :]
            if not (quote.words.whole or quote.words.evidence.placed)
        ]
        over = sum(section.length() for section in sections) + _HEAD - total
        for _weight, item, quote in sorted(spare, key=lambda entry: (entry[0], entry[1].code, entry[2].text)):
            if over <= 0:
                return
            item.quotes.remove(quote)
            self._used.difference_update(e.id for e in quote.all)
            over -= quote.cost
        items = [item for section in firsts for part in section.parts for item in part.entries]
        while over > 0:
            longer = [
                (quote.cost, item.code, item, n)
                for item in items
                for n, quote in enumerate(item.quotes)
                if len(sentences(quote.text)) > 1 and not (quote.words.whole or quote.words.evidence.placed)
            ]
            if not longer:
                break
            _cost, _code, item, place = max(longer, key=lambda entry: entry[:2])
            before = item.quotes[place]
            item.quotes[place] = replace(before, text="".join(sentences(before.text)[:-1]))
            over -= before.cost - item.quotes[place].cost
        plain = [section for section in reversed(sections) if not section.parts]
        while over > 0 and any(len(section.lines) > 1 for section in plain):
            section = max(plain, key=lambda s: len(s.lines))
            over -= weight(marks.bare(section.lines.pop()))

    def _serve(self, item: Item, waiting: list[Words], room: int, forced: bool) -> int:
        """The next quotation of an indicator; what it costs."""
        better = [w for w in waiting if not w.lacking and not w.leaning]
        whole = [w for w in better if w.size + len(cite(w.evidence)) + 2 <= room]
        quotes: list[Quote] = []
        for candidates in (whole, better, waiting):
            quotes = quotes or self._take(candidates, room, None, most=1)
        if not quotes and forced and waiting:
            closest = min(waiting, key=lambda w: (w.leaning, w.lacking, w.shortest, self._order[w.evidence.id]))
            quotes = self._take([closest], room, None, most=1, forced=True)
        item.quotes += quotes
        waiting[:] = [w for w in waiting if w.evidence.id not in self._used]
        if not quotes:
            waiting.clear()
        return sum(q.cost for q in quotes)

    def _candidates(self, item: Item) -> list[Words]:
        """What may be quoted under an indicator, the weightiest first; a rule only where nothing else is."""
        own = [w for w in self._words if item.code == w.evidence.code or item.code in w.evidence.also]
        free = [w for w in own if w.evidence.id not in self._used]
        done = [w for w in free if w.evidence.role in ("done", "result") and not self._confessed(w)]
        if item.counted:  # what the counted sentence says already
            told = {day for v in self._scores[item.code].requirements for day in v.dates}
            done = [w for w in done if not (w.row and w.evidence.id in self._counted_ids)]
            done = [w for w in done if len(w.evidence.dates) < 2 or not told.issuperset(w.evidence.dates)]
        rules = [w for w in free if w.evidence.role == "rule" and choice.is_rule(w.sentences[0])]
        rules = rules if not done and not item.counted else []
        return sorted(
            done or rules[:1],
            key=lambda w: (w.evidence.code != item.code, -self._weight(w), self._order[w.evidence.id]),
        )

    def _place(self, quote: Quote) -> tuple[str, int]:
        """What holds for the whole year first, then by date, then as handed in."""
        evidence = quote.words.evidence
        return (min(evidence.dates, default=""), self._order[evidence.id])

    # ------------------------------------------------------------ choosing

    def _take(
        self,
        candidates: Sequence[Words],
        room: int,
        key: Callable[[Words], float] | None,
        most: int,
        forced: bool = False,
    ) -> list[Quote]:
        """Up to `most` quotations within `room`; near-repetitions of a chosen one are merged with it."""
        ordered = candidates if key is None else sorted(candidates, key=lambda w: (-key(w), self._order[w.evidence.id]))
        taken: list[Quote] = []
        for words in ordered:
            if len(taken) == most or (room < self._writing.least_quote and not (forced and not taken)):
                break
            evidence = words.evidence
            if evidence.id in self._used:
                continue
            text = self._cut(words, room, forced and not taken)
            if text is None:
                continue
            quote = Quote(words, text, self._same(evidence), self._lead(words, text))
            self._used.update(e.id for e in quote.all)
            taken.append(quote)
            room -= quote.cost
        return taken

    def _own(self, candidates: Iterable[Words]) -> list[Quote]:
        """What a reviewer wrote or put there, all of it."""
        quotes = []
        for words in candidates:
            if (words.whole or words.evidence.placed) and words.evidence.id not in self._used:
                quote = Quote(words, "".join(words.sentences), self._same(words.evidence))
                self._used.update(e.id for e in quote.all)
                quotes.append(quote)
        return quotes

    def _cut(self, words: Words, room: int, forced: bool) -> str | None:
        room -= len(cite(words.evidence)) + 2
        if words.evidence.role == "rule":
            return words.within(max(room, 60), forced)
        return words.within(room, forced)

    def _lead(self, words: Words, text: str) -> str:
        """The words before a quotation: the date of a ledger row, 现行制度规定 before a rule."""
        first = next(iter(_PIECES.split(text)))
        if len(first) > 118 or not text.startswith(words.sentences[0]):
            return ""
        if words.day:
            return say("summary.dated", date=chinese_date(words.day, self._edition.year), name="")
        return say("summary.rule", name="") if words.evidence.role == "rule" else ""

    def _same(self, evidence: Evidence) -> tuple[Evidence, ...]:
        """Passages of the same code that say the same; with another figure in it a passage says something else."""
        from rapidfuzz import fuzz

        mine = self._plain_text(evidence)
        least = self._writing.same_share * 100
        found = []
        for other in (w.evidence for w in self._words if not w.whole):
            if other.code != evidence.code or other.id == evidence.id or other.id in self._used:
                continue
            theirs = self._plain_text(other)
            if self._figures(evidence) != self._figures(other):
                continue
            if 2 * len(theirs) >= len(mine) and fuzz.ratio(mine, theirs, score_cutoff=least):
                found.append(other)
        return tuple(found)

    def _figures(self, evidence: Evidence) -> list[str]:
        return _FIGURES.findall(self._plain_text(evidence))

    def _plain_text(self, evidence: Evidence) -> str:
        if evidence.id not in self._normal:
            self._normal[evidence.id] = normal(evidence.text)
        return self._normal[evidence.id]

    def _weight(self, words: Words) -> float:
        """How much a passage deserves its room: results, certainty, dates and figures; prose before rows and OCR."""
        evidence = words.evidence
        size = weight(evidence.text)
        return (
            {"result": 1.0, "done": 0.6}.get(evidence.role, 0.3)
            + evidence.confidence
            + (0.4 if evidence.dates else 0.0)
            + (0.4 if _FIGURES.search(evidence.text) else 0.0)
            - (1.0 if words.row else 0.0)
            - (0.5 if evidence.ocr is not None and evidence.ocr < 0.9 else 0.0)
            - (0.5 if size < 20 else 0.0)
            - (0.6 if words.leaning else 0.0)
            - (0.6 if evidence.id in self._counted_ids else 0.0)
            + (1.0 if evidence.method == "decision" else 0.0)  # a person put it there
        )


def _section(number: int, key: str, quotes: Iterable[Quote], more: Sequence[str] = ()) -> Section:
    lines = [quote.marked() for quote in quotes] + list(more)
    return Section(chinese_number(number), say(f"heading.{key}"), key, lines or [say("summary.empty")])


def _not_held(dossier: Dossier) -> set[str]:
    """Passages that tell of nothing but planned or cancelled events."""
    held = {i for event in dossier.facts.events if event.status in ("held", "undated") for i in event.evidence}
    rest = {i for event in dossier.facts.events if event.status in ("planned", "cancelled") for i in event.evidence}
    return rest - held
