"""The values that cross a module's border. Everything here is frozen and knows nothing of files, models or Word.

Each class carries the field's own term (glossary in README): 指标 Indicator, 任务要求 Requirement, 佐证 Evidence,
段落 Passage, 活动 Event, 自评 self score, 复核 review. `msgspec` encodes and decodes all of them as JSON
(`encode`, `decode` below), so the store, the guarded children and a cluster speak one language.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar

import msgspec

Role = Literal["profile", "done", "result", "problem", "plan", "rule", "other"]
EvidenceStatus = Literal["accepted", "review", "none", "duplicate"]
Method = Literal["code", "layout", "model", "decision"]
FileStatus = Literal["read", "failed", "skipped", "duplicate", "withheld"]
RequirementKind = Literal["frequency", "amount", "ratio", "each", "tenure", "other"]
Period = Literal["month", "two_months", "quarter", "term", "half_year", "year", "two_years"]
PERIOD_NAMES: dict[Period, str] = {
    "month": "每月",
    "two_months": "每两个月",
    "quarter": "每季度",
    "term": "每学期",
    "half_year": "每半年",
    "year": "每年",
    "two_years": "每两年",
}
PassageKind = Literal["paragraph", "item", "row", "heading", "note", "comment", "header"]
EventStatus = Literal["held", "planned", "cancelled", "undated"]

T = TypeVar("T")


def encode(value: Any) -> bytes:
    """Any value of this module, or a list of them, as UTF-8 JSON."""
    return msgspec.json.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """The inverse of `encode`; raises `msgspec.ValidationError` where the data is no `kind`."""
    return msgspec.json.decode(data, type=kind)


# ---------------------------------------------------------------- places and problems


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in one file, counted from 1 as a person counts (CONTRACT: evidence.jsonl).

    PDF and images carry `page` (a PDF table row also `table` and `row`); DOCX `paragraph`, or `table` and `row`;
    XLSX `sheet` and `row`; TXT `paragraph`. `page_basis` says where a DOCX page number comes from; no guesses.
    """

    page: int | None = None
    page_basis: Literal["saved", "rendered"] | None = None
    paragraph: int | None = None
    table: int | None = None
    sheet: str | None = None
    row: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's form: only the keys that are set."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    def chinese(self) -> str:
        """The place as a clerk reads it: 第3页, 第12段, 表2第5行, “三会一课”第8行."""
        if self.sheet is not None:
            return f"“{self.sheet}”第{self.row}行" if self.row else f"“{self.sheet}”"
        parts = []
        if self.page is not None:
            parts.append(f"第{self.page}页")
        if self.table is not None:
            parts.append(f"表{self.table}" + (f"第{self.row}行" if self.row else ""))
        elif self.paragraph is not None:
            parts.append(f"第{self.paragraph}段")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong with one file or place, as a value. All texts are Chinese and free of personal data."""

    path: str  # relative to the workspace, `/`
    stage: str  # identify, read, ocr, map, write, verify …
    message: str  # one sentence: what is the matter
    remedy: str  # one sentence: what the clerk does now
    place: str = ""  # Locator.chinese(), a cell, a tag …

    def sentence(self) -> str:
        """What is printed: reason and remedy in one Chinese sentence each."""
        return f"{self.message}{self.remedy}"


# ---------------------------------------------------------------- the guideline


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the guideline says must be done so and so often, or reach so much.

    `id` is the indicator's code, `#` and a serial (`2.1(1)#1`). `minimum` is in `unit` per `period`
    (events: 次; hours: 学时; persons: 名; ratio: %). `subject` is who must do it, in the guideline's words or "".
    `text` are the guideline's own words that say so.
    """

    id: str
    kind: RequirementKind
    period: Period | None
    minimum: float | None
    unit: str
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 指标 of level 1 to 3, in the guideline's order. `full` are the points the guideline prints, else None."""

    code: str
    level: int
    parent: str | None
    text: str
    full: float | None = None
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in the guideline itself: where, what, and what it might be (never changed silently)."""

    place: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Guideline:
    """The compiled guideline: all three levels in order. `year` is None where the title names none."""

    title: str
    year: int | None
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...] = ()
    corrections: tuple[str, ...] = ()  # accepted entries of inputs/勘误.xlsx, as sentences
    path: str = ""
    sha256: str = ""

    def thirds(self) -> tuple[Indicator, ...]:
        """The third-level indicators, which everything is filed under."""
        return tuple(i for i in self.indicators if i.level == 3)

    def get(self, code: str) -> Indicator:
        """The indicator of that code; KeyError where there is none."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise KeyError(code)

    def children(self, code: str) -> tuple[Indicator, ...]:
        """The indicators one level below `code`, in order."""
        return tuple(i for i in self.indicators if i.parent == code)


@dataclass(frozen=True, slots=True)
class Change:
    """How one third-level indicator fares from one edition of the guideline to the next (CONTRACT: guideline diff).

    `words` is the new text in pieces: "=" kept, "-" gone, "+" new. `minimums` are Chinese sentences on figures that moved.
    """

    old: str | None
    new: str | None
    change: Literal["same", "reworded", "moved", "added", "removed"]
    old_text: str = ""
    new_text: str = ""
    words: tuple[tuple[Literal["=", "-", "+"], str], ...] = ()
    minimums: tuple[str, ...] = ()


