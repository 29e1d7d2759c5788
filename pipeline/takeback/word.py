"""Reads a returned summary: what was moved, struck, rewritten, newly written, chosen from a list, or remarked.

The file is read with all tracked changes accepted. A passage is known by its bookmark and its text, never by a content
control's id; one whose bookmark is gone is looked for by its words before it is called struck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import Evidence, Guideline, Role
from pipeline.review.decisions import code_of
from pipeline.review.match import unnumbered
from pipeline.settings import Review
from pipeline.takeback.find import AUTHOR, Returned
from pipeline.takeback.wish import Taken, Wish, WishKind, problem
from pipeline.text import fold, normal, unspace
from pipeline.write import anchors, marks
from pipeline.write.anchors import Paragraph
from pipeline.write.frames import say

_SECTIONS: Mapping[str, Role] = {
    "s_profile": "profile",
    "s_results": "result",
    "s_problems": "problem",
    "s_plans": "plan",
}
_TOLD_UNDER_INDICATORS = ("done", "result", "rule")
_DOUBTFUL = "c_"  # the place of passages that wait in the annex
_SHOWN = 40  # characters of a sentence in a message
_AGREED = "同意建议"  # how the entry of a list begins by which a person agrees
_AGREEING = {
    "同意",
    "同意建议",
    "同意归类",
    "同意归入",
    "认可",
    "无异议",
    "没有异议",
    "没有问题",
    "没问题",
    "可以",
    "ok",
}


@dataclass(slots=True)
class _Printed:
    """What the program had printed: the file's skeleton."""

    headings: dict[str, str] = field(default_factory=dict)  # name -> digits of its text
    place_of: dict[str, str] = field(default_factory=dict)  # passage -> heading, or _DOUBTFUL
    lists: dict[str, str] = field(default_factory=dict)  # list -> digits of what it showed
    list_of: dict[str, str] = field(default_factory=dict)  # passage -> its list
    loose: dict[str, str] = field(default_factory=dict)  # digits of a sentence -> heading above it
    comments: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Found:
    """What stands in the file now."""

    paragraphs: list[Paragraph]
    heading_at: list[str] = field(default_factory=list)  # the heading above each paragraph
    text: dict[str, str] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)  # name -> position of its paragraph
    by: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> author and date of a tracked change
    headings: set[str] = field(default_factory=set)


def read_summary(returned: Returned, guideline: Guideline, evidence: Mapping[str, Evidence], limits: Review) -> Taken:
    """The wishes of one summary. `evidence`: the last run's passages by id, to know an unmarked sentence by."""
    return _Reader(returned, guideline, evidence, limits).taken()


