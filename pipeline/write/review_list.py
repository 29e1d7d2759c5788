"""审阅清单.xlsx: everything of a run that waits for a person, the weightiest first.

What a reader of a returned file may rely on (`review` does):

- sheet `DOUBTFUL`: the header row holds `COLUMNS`; a decision stands in `决定` as an entry of the hidden sheet
  `选项`, column A (`1.1(1) 坚持以…`: the code is what stands before the first blank), `NO_INDICATOR`, `STRIKE`, or
  `AGREE` for what stands in `建议归入`;
  the hidden columns `佐证标识` and `文本指纹` say which passage it is;
- sheet `CONFLICT`: a decision in `处理`, the contradiction's name (`review.doubles`) in the hidden column `矛盾标识`;
- sheet `DUPLICATE`: a decision in `处理`; both paths stand in the row, the names of both contents in the hidden
  column `内容标识`;
- all cells to fill in are empty when the file is written, so any that is not was filled in by a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Conflict, Decision, Dossier, Duplicate, Edition, Evidence, Indicator, IndicatorScore, Problem
from pipeline.review.carry import STALE_WORDS
from pipeline.review.decisions import CONFLICT_CHOICES, DUPLICATE_CHOICES, NAMES
from pipeline.review.doubles import conflict_name, pair_name
from pipeline.review.tables import follows
from pipeline.settings import Review, load_settings
from pipeline.text import fingerprint, unspace
from pipeline.write.words import AGREE, DUPLICATES, NO_INDICATOR, ROLES, STRIKE, file_name, place, short
from pipeline.write.workbook import RED, Book, Cell

DOUBTFUL, CONFLICT, DUPLICATE, STALE = "待审阅段落", "矛盾", "重复雷同", "过时的决定"
HELP, CHOICES = "说明", "选项"
COLUMNS = (
    "序号",
    "单位",
    "内容",
    "建议归入",
    "把握",
    "第二可能",
    "影响分值",
    "同类",
    "文件",
    "位置",
    "性质",
    "决定",
    "备注",
    "佐证标识",
    "文本指纹",
)
_WIDTHS = (6, 22, 66, 26, 7, 24, 8, 7, 26, 14, 8, 28, 20, 10, 10)


def review_list(
    dossiers: Iterable[Dossier], duplicates: Sequence[Duplicate], edition: Edition, limits: Review | None = None
) -> bytes:
    """The workbook of a whole run. `dossiers` may be a generator: one is held at a time."""
    doubtful, conflicts, cited, stale = _gather(dossiers, limits or load_settings().review)
    book = Book(edition, "双创审阅清单")
    _doubtful(book, doubtful, edition)
    _conflicts(book, conflicts, cited)
    _duplicates(book, duplicates)
    if stale or edition.unheeded:
        _stale(book, stale, edition.unheeded)
    _help(book, edition)
    _choices(book, edition)
    return book.save()


def effect(item: Evidence, scores: Mapping[str, IndicatorScore]) -> float:
    """How many points a decision on this passage may move: over the codes in question, confidence times what is at stake.

    At stake in an indicator are all its points while it is undecided, else the larger of what it still lacks and the
    passage's share among the evidence that carries it (1/(n+1) beside n others). Where the confidences do not make up
    the whole (a text that cannot be judged by its words), the rest may be any indicator.
    """
    weights = {a.code: a.confidence for a in item.alternatives} or {item.code: item.confidence}
    known = sum(weight * _at_stake(scores.get(code)) for code, weight in weights.items() if code)
    stakes = [_at_stake(score) for score in scores.values()]
    return round(known + max(0.0, 1 - sum(weights.values())) * sum(stakes) / max(1, len(stakes)), 2)


def _at_stake(score: IndicatorScore | None) -> float:
    if score is None or not score.applicable:
        return 0.0
    if score.final is None:
        return score.full
    return max(score.full - score.final, score.full / (1 + len(score.evidence)))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful passage, the points that a decision on it may move, and how many others follow that decision: rows of
    tables of its kind, and the same text elsewhere."""

    points: float
    item: Evidence
    like: int = 0


def in_order(dossiers: Iterable[Dossier], limits: Review) -> list[Doubt]:
    """All doubtful passages, those first whose decision moves most, with what follows it."""
    return _gather(dossiers, limits)[0]


def _gather(
    dossiers: Iterable[Dossier], limits: Review
) -> tuple[list[Doubt], list[Conflict], dict[str, Evidence], list[Decision]]:
    """The doubtful passages in order; the contradictions; the passages they cite; and decisions on texts that are gone."""
    doubtful: list[tuple[float, Evidence, str]] = []
    conflicts: list[Conflict] = []
    cited: dict[str, Evidence] = {}
    stale: list[Decision] = []
    for dossier in dossiers:
        stale.extend(dossier.stale)
        scores = {s.code: s for s in dossier.score.indicators}
        follow = follows(dossier.evidence, limits)
        wanted = {ident for conflict in dossier.facts.conflicts for ident in conflict.evidence}
        conflicts.extend(dossier.facts.conflicts)
        for item in dossier.evidence:
            if item.status == "review":
                doubtful.append((effect(item, scores), item, follow.get(item.id) or fingerprint(item.text)))
            if item.id in wanted:
                cited[item.id] = item
    return _ranked(doubtful), conflicts, cited, stale