# ---------------------------------------------------------------- what is handed in, and what was read from it


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file under inputs/submissions, before reading; a member of an archive is `a.zip!/b.docx`.

    `status` is None while the file still waits to be read; `reason` is then None too.
    """

    path: str  # relative to the workspace, `/`
    department: str
    sha256: str
    bytes: int
    kind: str  # by its bytes: docx, pdf, xlsx, image, doc, xls, wps, rtf, txt, csv, zip …, empty, unknown
    status: FileStatus | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What a clerk would file as one thing: a paragraph, a list item, a table row.

    `text`: white space folded, personal data masked; a row's cells joined by ` | `, their names in `columns`.
    `heading`: the headings above it, outermost first. `ocr`: mean confidence 0 to 1 where the text was recognised.
    `tall`: for each cell of a row the row in which it begins, where it covers several (merged), else 0; () where none
    does. Rows with the same number there share one cell: what it says, it says once for all of them.
    """

    text: str
    locator: Locator
    kind: PassageKind = "paragraph"
    columns: tuple[str, ...] | None = None
    heading: tuple[str, ...] = ()
    hidden: bool = False
    ocr: float | None = None
    tall: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Characters:
    """The ledger of one file: `file` == `captured` + sum of `skipped` (non-blank characters).

    `skipped` names what was left out: 页眉页脚, 页码, 删除的修订, 隐藏文字, 批注, 目录 …
    """

    file: int
    captured: int
    skipped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read completely. `marked` is its 密级 mark; then `passages` is empty and nothing else is kept."""

    kind: str
    passages: tuple[Passage, ...]
    characters: Characters | None
    title: str = ""
    pages: int | None = None
    modified: str | None = None  # ISO date-time that stands inside the file, never the file system's
    marked: str | None = None
    notes: tuple[str, ...] = ()  # Chinese sentences: hidden sheets, comments, macros, external links …
    unread: str = ""  # Chinese: the pages that could not be read, and what to do


# ---------------------------------------------------------------- mapping


@dataclass(frozen=True, slots=True)
class Alternative:
    """A code that came into question, with its calibrated confidence. `code` None: belongs to no indicator."""

    code: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Filing:
    """Where one passage goes, and why (`why`: Chinese sentences for `explain`)."""

    code: str | None
    confidence: float
    status: EvidenceStatus
    method: Method
    role: Role
    also: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()  # at most 5, best first, `code` included
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage of one file, and where it went: a line of evidence.jsonl."""

    id: str
    department: str
    source: str
    locator: Locator
    text: str
    columns: tuple[str, ...] | None
    heading: tuple[str, ...]
    role: Role
    code: str | None
    also: tuple[str, ...]
    number: str | None  # 佐证号, e.g. 1-1-1-01
    confidence: float
    status: EvidenceStatus
    method: Method
    dates: tuple[str, ...]
    of: str | None = None  # the id kept, where status is duplicate
    kind: PassageKind = "paragraph"
    document: str = ""  # the document's title
    hidden: bool = False
    ocr: float | None = None
    alternatives: tuple[Alternative, ...] = ()
    why: tuple[str, ...] = ()
    tall: tuple[int, ...] = ()  # as in Passage
    placed: bool = False  # a person put it into the section of its role (问题与不足 …), or under its indicator

    def as_json(self) -> dict[str, Any]:
        """The contract's form of a line of evidence.jsonl (with a few keys more)."""
        row = asdict(self)
        row["locator"] = self.locator.as_json()
        if not self.placed:
            del row["placed"]
        if not self.tall:
            del row["tall"]
        if self.of is None:
            del row["of"]
        return row


# ---------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class Event:
    """One dated happening, however often it is mentioned. `date` is YYYY-MM-DD, or YYYY-MM where no day is given."""

    id: str
    department: str
    kind: str  # a kind of data/events.toml: 专题研究, 汇报, 党课, 思政课, 理论学习, 组织生活 …
    subject: str  # whose: 书记, 院长, a branch's name, "" where it does not matter
    date: str | None
    status: EventStatus
    codes: tuple[str, ...]
    topic: str
    evidence: tuple[str, ...]  # ids, the best record first


@dataclass(frozen=True, slots=True)
class Claim:
    """A number in prose (全年召开12次), kept apart from events."""

    department: str
    kind: str
    subject: str
    count: float
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that contradict each other, for the clerk to decide. Texts are Chinese."""

    id: str
    department: str
    kind: str  # 次数不符, 通知晚于会议, 实到超过应到, 日期不在年度内, 两单位雷同 …
    message: str
    evidence: tuple[str, ...]  # ids of both places


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two files, or passages, that are the same or nearly so. `share` 0 to 1 of the shorter text."""

    kind: Literal["bytes", "text", "version", "last_year"]
    first: str  # path
    second: str
    first_department: str
    second_department: str
    share: float
    reason: str
    contents: tuple[str, str] = ("", "")  # what names both files' contents, saved again or not (intake.signature)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one department's evidence says happened."""

    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()  # dates that cannot be, and other things named but not counted
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)  # kind -> ledgers and minutes that keep it


