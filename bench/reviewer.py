"""A scripted reviewer: makes changes of every kind in a run's outputs as people do, and knows what she wanted.

Word files go through LibreOffice before and after she edits them, workbooks after, so that ids, tags and block controls
are as lost as they are in real life.
"""

import io
import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Editable
from openpyxl import load_workbook

from pipeline.review.decisions import read_decisions
from pipeline.text import normal
from pipeline.tools.soffice import convert
from pipeline.workspace import Workspace
from pipeline.write.marks import heading_name

SECONDS = 180.0
PLAN = {
    "move": 6,
    "delete": 4,
    "strike": 3,
    "tracked": 3,
    "edit": 6,
    "add": 5,
    "choose": 7,
    "take_up": 3,
    "comment": 3,
    "score": 5,
    "why": 2,
    "na": 2,
    "note": 1,
    "list_code": 6,
    "list_none": 2,
    "list_strike": 2,
}  # 60 in all


@dataclass(frozen=True)
class Wanted:
    """One change as it must come back: a decision's kind, whose, about which text, and what it says."""

    change: str
    kind: str
    department: str
    text: str = ""  # the evidence's text; "" for scores and new sentences
    code: str | None = None
    value: str = ""


@dataclass
class Reviewer:
    """Works through the outputs of one run."""

    workspace: Workspace
    year: int
    wanted: list[Wanted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = self.workspace.outputs(self.year)
        lines = (self.folder / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
        self.evidence = {row["id"]: row for row in map(json.loads, lines)}
        guideline = json.loads((self.folder / "guideline.json").read_text(encoding="utf-8"))
        self.codes = [i["code"] for i in guideline["indicators"] if i["level"] == 3]
        self.left = dict(PLAN)
        self.touched: set[tuple[str, str]] = set()  # department and letters of texts decided already

    def work(self) -> list[Wanted]:
        """All changes, spread over the departments, into inputs/reviewed/."""
        self.workspace.reviewed.mkdir(parents=True, exist_ok=True)
        folders = sorted(p for p in self.folder.iterdir() if p.is_dir() and not p.name.startswith("."))
        full = [f for f in folders if self._marked(f)]
        for number, folder in enumerate(full):
            rest = len(full) - number
            self._word(folder, {kind: -(-left // rest) for kind, left in self.left.items()})
            self._scores(folder, {kind: -(-left // rest) for kind, left in self.left.items()})
        self._list()
        return self.wanted

    def _marked(self, folder: Path) -> bool:
        return any(row["department"] == folder.name and row["status"] == "review" for row in self.evidence.values())

    # ------------------------------------------------------------ Word

    def _word(self, folder: Path, share: dict[str, int]) -> None:
        name = f"{self.year}年度双创工作总结.docx"
        document = Document(io.BytesIO(round_trip((folder / name).read_bytes(), "docx")))
        desk = _Draft(document)
        body = [n for n in desk.quoted() if self._free(folder.name, n)]
        doubtful = [n for n in desk.doubtful() if self._free(folder.name, n)]
        for kind in ("move", "delete", "strike", "tracked", "edit", "comment"):
            for _ in range(min(share[kind], self.left[kind])):
                if not body:
                    break
                name_of = body.pop(len(body) // 2)
                getattr(self, f"_{kind}")(desk, folder.name, name_of)
                self._done(kind, folder.name, name_of)
        for kind in ("choose", "take_up"):
            for _ in range(min(share[kind], self.left[kind])):
                if not doubtful:
                    break
                name_of = doubtful.pop(0)
                getattr(self, f"_{kind}")(desk, folder.name, name_of)
                self._done(kind, folder.name, name_of)
        for number in range(min(share["add"], self.left["add"])):
            self._add(desk, folder.name, number)
            self.left["add"] -= 1
        buffer = io.BytesIO()
        document.save(buffer)
        (self.workspace.reviewed / f"{folder.name}总结 张老师.docx").write_bytes(round_trip(buffer.getvalue(), "docx"))

    def _free(self, department: str, name: str) -> bool:
        row = self.evidence.get(name.split("_")[1])
        letters = normal(row["text"]) if row else ""
        return len(letters) >= 12 and (department, letters) not in self.touched and self._once(department, letters)

    def _once(self, department: str, letters: str) -> bool:
        rows = [r for r in self.evidence.values() if r["department"] == department and r["status"] != "duplicate"]
        return sum(normal(r["text"]) == letters for r in rows) == 1

    def _done(self, kind: str, department: str, name: str) -> None:
        self.left[kind] -= 1
        self.touched.add((department, normal(self._text(name))))

    def _text(self, name: str) -> str:
        return str(self.evidence[name.split("_")[1]]["text"])

    def _code(self, name: str) -> Any:
        return self.evidence[name.split("_")[1]]["code"]

    def _other(self, name: str) -> str:
        """Another indicator, the same for the same passage."""
        own = self.codes.index(self._code(name)) if self._code(name) in self.codes else 0
        return str(self.codes[(own + 7) % len(self.codes)])

    def _move(self, desk: "_Draft", department: str, name: str) -> None:
        code = self._other(name)
        desk.heading(code)._p.addnext(desk.paragraph(name)._p)
        self.wanted.append(Wanted("move", "code", department, self._text(name), code))

    def _delete(self, desk: "_Draft", department: str, name: str) -> None:
        paragraph = desk.paragraph(name)._p
        paragraph.getparent().remove(paragraph)
        self.wanted.append(Wanted("delete", "strike", department, self._text(name)))

    def _strike(self, desk: "_Draft", department: str, name: str) -> None:
        for run in desk.paragraph(name).runs:
            run.font.strike = True
        self.wanted.append(Wanted("strike", "strike", department, self._text(name)))

    def _tracked(self, desk: "_Draft", department: str, name: str) -> None:
        paragraph = desk.paragraph(name)._p
        for run in list(paragraph.iterchildren(qn("w:r"))):
            deletion = OxmlElement("w:del")
            deletion.set(qn("w:id"), "900")
            deletion.set(qn("w:author"), "张老师")
            deletion.set(qn("w:date"), f"{self.year}-12-20T09:00:00Z")
            run.addprevious(deletion)
            deletion.append(run)
            for text in run.iterchildren(qn("w:t")):
                text.tag = qn("w:delText")
        self.wanted.append(Wanted("tracked", "strike", department, self._text(name)))

    def _edit(self, desk: "_Draft", department: str, name: str) -> None:
        value = desk.rewrite(name, "按审阅意见，")
        self.wanted.append(Wanted("edit", "edit", department, self._text(name), self._code(name), value))

    def _comment(self, desk: "_Draft", department: str, name: str) -> None:
        paragraph = desk.paragraph(name)
        value = f"请核对第{len(self.wanted)}处的出处。"
        desk.document.add_comment(paragraph.runs, text=value, author="张老师", initials="张")
        self.wanted.append(Wanted("comment", "remark", department, self._text(name), None, value))

    def _choose(self, desk: "_Draft", department: str, name: str) -> None:
        turn = self.left["choose"] % 4
        shown = {1: "不属任何指标", 2: "删去此段"}.get(turn) or desk.entry(self._other(name))
        if turn == 1 and self._code(name) is None:
            shown = desk.entry(self._other(name))
        desk.show(name, shown)
        kind = {"不属任何指标": "none", "删去此段": "strike"}.get(shown, "code")
        code = shown.split(" ")[0] if kind == "code" else None
        self.wanted.append(Wanted("choose", kind, department, self._text(name), code))

    def _take_up(self, desk: "_Draft", department: str, name: str) -> None:
        code = self._other(name)
        desk.heading(code)._p.addnext(desk.paragraph(name)._p)
        self.wanted.append(Wanted("take_up", "code", department, self._text(name), code))

    def _add(self, desk: "_Draft", department: str, number: int) -> None:
        code = self.codes[(5 * number + 3) % len(self.codes)]
        value = f"审阅补充：该项工作由党总支书记牵头抓总，第{number + 1}次对账时全部销号，师生评价良好。"
        fresh = deepcopy(desk.plain()._p)
        for child in list(fresh):
            if child.tag != qn("w:pPr"):
                fresh.remove(child)
        desk.heading(code)._p.addnext(fresh)
        Editable(fresh, desk.document._body).add_run(value)
        self.wanted.append(Wanted("add", "add", department, "", code, value))

    # ------------------------------------------------------------ Excel

    def _scores(self, folder: Path, share: dict[str, int]) -> None:
        path = folder / f"{self.year}年度双创评分表.xlsx"
        book = load_workbook(path)
        sheet = book["评分表"]
        head = next(row for row in sheet.iter_rows() if any(cell.value == "复核分" for cell in row))
        column = {cell.value: cell.column for cell in head}
        rows = [r for r in range(head[0].row + 1, sheet.max_row + 1) if sheet.cell(r, column["编码"]).value]
        for kind, name, value in (
            ("score", "复核分", None),
            ("why", "扣分说明", "现场复核时台账缺一次签到"),
            ("na", "是否适用", "不适用"),
            ("note", "备注", "下学期再看"),
        ):
            for _ in range(min(share[kind], self.left[kind])):
                row = rows.pop(0)
                code, full = str(sheet.cell(row, column["编码"]).value), float(sheet.cell(row, column["分值"]).value)
                given = round(full / 2, 2) if kind == "score" else value
                sheet.cell(row, column[name]).value = given
                known = {"score": "score", "why": "deduction", "na": "na", "note": "remark"}[kind]
                told = f"{given:g}" if kind == "score" else "" if kind == "na" else str(given)
                self.wanted.append(Wanted(kind, known, folder.name, "", code, told))
                self.left[kind] -= 1
        buffer = io.BytesIO()
        book.save(buffer)
        (self.workspace.reviewed / f"{folder.name}评分 李老师.xlsx").write_bytes(round_trip(buffer.getvalue(), "xlsx"))

    def _list(self) -> None:
        book = load_workbook(self.folder / "审阅清单.xlsx")
        sheet = book["待审阅段落"]
        head = next(row for row in sheet.iter_rows() if any(cell.value == "决定" for cell in row))
        column = {cell.value: cell.column for cell in head}
        labels = {str(c.value).split(" ")[0]: c.value for c in book["选项"]["A"][1:]}
        for row in range(head[0].row + 1, sheet.max_row + 1):
            ident = str(sheet.cell(row, column["佐证标识"]).value)
            if ident not in self.evidence or not self._free(self.evidence[ident]["department"], f"p_{ident}_0"):
                continue
            kind = next((k for k in ("list_code", "list_none", "list_strike") if self.left[k]), None)
            if kind is None:
                break
            department, name = self.evidence[ident]["department"], f"p_{ident}_0"
            code = self._other(name) if kind == "list_code" else None
            shown = {"list_none": "不属于任何指标", "list_strike": "删除"}.get(kind) or labels[str(code)]
            sheet.cell(row, column["决定"]).value = shown
            sheet.cell(row, column["备注"]).value = "见原件"
            self.wanted.append(Wanted(kind, kind.removeprefix("list_"), department, self._text(name), code))
            self._done(kind, department, name)
        buffer = io.BytesIO()
        book.save(buffer)
        (self.workspace.reviewed / "审阅清单（王老师）.xlsx").write_bytes(round_trip(buffer.getvalue(), "xlsx"))


class _Draft:
    """A draft in python-docx's hands."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def _bookmarks(self) -> Iterator[tuple[str, Any]]:
        for start in self.document.element.body.iter(qn("w:bookmarkStart")):
            yield start.get(qn("w:name")), start

    def quoted(self) -> list[str]:
        """Passages of the body, one a paragraph."""
        doubted = set(self.doubtful())
        counted: dict[Any, list[str]] = {}
        for name, start in self._bookmarks():
            if name.startswith("p_") and name not in doubted:
                counted.setdefault(self._paragraph_of(start)._p, []).append(name)
        return [names[0] for names in counted.values() if len(names) == 1]

    def doubtful(self) -> list[str]:
        """Passages that have a list."""
        lists = {name[2:] for name, _ in self._bookmarks() if name.startswith("c_")}
        return [name for name, _ in self._bookmarks() if name.startswith("p_") and name.split("_")[1] in lists]

    def _paragraph_of(self, node: Any) -> Editable:
        while node.tag != qn("w:p"):
            node = node.getparent()
        return Editable(node, self.document._body)

    def paragraph(self, name: str) -> Editable:
        return self._paragraph_of(next(start for own, start in self._bookmarks() if own == name))

    def heading(self, code: str) -> Editable:
        return self.paragraph(heading_name(code))

    def codes_above(self, name: str) -> list[str]:
        """The code of the heading above a passage; nothing where that is a section's."""
        above = ""
        for own, _start in self._bookmarks():
            above = own if own.startswith(("i_", "s_")) else above
            if own == name:
                break
        parts = above.split("_")[1:]
        return [f"{parts[0]}.{parts[1]}({parts[2]})"] if len(parts) == 3 else []

    def plain(self) -> Editable:
        return self.paragraph(self.quoted()[0])

    def rewrite(self, name: str, words: str) -> str:
        """Puts words before a passage, inside its bookmark; the passage as it reads then."""
        start = next(start for own, start in self._bookmarks() if own == name)
        number, text, first = start.get(qn("w:id")), "", True
        for node in start.itersiblings():
            if node.tag == qn("w:bookmarkEnd") and node.get(qn("w:id")) == number:
                break
            for part in node.iter(qn("w:t")):
                if first and part.text:
                    part.text, first = words + part.text, False
                text += part.text or ""
        return text

    def control(self, name: str) -> Any:
        """The content control of a passage: the one its list's bookmark lies in or around."""
        ident = name.split("_")[1]
        paragraph = self.paragraph(f"c_{ident}")._p
        return next(paragraph.iter(qn("w:sdt")))

    def entry(self, code: str) -> str:
        items = self.document.element.body.iter(qn("w:listItem"))
        return next(str(i.get(qn("w:displayText"))) for i in items if i.get(qn("w:value")) == code)

    def show(self, name: str, shown: str) -> None:
        """Choose an entry as Word does: the text of the control becomes the entry."""
        texts = list(self.control(name).iter(qn("w:t")))
        texts[0].text = shown
        for text in texts[1:]:
            text.text = ""


def round_trip(data: bytes, kind: str) -> bytes:
    """The file as LibreOffice saves it."""
    made = convert(data, kind, kind, SECONDS)  # type: ignore[arg-type]  # docx or xlsx
    assert isinstance(made, bytes), f"LibreOffice: {made}"
    return made


# ---------------------------------------------------------------- did it come back, and does it hold


def come_back(workspace: Workspace, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The changes that decisions.xlsx lacks."""
    kept = read_decisions(workspace).decisions
    return [w for w in wanted if not any(_is(d, w) for d in kept)]


def _is(decision: Any, wanted: Wanted) -> bool:
    said = decision.value or decision.reason
    return (
        (decision.kind, decision.department) == (wanted.kind, wanted.department)
        and normal(decision.text) == normal(wanted.text)
        and (wanted.code is None or wanted.kind in ("edit",) or decision.code == wanted.code)
        and (not wanted.value or normal(said) == normal(wanted.value))
    )


def not_held(workspace: Workspace, year: int, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The changes that the outputs of the last run do not show."""
    folder = workspace.outputs(year)
    evidence = [json.loads(line) for line in (folder / "evidence.jsonl").read_text(encoding="utf-8").splitlines()]
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    indicators = {(d["name"], i["code"]): i for d in scores["departments"] for i in d["indicators"]}
    ids = {}
    for decision in read_decisions(workspace).decisions:
        for one in wanted:
            if _is(decision, one):
                ids[one] = decision.id
    return [w for w in wanted if not _shown(w, ids.get(w, "?"), evidence, indicators.get((w.department, w.code or "")))]


def _shown(wanted: Wanted, ident: str, evidence: Sequence[dict[str, Any]], score: dict[str, Any] | None) -> bool:
    rows = [r for r in evidence if r["department"] == wanted.department]
    told = [r for r in rows if any(f"{ident}）" in why for why in r["why"])]
    if wanted.kind == "code":
        return any(r["code"] == wanted.code and r["method"] == "decision" for r in told)
    if wanted.kind in ("none", "strike"):
        return any(r["code"] is None and r["status"] == "none" for r in told)
    if wanted.kind in ("edit", "add"):
        own = [r for r in rows if r["number"] == ident and normal(r["text"]) == normal(wanted.value)]
        return bool(own) and (wanted.kind == "add" or any(r.get("of") == own[0]["id"] for r in told))
    if wanted.kind == "remark" and wanted.text:
        return bool(told)
    return score is not None and _scored(wanted, score)


def _scored(wanted: Wanted, score: dict[str, Any]) -> bool:
    if wanted.kind == "score":
        return bool(score["reviewed"]) and abs(score["final"] - float(wanted.value)) < 1e-6
    if wanted.kind == "deduction":
        return any(wanted.value in reason for reason in score["reasons"])
    return not score["applicable"] if wanted.kind == "na" else wanted.value in score["remark"]