def _ranked(doubtful: Sequence[tuple[float, Evidence, str]]) -> list[Doubt]:
    """Of those that one decision settles together the weightiest stands for all."""
    own = sorted(doubtful, key=lambda d: (-d[0], d[1].department, d[1].code or "", d[1].id))
    together: dict[str, list[float]] = {}
    for points, _item, group in own:
        together.setdefault(group, []).append(points)
    ranked, seen = [], set[str]()
    for points, item, group in own:
        if group in seen:
            ranked.append(Doubt(points, item))
        else:
            seen.add(group)
            ranked.append(Doubt(round(sum(together[group]), 2), item, len(together[group]) - 1))
    return sorted(ranked, key=lambda d: -d.points)


# ---------------------------------------------------------------- sheets


def _doubtful(book: Book, doubtful: Sequence[Doubt], edition: Edition) -> None:
    sheet = book.sheet(DOUBTFUL, _WIDTHS, keys="NO", repeat=3, freeze="D4", tab=RED)
    sheet.line(f"{edition.year}年度双创　待审阅段落", "title", 13, 32)
    sheet.line(
        f"共{len(doubtful)}段，按对得分的影响由大到小排列。请在浅黄色“决定”栏选择：归入哪一项，或{NO_INDICATOR}，或{STRIKE}。"
        f"同意建议的请选“{AGREE}”，选过的下次不再列出。“同类”是随这一段的决定改建议的段数，因此先看排在前面的。",
        "note",
        13,
    )
    sheet.row([Cell(head, "head") for head in COLUMNS], 24)
    labels = {i.code: label(i) for i in edition.guideline.thirds()}
    for number, doubt in enumerate(doubtful, 1):
        sheet.row(_doubtful_cells(number, doubt, labels))
    last = max(4, sheet.rows)
    if doubtful:
        sheet.choose(
            f"L4:L{last}",
            f"'{CHOICES}'!$A$2:$A${4 + len(labels)}",
            "选择同意建议、该段应归入的三级指标、不属于任何指标或删除。",
            strict=False,
        )
    sheet.raw.auto_filter.ref = f"A3:O{last}"  # the hidden columns are sorted with the others
    sheet.raw.print_area = f"A1:M{last}"
    sheet.protect()


def _doubtful_cells(number: int, doubt: Doubt, labels: Mapping[str, str]) -> list[Cell]:
    item = doubt.item
    return [
        Cell(number, "count"),
        Cell(item.department, "small"),
        Cell(item.text, "small"),
        Cell(labels.get(item.code or "", NO_INDICATOR), "small"),
        Cell(item.confidence, "share"),
        Cell(_second(item, labels), "small"),
        Cell(doubt.points, "points"),
        Cell(doubt.like or "", "count"),
        Cell(file_name(item.source), "small"),
        Cell(place(item), "small"),
        Cell(ROLES[item.role], "centre"),
        Cell("", "input"),
        Cell("", "input"),
        Cell(item.id, "key"),
        Cell(fingerprint(item.text), "key"),
    ]


def _second(item: Evidence, labels: Mapping[str, str]) -> str:
    """The code that came second with its confidence; "" where there was none."""
    for other in item.alternatives:
        if other.code != item.code:
            name = labels.get(other.code or "", NO_INDICATOR)
            return f"{name}（{other.confidence:.0%}）"
    return ""


def label(indicator: Indicator) -> str:
    """An indicator as an entry of the drop-down list: its code, a blank, the beginning of its text."""
    return f"{indicator.code} {short(unspace(indicator.text), 20)}"


def _conflicts(book: Book, conflicts: Sequence[Conflict], cited: Mapping[str, Evidence]) -> None:
    sheet = book.sheet(CONFLICT, (6, 24, 14, 46, 48, 48, 16, 24, 10), keys="I", repeat=3, freeze="C4")
    sheet.line("材料之间的矛盾", "title", 8, 30)
    sheet.line("请核对两处原件，在浅黄色栏内选择如何处理。", "note", 8)
    heads = ("序号", "单位", "情形", "说明", "第一处", "第二处", "处理", "备注", "矛盾标识")
    sheet.row([Cell(head, "head") for head in heads], 22)
    for number, conflict in enumerate(conflicts, 1):
        sheet.row(_conflict_cells(number, conflict, cited))
    if conflicts:
        sheet.choose(f"G4:G{sheet.rows}", f'"{",".join(CONFLICT_CHOICES)}"', "选择以哪一处为准。")
    else:
        sheet.line("没有发现。", "note", 8)
    sheet.raw.print_area = f"A1:H{sheet.rows}"
    sheet.protect()