# ---------------------------------------------------------------- scores


@dataclass(frozen=True, slots=True)
class Verdict:
    """One requirement decided for one department. `met` None: 无法核实. `found` counts distinct dated events."""

    id: str
    text: str
    period: str | None
    minimum: float | None
    found: float | None
    met: bool | None
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # periods or things that are missing, in Chinese: 3月, 第三季度, 教工第二党支部
    reason: str = ""
    dates: tuple[str, ...] = ()  # of the events counted, ISO


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One department × indicator. `final` is the reviewer's figure, else `suggested`; None is 未定, never zero."""

    code: str
    full: float
    self: float | None
    suggested: float | None
    final: float | None
    reviewed: bool = False
    applicable: bool = True
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    requirements: tuple[Verdict, ...] = ()
    remark: str = ""  # the reviewer's 备注


@dataclass(frozen=True, slots=True)
class DepartmentScore:
    """One department's scores; `total` sums the known finals, `open` the points not yet decidable."""

    name: str
    total: float
    open: float
    grade: str | None
    indicators: tuple[IndicatorScore, ...]
    notes: tuple[str, ...] = ()  # bonuses, vetoes, quota, self scores over full …


# ---------------------------------------------------------------- review


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing a person decided: a row of inputs/decisions.xlsx, which always wins over the program.

    `fingerprint` names the passage by its text (`text.fingerprint`), so a decision outlives renamed and re-saved files.
    """

    id: str  # 审-012
    kind: Literal[
        "code", "none", "strike", "edit", "add", "score", "na", "deduction", "grade", "number", "remark", "conflict"
    ]
    department: str
    fingerprint: str = ""
    text: str = ""  # the passage as it stood
    code: str | None = None  # the indicator decided, or the one scored
    value: str = ""  # new words, a score, a 佐证号, a remark …
    reason: str = ""
    who: str = ""
    when: str = ""
    source: str = ""  # the file and place the decision was read from
    row: int = 0  # its row in decisions.xlsx, from 1
    year: int | None = None  # the year it was decided for; None: the one at hand
    guideline: str = (
        ""  # the first 12 digits of the SHA-256 of the guideline that `code` belongs to; "": the one at hand
    )
    role: Role | None = None  # what the passage says, where a person moved it to another section
    table: str = ""  # the kind of table that the passage is a row of (review.tables), "" for all else


# ---------------------------------------------------------------- a department, and the whole run


@dataclass(frozen=True, slots=True)
class DepartmentInfo:
    """A line of the roster, or a folder that the roster does not know."""

    name: str
    aliases: tuple[str, ...] = ()
    secretary: str = ""
    dean: str = ""
    unit_type: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line of run.json's `files`."""

    path: str
    department: str
    sha256: str
    bytes: int
    kind: str
    status: FileStatus
    reason: str | None
    passages: int
    characters: Characters | None
    title: str = ""
    pages: int | None = None
    notes: tuple[str, ...] = ()
    unread: str = ""  # Chinese: the pages of a file otherwise read that could not be, and what to do
    left_out: str = ""  # the decision (审-012) by which another department's file counts instead of this one

    @property
    def counts_as_sent(self) -> bool:
        """Whether there is a document behind it: read, or the same as one that was (an archive alone is none)."""
        return self.status == "duplicate" or (self.status == "read" and self.characters is not None)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the run knows of one department; what the writers get."""

    info: DepartmentInfo
    files: tuple[FileEntry, ...]
    evidence: tuple[Evidence, ...]
    facts: Facts
    score: DepartmentScore
    stale: tuple[Decision, ...] = ()  # decisions on passages that stand in none of its files any more

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def missing(self) -> bool:
        """It sent nothing that could be read."""
        return not any(f.counts_as_sent for f in self.files)


@dataclass(frozen=True, slots=True)
class DepartmentSummary:
    """What is kept of a department after its documents are written: enough for the school's roll-up and the page."""

    info: DepartmentInfo
    score: DepartmentScore
    files: tuple[FileEntry, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    passages: dict[str, int]  # by evidence status, and "total"
    events: dict[str, int]  # held events by kind
    roles: dict[str, int]  # accepted evidence by role
    stale: tuple[Decision, ...] = ()

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def missing(self) -> bool:
        return not any(f.counts_as_sent for f in self.files)


@dataclass(frozen=True, slots=True)
class Edition:
    """What all documents of one run share. `stamp` is an ISO date fixed from the inputs: no clock is ever read."""

    year: int
    version: str
    run: str  # short hash of guideline, inputs and decisions: names the run in document properties
    stamp: str
    guideline: Guideline
    final: bool = False
    masked: tuple[str, ...] = ()  # kinds of personal data that are masked, for the note in the outputs
    unheeded: tuple[Problem, ...] = ()  # decisions that no department here can carry out, stale ones apart
