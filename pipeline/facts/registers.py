"""Lists of what stands at the year's end: the branches with their elections, the persons in a post.

They are read from tables by what their columns hold, whatever the order; prose only where no table says it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.facts.data import tables
from pipeline.facts.mentions import is_plan, is_rule
from pipeline.facts.people import branch_in
from pipeline.facts.rows import Row, dates_here, is_event_date, row_of
from pipeline.facts.years import YearHere, years_of
from pipeline.model import Event, Evidence
from pipeline.text import number, unspace

_BRANCH_CELL = re.compile(r"^.{1,20}(?:党支部|支部)$")
_ELECTED = re.compile(r"本届|选举|改选|换届|届|任期(?:起止|起始|开始|起)")
_NOT_ELECTED = re.compile(
    r"上届|上一届|上次|前次|下届|下次|下一届|到期|届满|应换|拟|计划|提醒|任期(?!起|开始)|届次|第几届"
)
_PREVIOUS = re.compile(r"上届|上一届|上次|前次")
_PREVIOUS_ELECTION = re.compile(r"(?:上次|上一次|最近一?次|前次)[^，。]{0,4}(?:换届|选举|改选)")
_TOLD_ELECTION = re.compile(
    r"([\u4e00-\u9fff\d]{2,18}支部)(?:已|均|分别)?(?:于|在)?"
    r"((?:[12]\d{3}|[一二][零〇○一二三四五六七八九]{3})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:\s*\d{1,2}\s*日)?)"
    r"(?:[^，。；]{0,10}?)(?:换届|选举产生|改选|成立)"
)
_TERM = re.compile(r"(?<!\d)([0-9]|[一二三四五两])\s*年(?!\s*\d)")
_BOTH = re.compile(r"双带头人")
_TEACHERS = re.compile(r"教工|教师|教职工|教辅|机关|教学")
_STUDENTS = re.compile(r"学生|研究生|本科生|学员")
_YES = re.compile(r"^(?:是|√|✓|✔|有|Y|y|yes|已是|符合|双带头人)$")
_NO = re.compile(r"^(?:否|×|✗|不是|没有|N|n|no|未|不符合|暂不是|尚未)$")
_LEFT = re.compile(r"调离|离任|离职|卸任|免去|退休|借调|空缺|暂缺|不再")
_PENDING = re.compile(r"拟(?!定)|待(?:定|聘|配)|计划|招聘中|空缺|暂缺")
_EARLIER = re.compile(r"此前|以前|过去|之前|原先|原来|往年|去年|上年")
_WANTED = re.compile(r"至少|应(?:当|配|有)|要求|推荐")


@dataclass(frozen=True, slots=True)
class Branch:
    """A 党支部 as its department lists it. Dates are ISO, a month where no day is given."""

    name: str
    teachers: bool | None
    elected: str | None
    previous: str | None
    years: float | None
    both: bool | None  # its secretary is 双带头人; None where the table does not ask
    extended: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """Persons in a post. `count` is what a table lists by name, or what prose says; `said` where prose says it."""

    count: int
    names: tuple[str, ...]
    evidence: tuple[str, ...]
    said: str = ""


def branches_of(documents: Sequence[Sequence[Evidence]], events: Sequence[Event], run_year: int) -> tuple[Branch, ...]:
    """The department's branches, each with its latest election that the tables or the minutes record."""
    known: dict[str, Branch] = {}
    for items in documents:
        for item, year in zip(items, years_of(items, run_year), strict=True):
            branch = _branch(item, year) if item.kind == "row" else None
            if branch is not None:
                known[branch.name] = _merged(known[branch.name], branch) if branch.name in known else branch
    if not known:
        known = _branches_in_prose(documents, run_year)
    for event in events:
        if event.kind == "换届" and event.status == "held" and event.date and event.subject in known:
            branch = known[event.subject]
            both = tuple(dict.fromkeys((*branch.evidence, *event.evidence)))
            latest = max(branch.elected or "", event.date)
            known[event.subject] = replace(branch, elected=latest, evidence=both)
    return tuple(known[name] for name in sorted(known, key=_branch_order))