def _conflict_cells(number: int, conflict: Conflict, cited: Mapping[str, Evidence]) -> list[Cell]:
    places = [_quoted(cited[ident]) for ident in conflict.evidence if ident in cited]
    second = "\n".join(places[1:])
    return [
        Cell(number, "count"),
        Cell(conflict.department, "small"),
        Cell(conflict.kind, "centre"),
        Cell(conflict.message, "small"),
        Cell(places[0] if places else "", "small"),
        Cell(second, "small"),
        Cell("", "input_choice"),
        Cell("", "input"),
        Cell(conflict_name(conflict, {ident: item.text for ident, item in cited.items()}), "key"),
    ]


def _quoted(item: Evidence) -> str:
    return f"{file_name(item.source)}，{place(item)}：{short(item.text, 90)}"


def _duplicates(book: Book, duplicates: Sequence[Duplicate]) -> None:
    sheet = book.sheet(DUPLICATE, (6, 16, 22, 44, 22, 44, 8, 40, 14, 20, 10), keys="K", repeat=3, freeze="A4")
    sheet.line("重复与雷同", "title", 10, 30)
    sheet.line("雷同不等于抄袭：转发的通知、统一的制度文本本来就会相同。请核对后选择处理办法。", "note", 10)
    heads = ("序号", "情形", "单位一", "文件一", "单位二", "文件二", "重合", "说明", "处理", "备注", "内容标识")
    sheet.row([Cell(head, "head") for head in heads], 22)
    for number, item in enumerate(duplicates, 1):
        sheet.row(
            [
                Cell(number, "count"),
                Cell(DUPLICATES[item.kind], "small"),
                Cell(item.first_department, "small"),
                Cell(item.first, "small"),
                Cell(item.second_department, "small"),
                Cell(item.second, "small"),
                Cell(item.share, "share"),
                Cell(item.reason, "small"),
                Cell("", "input_choice"),
                Cell("", "input"),
                Cell(pair_name(item), "key"),
            ]
        )
    if duplicates:
        sheet.choose(f"I4:I{sheet.rows}", f'"{",".join(DUPLICATE_CHOICES)}"', "选择处理办法。")
    else:
        sheet.line("没有发现。", "note", 10)
    sheet.protect()


def _stale(book: Book, stale: Sequence[Decision], others: Sequence[Problem]) -> None:
    """Decisions that were not carried out: for a look only, they are mended in decisions.xlsx."""
    sheet = book.sheet(STALE, (9, 24, 14, 9, 60, 40, 12, 50), repeat=3)
    sheet.line("没有执行的决定", "title", 8, 30)
    sheet.line("决定仍保留在 decisions.xlsx 里；请按“说明”在那里改写或删去。", "note", 8)
    heads = ("编号", "单位", "类型", "指标", "段落原文", "内容", "审阅人", "说明")
    sheet.row([Cell(head, "head") for head in heads], 22)
    for d in stale:
        told = (d.id, d.department, NAMES[d.kind], d.code or "", d.text, d.value, d.who, STALE_WORDS)
        sheet.row([Cell(value, "small") for value in told])
    for problem in others:
        sheet.row([Cell(value, "small") for value in (problem.place, *[""] * 6, problem.sentence())])
    sheet.protect()


def _help(book: Book, edition: Edition) -> None:
    sheet = book.sheet(HELP, (120,))
    sheet.line("怎样审阅", "title", height=30)
    masked = "、".join(edition.masked)
    for text in (
        "1. “待审阅段落”列出程序拿不准的段落。先看排在前面的：它们对得分的影响最大。“影响分值”是决定后可能变动的分数的估计。",
        f"2. 在“决定”栏从列表中选择；也可以直接填写指标编码，例如 2.1(1)，或“{AGREE}”。“备注”可写理由，会一并记入决定。",
        "3. “矛盾”“重复雷同”两页同样在浅黄色栏内选择处理办法。",
        "4. 改好后保存，把本文件放进 inputs/reviewed 文件夹（或留在原处），运行“review apply”。"
        "每一处改动都会答复：已采用、已过时或有冲突，不会悄悄丢掉。",
        "5. 可以筛选，可以只审一部分；没有填写的留待下次。请不要删除列或改动隐藏的列。",
        *([f"6. 个人信息已遮盖：{masked}。"] if masked else []),
    ):
        sheet.line(text, "note")
    sheet.protect()


def _choices(book: Book, edition: Edition) -> None:
    """The drop-down's entries: too long for Excel's 255 characters, so they stand in cells of a hidden sheet."""
    sheet = book.sheet(CHOICES, (60,), hidden=True)
    sheet.row([Cell("决定", "key")], 15)
    for entry in (AGREE, *(label(i) for i in edition.guideline.thirds()), NO_INDICATOR, STRIKE):
        sheet.row([Cell(entry, "key")], 15)
    sheet.protect()