class _Reader:
    def __init__(
        self, returned: Returned, guideline: Guideline, evidence: Mapping[str, Evidence], limits: Review
    ) -> None:
        self._origin, self._evidence, self._limits = returned.origin, evidence, limits
        self._codes = {marks.heading_name(i.code): i.code for i in guideline.thirds()}
        self._taken = Taken()
        content = returned.content
        self._comments = content.comments
        self._printed = _printed(anchors.tokens_of(content.properties), content.properties)
        self._found = _found(content.paragraphs, self._printed)
        self._fresh = self._fresh_sentences()
        self._department = returned.origin.department or self._guessed_department()

    def taken(self) -> Taken:
        self._headings()
        for name in self._printed.place_of:
            self._passage(name)
        self._strangers()
        self._new_sentences()
        self._lost_sentences()
        self._remarks()
        return self._taken

    def _guessed_department(self) -> str:
        """Where the properties are lost: whose passages these are."""
        owners = [e.department for name in self._found.at if (e := self._known(name)) is not None]
        return max(sorted(set(owners)), key=owners.count, default="")

    # ------------------------------------------------------------ passages

    def _passage(self, name: str) -> None:
        ident, digits = _split(name)
        text = self._found.text.get(name, "")
        place = self._found.heading_at[self._found.at[name]] if name in self._found.at else None
        if not normal(text):
            text, place = self._without_bookmark(ident, digits)
        listed = self._chosen(name)
        if not normal(text):
            self._wish("strike", name)
            return
        moved = self._moved(name, place)
        code = self._codes.get(moved) if moved else None
        role = self._role_at(moved, ident) if moved else None
        if moved and code is None and role is None:
            self._say(name, "移到了没有对应三级指标的地方，没有采用。", "请移到某个三级指标的标题下面。")
        if listed in ("none", "strike") and code is None:
            self._wish("none" if listed == "none" else "strike", name, text=text)
            return
        code = code or (listed if listed not in ("none", "strike") else None)
        if anchors.digits(text) != digits:
            self._wish("edit", name, value=unspace(text), code=code, role=role)
        elif code is not None or role is not None:
            self._wish("code", name, text=text, code=code, role=role)

    def _role_at(self, place: str, ident: str) -> Role | None:
        """What a passage says once a person put it at this place; None: what it said before fits there."""
        if place in _SECTIONS:
            return _SECTIONS[place]
        known = self._evidence.get(ident)
        told_there = known is not None and known.role in _TOLD_UNDER_INDICATORS and not known.placed
        return None if told_there or place not in self._codes else "done"

    def _moved(self, name: str, place: str | None) -> str | None:
        """The heading it stands under now, where that is another one than was printed."""
        before = self._printed.place_of[name]
        if place is None or place == before or not before:
            return None
        if before != _DOUBTFUL and before not in self._found.headings:
            return None  # the heading itself is gone: nothing was moved
        if place == _DOUBTFUL:
            self._say(name, "移到了待审阅段落里，没有采用。", "要改变归属，请选择指标；不要这一段，请删去。")
            return None
        return place

    def _chosen(self, name: str) -> str | None:
        """What was chosen in the passage's list, where it no longer shows what was printed: a code, none or strike."""
        control = self._printed.list_of.get(name, "")
        shown = self._found.text.get(control, "")
        if not normal(shown) or anchors.digits(shown) == self._printed.lists.get(control):
            return None
        if normal(shown) in (normal(say("summary.choose_none")), normal(say("summary.agree_none"))):
            return "none"
        if normal(shown) == normal(say("summary.strike")):
            return "strike"
        code = code_of(shown.partition("：")[2] if normal(shown).startswith(_AGREED) else shown)
        if code in self._codes.values():
            return code
        self._say(control, f"选择的“{_short(shown)}”不是指南里的三级指标。", "请从列表里重新选择。")
        return None

    def _without_bookmark(self, ident: str, digits: str) -> tuple[str, str | None]:
        """A passage whose bookmark is empty or gone: its words elsewhere, as printed or rewritten; "" where it is struck."""
        for fresh in self._fresh:
            if digits in (anchors.digits(fresh.text), anchors.digits(fresh.text.rstrip("。"))):
                self._fresh.remove(fresh)
                return fresh.text, self._found.heading_at[fresh.at]
        known = self._evidence.get(ident)
        fresh_one = self._likest(known.text) if known is not None else None
        if fresh_one is None:
            return "", None
        self._fresh.remove(fresh_one)
        return fresh_one.text, self._found.heading_at[fresh_one.at]

    def _likest(self, text: str) -> "_Fresh | None":
        from rapidfuzz import fuzz

        whole = normal(text)
        scored = [
            (fuzz.partial_ratio(normal(f.text), whole), -f.at, f) for f in self._fresh if len(normal(f.text)) >= 8
        ]
        best = max(scored, key=lambda entry: entry[:2], default=None)
        return best[2] if best is not None and best[0] >= self._limits.rewritten else None

    def _strangers(self) -> None:
        """Passages of another file that were pasted in."""
        for name in sorted(self._found.at):
            if name.startswith("p_") and name not in self._printed.place_of and normal(self._found.text.get(name, "")):
                self._say(name, "这一段是从另一份文件粘贴来的，没有采用。", "请在它自己单位的总结里修改。")

    # ------------------------------------------------------------ sentences outside the passages

    def _fresh_sentences(self) -> "list[_Fresh]":
        """What nobody printed, neighbouring sentences together."""
        fresh: list[_Fresh] = []
        if not self._printed.loose:
            return fresh
        for at, paragraph in enumerate(self._found.paragraphs):
            if paragraph.table and not any(m[:2] in ("p_", "i_", "s_") for m in paragraph.touched):
                continue
            for line in paragraph.loose().split("\n"):
                run = ""
                for sentence in anchors.sentences(line):
                    if anchors.digits(sentence) in self._printed.loose:
                        run = ""
                        continue
                    if run:
                        fresh.pop()
                    run += sentence
                    fresh.append(_Fresh(unspace(run), at, _author(paragraph, sentence)))
        return fresh

    def _new_sentences(self) -> None:
        for fresh in self._fresh:
            place = self._found.heading_at[fresh.at]
            code, role = self._codes.get(place), _SECTIONS.get(place)
            if self._is_heading(fresh.text):
                continue
            if code is None and role is None:
                self._taken.problems.append(
                    problem(
                        self._origin,
                        f"新写的“{_short(fresh.text)}”不在任何三级指标的标题下，没有采用。",
                        "请移到某个三级指标的标题下面。",
                        f"第{fresh.at + 1}段",
                    )
                )
                continue
            self._add("add", fresh.at, fresh.by, text=fresh.text, value=fresh.text, code=code, role=role)

    def _is_heading(self, text: str) -> bool:
        """Whether loose words are a heading whose bookmark was lost; `_headings` has told of it."""
        return anchors.digits(text) in self._printed.headings.values() or (
            anchors.digits(unnumbered(text)) in self._printed.headings.values()
        )

    def _lost_sentences(self) -> None:
        """Counted and fixed sentences that are gone or rewritten: a person cannot change what is counted."""
        present = {anchors.digits(s) for p in self._found.paragraphs for s in anchors.sentences(p.loose())}
        replaceable = {anchors.digits(say(f"summary.{name}")) for name in ("empty", "listed")}
        lost = {place for digits, place in self._printed.loose.items() if place and digits not in present | replaceable}
        for place in sorted(lost & self._found.headings):
            if place in self._codes or place in _SECTIONS:
                self._taken.problems.append(
                    problem(
                        self._origin,
                        "程序按记录统计的句子或引语被改动或删去了，下次运行仍照统计写出。",
                        "次数不对时请补充材料或改正台账；要另外说明，请在下面另写一句。",
                        f"“{self._heading_words(place)}”下",
                    )
                )

    def _headings(self) -> None:
        for name, digits in self._printed.headings.items():
            now = self._found.text.get(name, "")
            if name not in self._found.headings:
                self._taken.problems.append(
                    problem(
                        self._origin,
                        "一个标题被删去了，它下面的段落没有当作移动。",
                        "标题出自指南，下次运行仍会写出。",
                        name,
                    )
                )
            elif normal(now) and anchors.digits(now) != digits:
                self._say(name, f"标题“{_short(now)}”的文字被改动了，没有采用。", "标题出自指南，不能在总结里改。")

    def _heading_words(self, name: str) -> str:
        return _short(self._found.text.get(name, name))

    # ------------------------------------------------------------ comments

    def _remarks(self) -> None:
        for number, remark in self._comments.items():
            lines = [line for line in remark.lines if anchors.digits(line) not in self._printed.comments]
            if not lines or (remark.author == AUTHOR and not self._printed.comments):
                continue
            anchored = self._anchored(f"m:{number}")
            value = " ".join(lines)
            by = (remark.author if remark.author != AUTHOR else "", remark.date if remark.author != AUTHOR else "")
            at = self._at(f"m:{number}")
            passages = [name for name in anchored if name.startswith("p_")]
            if passages and all(normal(line) in _AGREEING for line in lines) and self._agreed(passages[0], at, by):
                continue
            place = next((self._codes[name] for name in anchored if name in self._codes), None)
            if passages:
                for name in passages[:1]:
                    text = self._found.text.get(name, "")
                    ident, digits = _split(name)
                    words = text if anchors.digits(text) == digits else ""
                    self._add("remark", at, by, ident=ident, text=fold(words), value=value)
            elif place or self._codes.get(self._found.heading_at[at] if at < len(self._found.heading_at) else ""):
                self._add("remark", at, by, code=place or self._codes[self._found.heading_at[at]], value=value)
            else:
                self._taken.problems.append(
                    problem(
                        self._origin,
                        f"批注“{_short(value)}”不在段落或指标上，没有记入。",
                        "请把批注加在段落上。",
                        f"第{at + 1}段",
                    )
                )

    def _agreed(self, name: str, at: int, by: tuple[str, str]) -> bool:
        """A comment that says no more than 同意: the suggestion is decided, or where it stands in the body, unless the
        passage was changed besides. Whether that could be done."""
        ident, _digits = _split(name)
        if any(wish.ident == ident and wish.kind != "remark" for wish in self._taken.wishes):
            return False
        printed = self._printed.place_of.get(name, "")
        if printed == _DOUBTFUL:
            shown = self._found.text.get(self._printed.list_of.get(name, ""), "")
            code: str | None = code_of(shown)
            none = normal(shown) == normal(say("summary.choose_none"))
        else:
            code, none = self._codes.get(printed), False
        text = fold(self._found.text.get(name, ""))
        if none:
            self._add("none", at, by, ident=ident, text=text)
        elif code in self._codes.values():
            self._add("code", at, by, ident=ident, text=text, code=code)
        else:
            return False
        return True

    def _anchored(self, mark: str) -> list[str]:
        """The passages and headings that a comment stands on; a bare sign counts for its paragraph."""
        pieces = [p for paragraph in self._found.paragraphs for p in paragraph.pieces if mark in p.marks]
        names = [name for piece in pieces for name in piece.marks if name[:2] in ("p_", "i_")]
        if not names:
            near = [p for p in self._found.paragraphs if mark in p.touched]
            names = [name for p in near for piece in p.pieces for name in piece.marks if name[:2] in ("p_", "i_")]
        return list(dict.fromkeys(names))

    def _at(self, mark: str) -> int:
        for at, paragraph in enumerate(self._found.paragraphs):
            if mark in paragraph.touched or any(mark in piece.marks for piece in paragraph.pieces):
                return at
        return 0

    # ------------------------------------------------------------ saying

    def _known(self, name: str) -> Evidence | None:
        return self._evidence.get(_split(name)[0]) if name.startswith("p_") else None

    def _wish(self, kind: WishKind, name: str, **more: Any) -> None:
        ident, _digits = _split(name)
        at = self._found.at.get(name)
        by = self._found.by.get(name, ("", ""))
        if at is not None and not by[0]:
            by = self._found.paragraphs[at].deleted if kind in ("strike", "edit") else by
        self._add(kind, at, by, ident=ident, **more)

    def _add(self, kind: WishKind, at: int | None, by: tuple[str, str], **more: Any) -> None:
        self._taken.wishes.append(
            Wish(
                kind=kind,
                origin=self._origin,
                department=self._department,
                place=f"第{at + 1}段" if at is not None else "正文（已删去）",
                who=by[0] or self._origin.who,
                when=by[1] or self._origin.when,
                **more,
            )
        )

    def _say(self, name: str, message: str, remedy: str) -> None:
        at = self._found.at.get(name)
        self._taken.problems.append(problem(self._origin, message, remedy, f"第{at + 1}段" if at is not None else ""))


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Words that the program did not print, the paragraph they stand in, and who inserted them."""

    text: str
    at: int
    by: tuple[str, str] = ("", "")


def _author(paragraph: Paragraph, sentence: str) -> tuple[str, str]:
    return next(((p.author, p.date) for p in paragraph.pieces if p.author and p.text.strip()[:4] in sentence), ("", ""))


def _printed(tokens: Sequence[str], properties: Mapping[str, str]) -> _Printed:
    printed = _Printed()
    place = control = ""
    for token in tokens:
        if token[:2] in ("i_", "s_"):
            place, _, digits = token.partition("~")
            printed.headings[place] = digits
        elif token.startswith("c_"):
            control, _, digits = token.partition("=")
            printed.lists[control] = digits
            place = _DOUBTFUL
        elif token.startswith("p_"):
            printed.place_of[token] = place
            if place == _DOUBTFUL:
                printed.list_of[token] = control
        elif token.startswith("t_"):
            printed.loose.setdefault(token[2:], place)
        elif token.startswith("m_"):
            printed.comments.add(token[2:])
    if not tokens:  # an older draft: only the passages are listed
        for name, value in properties.items():
            if name.startswith("段落"):
                printed.place_of |= dict.fromkeys(value.split(), "")
    return printed


def _found(paragraphs: list[Paragraph], printed: _Printed) -> _Found:
    found = _Found(paragraphs)
    place = ""
    present = {m for p in paragraphs for piece in p.pieces for m in piece.marks if normal(piece.text)}
    lost = {digits: name for name, digits in printed.headings.items() if name not in present}
    for at, paragraph in enumerate(paragraphs):
        place = _heading_here(paragraph, place, printed, lost, found)
        found.heading_at.append(place)
        for name in paragraph.touched:
            if name[:2] in ("p_", "c_", "i_", "s_"):
                found.at.setdefault(name, at)
        for piece in paragraph.pieces:
            for name in piece.marks:
                if name[:2] in ("p_", "c_", "i_", "s_") and not piece.struck:
                    if not normal(found.text.get(name, "")) and normal(piece.text):
                        found.at[name] = at  # where its words begin, not where an empty bookmark was left
                    found.text[name] = found.text.get(name, "") + piece.text
                    if piece.author:
                        found.by[name] = (piece.author, piece.date)
    return found


def _heading_here(paragraph: Paragraph, place: str, printed: _Printed, lost: Mapping[str, str], found: _Found) -> str:
    """The heading that holds from this paragraph on."""
    for piece in paragraph.pieces:
        for name in piece.marks:
            if name in printed.headings and normal(piece.text):
                found.headings.add(name)
                return name
            if name.startswith("c_"):
                return _DOUBTFUL
    text = paragraph.text.strip()
    again = lost.get(anchors.digits(text)) or lost.get(anchors.digits(unnumbered(text))) if text else None
    if again is not None:
        found.headings.add(again)
    return again or place


def _split(name: str) -> tuple[str, str]:
    """A passage's bookmark as evidence id and digits."""
    _p, ident, digits = name.split("_", 2)
    return ident, digits


def _short(text: str) -> str:
    text = fold(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