def _branches_in_prose(documents: Sequence[Sequence[Evidence]], run_year: int) -> dict[str, Branch]:
    """The branches whose elections only sentences tell (教工第一党支部2022年5月换届，任期三年), where no table lists any."""
    known: dict[str, Branch] = {}
    for items in documents:
        if any(i.kind != "row" and (is_plan(i) or is_rule(i)) for i in items[:1]):
            continue
        years = years_of(items, run_year)
        text = "".join(unspace(i.text) for i in items if i.kind != "row")
        terms = {number(m[1]) for m in re.finditer(r"任期(?:均|都|一律)?(?:为|是)?\s*([0-9一二三四五两])\s*年", text)}
        term = float(next(iter(terms)) or 0) if len(terms) == 1 else None
        for item, year in zip(items, years, strict=True):
            if item.kind == "row":
                continue
            for match in _TOLD_ELECTION.finditer(unspace(item.text)):
                name, days = branch_in(match[1]), dates_here(match[2], year)[0]
                if not name or not days or _PENDING.search(match[0]):
                    continue
                branch = Branch(
                    name=name,
                    teachers=False if _STUDENTS.search(name) else True if _TEACHERS.search(name) else None,
                    elected=days[-1].iso,
                    previous=None,
                    years=term,
                    both=None,
                    extended=False,
                    evidence=(item.id,),
                )
                known[name] = _merged(known[name], branch) if name in known else branch
    return known


def posts_of(evidence: Sequence[Evidence], noun: str) -> tuple[Post | None, Post | None]:
    """Who holds the post (专职组织员): by the tables, and by prose. None where neither speaks of such posts at all."""
    core = re.sub(r"^(?:专职|兼职|专兼职)", "", noun)
    listed, seen, rows = {}, False, []
    for item in evidence:
        if item.kind == "row":
            row = row_of(item)
            about = [unspace(t) for t in (*item.heading, item.locator.sheet or "")]
            inside = core in row.content or any(core in c.column for c in row.cells)
            if not (inside or (any(core in t for t in about[-2:]) and _has_person(row))):
                continue
            listed_as = any(core in t for t in about) or any(core in c.column for c in row.cells)
            if not _has_person(row) or (not listed_as and any(is_event_date(c.column) for c in row.cells)):
                continue
            seen = True
            rows.append(item.id)
            name = row.first("person") or next(
                (c.text for c in row.cells if re.fullmatch(r"[\u4e00-\u9fff·*]{2,4}", c.text)), ""
            )
            if _holds(row, noun, core) and name:
                listed[name] = item.id
    table = Post(len(listed), tuple(listed), tuple(listed.values()) or tuple(rows)) if seen else None
    return table, _post_in_prose(evidence, noun, core)


def _is_person(name: str) -> bool:
    return name[0] in tables()["people"]["surnames"] and not re.search(
        r"[的了在和与为是]|岗位|职责|作用|队伍|工作", name
    )


def _has_person(row: Row) -> bool:
    return any(re.fullmatch(r"[\u4e00-\u9fff·*]{2,4}", cell) for cell in row.of("person"))


def _holds(row: Row, noun: str, core: str) -> bool:
    text = unspace(row.content)
    if _LEFT.search(text) or _PENDING.search(text):
        return False
    if noun == core:
        return True
    prefix = noun[: -len(core)]
    other = {"专职": "兼职", "兼职": "专职"}.get(prefix, "")
    if other and other in text and prefix not in text:
        return False
    either = [c.text for c in row.cells if re.search(r"专.{0,2}兼", c.column)]  # 专/兼职: 专
    if prefix and either:
        return any(c.startswith(prefix[0]) for c in either)
    flagged = [c.text for c in row.cells if prefix in c.column and "兼" not in c.column]
    if flagged and not any(prefix in c for c in flagged):
        return any(_YES.match(c) for c in flagged)
    return prefix in text and not re.search(rf"非{prefix}", text)


def _post_in_prose(evidence: Sequence[Evidence], noun: str, core: str) -> Post | None:
    forms = (
        re.compile(rf"{noun}(?:共|计|现有|有|配备|配齐)?(?:了)?\s*(\d+|[一二两三四五六七八九十]+)\s*(?:名|人|位)"),
        re.compile(rf"(\d+|[一二两三四五六七八九十]+)\s*(?:名|位|个)\s*(?:校级|学院)?{noun}"),
        re.compile(
            rf"{core}[^。；]{{0,16}}?{noun[: -len(core)] or noun}\s*(\d+|[一二两三四五六七八九十]+)\s*(?:名|人|位)"
        ),
    )
    by_name = re.compile(
        rf"{noun}(?:为|是|由)?[：:]?\s*([\u4e00-\u9fff*]{{2,3}}(?:、[\u4e00-\u9fff*]{{2,3}})*)(?=[，。；（(、]|$|同志|担任)"
    )
    lacking = re.compile(
        rf"{noun[:2]}(?:{core})?(?:岗位)?(?:暂缺|空缺|空岗|缺编|缺岗)|(?:没有|未配备|尚无|暂无|无|缺少|未设)(?:配备)?{noun}|{noun}[^。；]{{0,16}}(?:空岗|空缺|暂缺|未补齐|未到位|未配备|没有配)"
        rf"|{core}[^。；]{{0,20}}(?:由[^。；]{{1,12}}兼(?:任|着|职)|未配专职)"
    )
    other_count = re.compile(rf"兼职{core}\s*(?:\d+|[一二两三四五六七八九十]+)\s*(?:名|人|位)")
    found: Post | None = None
    other: Post | None = None
    for item in sorted(evidence, key=lambda e: (e.source, e.id)):
        text = unspace(item.text)
        if is_plan(item) or is_rule(item) or core not in text:
            continue
        for sentence in re.findall(r"[^。；]+", text):
            gap = None if _EARLIER.search(sentence) else lacking.search(sentence)
            if gap:
                return Post(0, (), (item.id,), gap[0])
            if _PENDING.search(sentence) or _LEFT.search(sentence) or _WANTED.search(sentence):
                continue
            counts = [number(m[1]) or 0 for form in forms for m in form.finditer(sentence)]
            named = by_name.search(sentence)
            if not counts and named and all(_is_person(name) for name in named[1].split("、")):
                counts = [len(named[1].split("、"))]
            if counts and (found is None or max(counts) > found.count):
                found = Post(max(counts), (), (item.id,), sentence.strip())
            elif noun.startswith("专职") and "专" not in sentence and other_count.search(sentence):
                other = Post(0, (), (item.id,), sentence.strip())
    return found or other  # 设兼职组织员2名, and nowhere a full-time one: there is none


def _branch(item: Evidence, year: YearHere) -> Branch | None:
    row = row_of(item)
    name = next((c for c in row.of("branch") if _BRANCH_CELL.match(c)), "")
    name = name or next((c.text for c in row.cells if _BRANCH_CELL.match(c.text) and len(c.text) <= 16), "")
    elected = _column_date(row, year, _ELECTED, _NOT_ELECTED)
    only_last = not any(_ELECTED.search(c.column) and not _NOT_ELECTED.search(c.column) for c in row.cells)
    if only_last:  # 上次换届时间 with no column for this term: the branch's latest election is that one
        elected = _column_date(row, year, _PREVIOUS_ELECTION, None)
    both_cells = [c.text for c in row.cells if _BOTH.search(c.column)]
    has_election = not only_last or any(_PREVIOUS_ELECTION.search(c.column) for c in row.cells)
    if not name or not (has_election or both_cells):
        return None
    kind = " ".join(c.text for c in row.cells if re.search(r"类型|类别|性质", c.column)) or name
    both = next((True if _YES.match(c) else False if _NO.match(c) else None for c in both_cells), None)
    teachers = False if _STUDENTS.search(kind) else True if _TEACHERS.search(kind) or both is not None else None
    return Branch(
        name=name,
        teachers=teachers,
        elected=elected,
        previous=(None if only_last else _column_date(row, year, _PREVIOUS, None)) or _previous_in_remarks(row, year),
        years=_term(row),
        both=both,
        extended=bool(
            re.search(r"(?:批准|同意|批复)[^，。；]{0,6}延期|延期[^，。；]{0,10}(?:批准|同意|批复)", row.content)
        ),
        evidence=(item.id,),
    )


def _column_date(row: Row, year: YearHere, columns: re.Pattern[str], without: re.Pattern[str] | None) -> str | None:
    for cell in row.cells:
        if columns.search(cell.column) and not (without is not None and without.search(cell.column)):
            if _PENDING.search(cell.text):
                continue
            dates = dates_here(cell.text, year, cell=True)[0]
            if dates:
                return dates[0].iso
    return None


def _previous_in_remarks(row: Row, year: YearHere) -> str | None:
    for cell in row.cells:
        match = _PREVIOUS.search(cell.text)
        dates = [d for d in dates_here(cell.text, year)[0] if match and d.start >= match.start()]
        if dates:
            return dates[0].iso
    return None


def _term(row: Row) -> float | None:
    cell = next((c.text for c in row.cells if "任期" in c.column), "")
    match = _TERM.search(cell) or re.match(r"^(\d)$", cell)
    value = number(match[1]) if match else None
    return None if value is None else float(value)


def _merged(first: Branch, second: Branch) -> Branch:
    """One branch listed twice: the later election, and what either table knows."""
    return Branch(
        name=first.name,
        teachers=first.teachers if first.teachers is not None else second.teachers,
        elected=max(first.elected or "", second.elected or "") or None,
        previous=first.previous or second.previous,
        years=first.years or second.years,
        both=first.both if first.both is not None else second.both,
        extended=first.extended or second.extended,
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
    )


def _branch_order(name: str) -> tuple[int, int, str]:
    """教工 before 学生, 第一 before 第二, as a clerk lists them."""
    match = re.search(r"第?([一二三四五六七八九十\d]+)(?:党)?支部", name)
    return (1 if _STUDENTS.search(name) else 0, (number(match[1]) or 99) if match else 99, name)
