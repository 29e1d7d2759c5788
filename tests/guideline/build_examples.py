"""Builds the example guidelines of this folder: `python tests/guideline/build_examples.py` (PDF needs LibreOffice).

Every example is a folder under `examples/` with `guideline.*` and `expected.json`; a case of your own needs no code, only
such a folder. All words here were written for these tests. The tests read the files as they are and never run this.
"""

import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

HERE = Path(__file__).parent
CN = "一二三四五六七八九十"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True)
class Third:
    text: str
    full: float | None = None
    requirements: tuple[tuple[str, str | None, float | None], ...] = ()  # kind, period, minimum


@dataclass(frozen=True)
class Second:
    text: str
    thirds: tuple[Third, ...]
    full: float | None = None


@dataclass(frozen=True)
class First:
    text: str
    seconds: tuple[Second, ...]


@dataclass(frozen=True)
class Tree:
    title: str
    firsts: tuple[First, ...]
    year: int | None = None


COLLEGE = Tree(
    "2025年滨海职业技术学院院系党组织党建工作重点任务指南",
    (
        First(
            "政治引领作用发挥到位",
            (
                Second(
                    "把学习宣传贯彻党的创新理论作为首要任务，学习制度健全、成效明显",
                    (
                        Third(
                            "健全院系党组织理论学习中心组学习制度，每季度至少开展1次集体学习研讨，每年形成2篇以上调研报告。",
                            requirements=(("frequency", "quarter", 1), ("amount", "year", 2)),
                        ),
                        Third(
                            "党员每年集中学习培训时间不少于32学时，院系党组织书记和班子成员不少于56学时。",
                            requirements=(("amount", "year", 32), ("amount", "year", 56)),
                        ),
                        Third("坚持用身边事教育身边人，营造崇尚先进、争当先锋的浓厚氛围。"),
                    ),
                ),
                Second(
                    "严格落实意识形态工作责任制，阵地管理规范有序",
                    (
                        Third(
                            "每半年专题研究一次意识形态工作，并于年底前向学校党委书面报告1次。",
                            requirements=(("frequency", "half_year", 1), ("frequency", "half_year", 1)),
                        ),
                        Third(
                            "举办讲座、论坛、报告会实行“一会一报”，未经批准不得举办。",
                            requirements=(("each", None, 1),),
                        ),
                        Third("定期开展师生思想动态调研，及时回应师生关切，重要情况第一时间报告。"),
                    ),
                ),
            ),
        ),
        First(
            "组织体系建设到位",
            (
                Second(
                    "党支部设置科学合理，换届选举规范",
                    (
                        Third(
                            "督促指导所属党支部按期换届，严格执行选举程序，换届材料归档率达到100%。",
                            requirements=(("tenure", None, None), ("ratio", None, 100)),
                        ),
                        Third("推动教师党支部建在教研室、实训基地和科研团队上，学生党支部建在专业和公寓。"),
                    ),
                ),
                Second(
                    "“三会一课”等组织生活制度严格执行",
                    (
                        Third(
                            "支部党员大会每季度至少召开一次，支部委员会会议每月至少召开一次，党小组会每月不少于一次。",
                            requirements=(
                                ("frequency", "quarter", 1),
                                ("frequency", "month", 1),
                                ("frequency", "month", 1),
                            ),
                        ),
                        Third(
                            "院系党组织书记每学期为师生讲党课不得少于1次，班子成员每年到联系支部讲党课一次以上。",
                            requirements=(("frequency", "term", 1), ("frequency", "year", 1)),
                        ),
                        Third(
                            "每年第四季度召开组织生活会，开展民主评议党员工作，党员参加率不低于95%。",
                            requirements=(("frequency", "year", 1), ("ratio", None, 95)),
                        ),
                    ),
                ),
                Second(
                    "党务工作力量配齐配强",
                    (
                        Third(
                            "至少配备1名专职组织员，党支部书记每两年轮训一遍。",
                            requirements=(("amount", None, 1), ("frequency", "two_years", 1)),
                        ),
                    ),
                ),
            ),
        ),
        First(
            "服务师生发展到位",
            (
                Second(
                    "党建与事业发展同谋划、同部署、同考核",
                    (
                        Third(
                            "院系党政联席会议每两个月听取1次重点项目进展情况，党政主要负责人每学期听课不少于4次。",
                            requirements=(("frequency", "two_months", 1), ("frequency", "term", 4)),
                        ),
                        Third("把党员先锋岗、党员责任区建到教学科研一线，形成可复制的经验做法。"),
                        Third(
                            "校企合作、技能竞赛等重点工作中党员牵头比例不低于60%，全年选树典型2—3个。",
                            requirements=(("ratio", None, 60), ("amount", "year", 2)),
                        ),
                        Third("关心关爱生活困难的老党员和学生党员，走访慰问及时到位。"),
                    ),
                ),
                Second(
                    "联系服务群众渠道畅通，师生满意",
                    (
                        Third(
                            "领导班子成员每月至少深入课堂、宿舍、食堂2次，与师生面对面交流。",
                            requirements=(("frequency", "month", 2),),
                        ),
                        Third("对师生反映的问题建立台账，做到件件有着落、事事有回音。"),
                    ),
                ),
            ),
        ),
    ),
    2025,
)

BRANCH = Tree(
    "2026年度党支部“七个有力”建设指标",
    tuple(
        First(name, (Second(second, thirds),))
        for name, second, thirds in (
            (
                "教育党员有力",
                "学习教育经常深入",
                (
                    Third(
                        "支部每月相对固定1天开展主题党日活动，内容充实、形式多样。",
                        requirements=(("frequency", "month", 1),),
                    ),
                    Third(
                        "支部书记每年至少讲1次党课，优秀党员、先进典型讲微党课。",
                        requirements=(("frequency", "year", 1),),
                    ),
                ),
            ),
            (
                "管理党员有力",
                "日常管理严格规范",
                (
                    Third("党员按月足额交纳党费，组织关系转接及时。"),
                    Third(
                        "支部委员之间、委员与党员之间每年谈心谈话不少于2次。", requirements=(("frequency", "year", 2),)
                    ),
                ),
            ),
            (
                "监督党员有力",
                "监督机制健全有效",
                (
                    Third("每年开展一次民主评议党员，评议结果及时反馈。", requirements=(("frequency", "year", 1),)),
                    Third("对党员存在的苗头性问题早发现、早提醒、早纠正。"),
                ),
            ),
            (
                "组织师生有力",
                "活动组织有声有色",
                (
                    Third(
                        "每学期组织师生开展实践活动两次以上，参与率不低于80%。",
                        requirements=(("frequency", "term", 2), ("ratio", None, 80)),
                    ),
                    Third("发动师生参与学校重大活动，党员带头作用明显。"),
                ),
            ),
            (
                "宣传师生有力",
                "宣传引导入脑入心",
                (
                    Third("宣传栏、网页等阵地每月至少更新1次。", requirements=(("frequency", "month", 1),)),
                    Third("讲好身边党员故事。"),
                ),
            ),
            (
                "凝聚师生有力",
                "思想工作细致入微",
                (
                    Third("每季度分析一次师生思想状况，形成分析报告。", requirements=(("frequency", "quarter", 1),)),
                    Third("重大节日走访慰问老同志和困难师生。"),
                ),
            ),
            (
                "服务师生有力",
                "为民办事真心实意",
                (
                    Third("每名党员每年至少为师生办实事1件。", requirements=(("amount", "year", 1),)),
                    Third("建立党员联系宿舍、联系班级制度。"),
                ),
            ),
        )
    ),
    2026,
)


# ---------------------------------------------------------------- what is expected


def expected(tree: Tree, *, full: bool = False) -> dict[str, object]:
    """The answer that belongs to a tree; printed numbers are 1, 2, 3 everywhere."""
    rows: list[dict[str, object]] = []
    requirements: list[dict[str, object]] = []
    for i, first in enumerate(tree.firsts, 1):
        rows.append({"code": f"{i}", "text": first.text, "full": None})
        for j, second in enumerate(first.seconds, 1):
            rows.append({"code": f"{i}.{j}", "text": second.text, "full": second.full if full else None})
            for k, third in enumerate(second.thirds, 1):
                code = f"{i}.{j}({k})"
                rows.append({"code": code, "text": third.text, "full": third.full if full else None})
                requirements += [
                    {"code": code, "kind": kind, "period": period, "minimum": minimum}
                    for kind, period, minimum in third.requirements
                ]
    return {"title": tree.title, "year": tree.year, "indicators": rows, "requirements": requirements}


# ---------------------------------------------------------------- printed numbers


Numbers = tuple[Callable[[int], str], Callable[[int, int], str], Callable[[int, int, int], str]]


def dotted(i: int) -> str:
    return f"{i}."


def dot_two(i: int, j: int) -> str:
    return f"{i}.{j}"


def dash_two(i: int, j: int) -> str:
    return f"{i}-{j}"


def half(i: int, j: int, k: int) -> str:
    return f"({k})"


def wide(i: int, j: int, k: int) -> str:
    return f"（{'０１２３４５６７８９'[k]}）"


def circle(i: int, j: int, k: int) -> str:
    return CIRCLED[k - 1]


def closing(i: int, j: int, k: int) -> str:
    return f"{k})"


def third_dot(i: int, j: int, k: int) -> str:
    return f"{k}."


def three(i: int, j: int, k: int) -> str:
    return f"{i}.{j}.{k}"


def chinese(i: int) -> str:
    return f"{CN[i - 1]}、"


def chinese_two(i: int, j: int) -> str:
    return f"（{CN[j - 1]}）"


def nothing(*_: int) -> str:
    return ""


OFFICIAL: Numbers = (dotted, dot_two, half)
PLAIN: Numbers = (chinese, chinese_two, third_dot)


@dataclass
class Row:
    """One third level with everything printed beside it."""

    i: int
    j: int
    k: int
    first: str
    second: str
    third: str
    full: str = ""
    second_full: str = ""


def rows_of(tree: Tree, numbers: Numbers) -> list[Row]:
    made = []
    for i, first in enumerate(tree.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            for k, third in enumerate(second.thirds, 1):
                made.append(
                    Row(
                        i,
                        j,
                        k,
                        numbers[0](i) + first.text,
                        numbers[1](i, j) + second.text,
                        numbers[2](i, j, k) + third.text,
                        "" if third.full is None else f"{third.full:g}",
                        "" if second.full is None else f"{second.full:g}",
                    )
                )
    return made


# ---------------------------------------------------------------- Word


def new_document(title: str, *above: str) -> Document:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(12)
    document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    for line in (*above, title):
        document.add_paragraph(line)
    return document


def word_bytes(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def set_cell(cell: object, *lines: str) -> None:
    cell.text = lines[0] if lines else ""
    for line in lines[1:]:
        cell.add_paragraph(line)


def word_table(
    document: Document, header: list[str], body: list[list[str]], merge: list[int], widths: list[float] | None = None
) -> object:
    """A table with a row for every list; equal neighbours in the columns `merge` become one cell."""
    table = document.add_table(rows=0, cols=len(header))
    table.style = document.styles["Table Grid"]
    for line in ([header] if header else []) + body:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            set_cell(cell, *text.split("\n"))
    start = 1 if header else 0
    for column in merge:
        top = start
        for index in range(start + 1, start + len(body) + 1):
            same = index < start + len(body) and body[index - start][column] == body[top - start][column]
            if same:
                continue
            if index - 1 > top:
                text = body[top - start][column]
                merged = table.cell(top, column).merge(table.cell(index - 1, column))
                for extra in merged.paragraphs[1:]:
                    extra._p.getparent().remove(extra._p)
                set_cell(merged, *text.split("\n"))
            top = index
    if widths:
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
    return table


HEAD = ["一级指标", "二级指标", "三级指标"]


def page_tables(tree: Tree, numbers: Numbers = OFFICIAL) -> bytes:
    """One table a printed page, header repeated, a first level cut in two, all thirds of a second level in one cell."""
    document = new_document(tree.title, "附件1")
    pages: list[list[list[str]]] = []
    for i, first in enumerate(tree.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            thirds = "\n".join(numbers[2](i, j, k) + t.text for k, t in enumerate(second.thirds, 1))
            row = [numbers[0](i) + first.text, numbers[1](i, j) + second.text, thirds]
            if j % 2:
                pages.append([row])
            else:
                pages[-1].append(row)
    for page in pages:
        word_table(document, HEAD, page, [0])
        document.add_page_break()
    return word_bytes(document)


def long_table(tree: Tree, numbers: Numbers = OFFICIAL, *, header: list[str] = HEAD) -> bytes:
    document = new_document(tree.title)
    word_table(document, header, [[r.first, r.second, r.third] for r in rows_of(tree, numbers)], [0, 1])
    return word_bytes(document)


def reordered(tree: Tree) -> bytes:
    """序号 first, third level before the others, points, standards with deductions, who is responsible; totals and notes."""
    document = new_document(tree.title)
    body = [
        [
            str(n),
            r.third,
            r.full,
            "未开展的不得分，每少1次扣0.5分，扣完为止。",
            r.first,
            r.second,
            "党委组织部\n宣传部",
        ]
        for n, r in enumerate(rows_of(tree, (dotted, dash_two, wide)), 1)
    ]
    header = ["序号", "三级指标", "分值", "评分标准", "一级指标", "二级指标", "责任单位"]
    table = word_table(document, header, body, [4, 5])
    total = sum(t.full or 0 for f in tree.firsts for s in f.seconds for t in s.thirds)
    cells = table.add_row().cells
    cells[0].merge(cells[1]).text = "合计"
    cells[2].text = f"{total:g}"
    cells = table.add_row().cells
    cells[0].merge(cells[-1]).text = "注：1.本表由党委组织部负责解释。2.各单位每年12月10日前报送自评材料1份。"
    return word_bytes(document)


def banners(tree: Tree) -> bytes:
    """First levels as rows across the table; points of the second level beside it, merged."""
    document = new_document(tree.title)
    header = ["考核内容", "分值", "考核要点", "责任部门"]
    table = document.add_table(rows=1, cols=4)
    table.style = document.styles["Table Grid"]
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
    for i, first in enumerate(tree.firsts, 1):
        cells = table.add_row().cells
        cells[0].merge(cells[-1]).text = chinese(i) + first.text
        for j, second in enumerate(first.seconds, 1):
            top = len(table.rows)
            for k, third in enumerate(second.thirds, 1):
                cells = table.add_row().cells
                cells[2].text = third_dot(i, j, k) + third.text
                cells[3].text = "组织部"
            for column, text in ((0, chinese_two(i, j) + second.text), (1, f"{second.full:g}" if second.full else "")):
                merged = table.cell(top, column).merge(table.cell(len(table.rows) - 1, column))
                for extra in merged.paragraphs[1:]:
                    extra._p.getparent().remove(extra._p)
                merged.text = text
    return word_bytes(document)


def plain_lines(tree: Tree, numbers: Numbers = PLAIN) -> list[str]:
    lines = []
    for i, first in enumerate(tree.firsts, 1):
        lines.append(numbers[0](i) + first.text)
        for j, second in enumerate(first.seconds, 1):
            lines.append(numbers[1](i, j) + second.text)
            lines += [numbers[2](i, j, k) + third.text for k, third in enumerate(second.thirds, 1)]
    return lines


def plain(tree: Tree, numbers: Numbers = PLAIN) -> bytes:
    """No table: an introduction, 一、（一）1., a note, a signature and a date."""
    document = new_document(tree.title)
    document.add_paragraph("为进一步加强院系党组织建设，推动各项任务落到实处，结合学校实际，制定本指南。")
    for line in plain_lines(tree, numbers):
        document.add_paragraph(line)
    document.add_paragraph("注：1.本指南所称院系包括直属教学部。")
    document.add_paragraph("2.各单位可结合实际细化。")
    document.add_paragraph("中共滨海职业技术学院委员会组织部")
    document.add_paragraph("2025年3月8日")
    return word_bytes(document)


def run_on(tree: Tree) -> bytes:
    """One table; the thirds of a second level run on in one paragraph."""
    document = new_document(tree.title)
    body = []
    for i, first in enumerate(tree.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            thirds = "".join(wide(i, j, k) + t.text for k, t in enumerate(second.thirds, 1))
            body.append([dotted(i) + first.text, dot_two(i, j) + second.text, thirds])
    word_table(document, ["一级", "二级", "三级"], body, [0])
    return word_bytes(document)


_LISTS = """<w:abstractNum {ns} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>"""


def automatic(tree: Tree) -> bytes:
    """No printed number at all: Word counts the paragraphs itself."""
    document = new_document(tree.title)
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_LISTS.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for first in tree.firsts:
        _listed(document, first.text, 0)
        for second in first.seconds:
            _listed(document, second.text, 1)
            for third in second.thirds:
                _listed(document, third.text, 2)
    return word_bytes(document)


def _listed(document: Document, text: str, level: int) -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'))


def tracked(tree: Tree) -> bytes:
    """A long table with tracked changes: deleted words and a deleted row, inserted words, an inserted mark moved text."""
    document = new_document(tree.title)
    body = [[r.first, r.second, r.third] for r in rows_of(tree, OFFICIAL)]
    body.insert(2, [body[1][0], body[1][1], "(9)这一行已被删去，每年至少5次。"])
    table = word_table(document, HEAD, body, [0, 1])
    row = table.rows[3]._tr
    row.get_or_add_trPr().append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="900" w:author="甲" w:date="2025-01-01T00:00:00Z"/>')
    )
    _revise(table.cell(1, 2).paragraphs[0]._p, "已删去的旧话每周1次，", 901)
    _revise(table.cell(5, 2).paragraphs[0]._p, "旧", 903)
    return word_bytes(document)


def _revise(paragraph: object, gone: str, number: int) -> None:
    """The paragraph's second half becomes an insertion, with a deletion before it."""
    run = paragraph.findall(qn("w:r"))[0]
    text = run.find(qn("w:t")).text
    middle = len(text) // 2
    run.find(qn("w:t")).text = text[:middle]
    who = f'w:author="甲" w:date="2025-01-01T00:00:00Z" {nsdecls("w")}'
    paragraph.append(parse_xml(f'<w:del w:id="{number}" {who}><w:r><w:delText>{gone}</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins w:id="{number + 1}" {who}><w:r><w:t>{text[middle:]}</w:t></w:r></w:ins>'))


def headings(tree: Tree) -> bytes:
    """First levels as paragraphs, each with a table of its own below."""
    document = new_document(tree.title)
    for i, first in enumerate(tree.firsts, 1):
        document.add_paragraph(chinese(i) + first.text)
        body = []
        for j, second in enumerate(first.seconds, 1):
            body += [[second.text, closing(i, j, k) + t.text] for k, t in enumerate(second.thirds, 1)]
        word_table(document, ["二级指标", "三级指标"], body, [0])
    return word_bytes(document)


def two_storeys(tree: Tree) -> bytes:
    """A header of two rows: 指标体系 over the three levels."""
    document = new_document(tree.title)
    body = [[r.first, r.second, r.third, "5"] for r in rows_of(tree, (nothing, nothing, circle))]
    table = word_table(document, ["一级指标", "二级指标", "三级指标", "分值（分）"], body, [0, 1])
    top = parse_xml(table.rows[0]._tr.xml)
    table._tbl.insert(table._tbl.index(table.rows[0]._tr), top)
    cells = table.rows[0].cells
    cells[0].merge(cells[2])
    for extra in cells[0].paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    cells[0].text = "指标体系"
    return word_bytes(document)


# ---------------------------------------------------------------- Excel


def sheet_bytes(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def workbook_merged(tree: Tree, numbers: Numbers = OFFICIAL) -> bytes:
    """Merged cells, a hidden sheet with last year's edition, a totals row, footnotes, points as numbers."""
    workbook = openpyxl.Workbook()
    old = workbook.worksheets[0]
    old.title = "2024年旧版"
    old.append(HEAD)
    old.append(["1.旧的一级", "1.1旧的二级", "(1)旧版每年至少9次。"])
    old.append(["1.旧的一级", "1.1旧的二级", "(2)旧版另一条。"])
    old.sheet_state = "hidden"
    sheet = workbook.create_sheet("指标")
    sheet.append([tree.title])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", *HEAD, "分值", "责任单位"])
    rows = rows_of(tree, numbers)
    for n, r in enumerate(rows, 1):
        sheet.append([n, r.first, r.second, r.third, float(r.full) if r.full else None, "组织部"])
    _merge_equal(sheet, 2, [r.first for r in rows], 3)
    _merge_equal(sheet, 3, [r.second for r in rows], 3)
    last = len(rows) + 3
    sheet.append(["合计", None, None, None, sum(float(r.full or 0) for r in rows)])
    sheet.merge_cells(f"A{last}:D{last}")
    sheet.append(["说明：（1）表中“以上”包括本数。（2）自评材料每年12月底前报送。"])
    sheet.merge_cells(f"A{last + 1}:F{last + 1}")
    workbook.active = 1
    return sheet_bytes(workbook)


def _merge_equal(sheet: object, column: int, values: list[str], first_row: int) -> None:
    start = 0
    for index in range(1, len(values) + 1):
        if index < len(values) and values[index] == values[start]:
            continue
        if index - start > 1:
            sheet.merge_cells(
                start_row=first_row + start, end_row=first_row + index - 1, start_column=column, end_column=column
            )
        start = index


def workbook_blank(tree: Tree) -> bytes:
    """Nothing merged: upper levels only in the first row of their part, points of the second level beside it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append([tree.title])
    sheet.append(["一级指标", "二级指标", "分值", "三级指标", "评分标准"])
    before = ("", "")
    for r in rows_of(tree, (chinese, dash_two, circle)):
        sheet.append(
            [
                r.first if r.first != before[0] else None,
                r.second if r.second != before[1] else None,
                float(r.second_full) if r.second_full and r.second != before[1] else None,
                r.third,
                "按完成情况赋分，缺1次扣1分。",
            ]
        )
        before = (r.first, r.second)
    return sheet_bytes(workbook)


def workbook_repeated(tree: Tree) -> bytes:
    """Nothing merged: upper levels repeated in every row, third levels as 1.1.1."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append([tree.title])
    sheet.append(["一级指标", "二级指标", "主要观测点"])
    for r in rows_of(tree, (dotted, dot_two, three)):
        sheet.append([r.first, r.second, r.third])
    return sheet_bytes(workbook)


# ---------------------------------------------------------------- text and PDF


def text_tabs(tree: Tree) -> bytes:
    lines = [tree.title, "", "\t".join(HEAD)]
    before = ("", "")
    for r in rows_of(tree, OFFICIAL):
        lines.append(
            "\t".join([r.first if r.first != before[0] else "", r.second if r.second != before[1] else "", r.third])
        )
        before = (r.first, r.second)
    return "\r\n".join(lines).encode("gb18030")


def text_wrapped(tree: Tree, numbers: Numbers = (dotted, dot_two, half), width: int = 36) -> bytes:
    """Hard line ends every 36 characters, as mail programs leave them."""
    lines = [tree.title, ""]
    for line in plain_lines(tree, numbers):
        lines += [line[i : i + width] for i in range(0, len(line), width)]
    return "\n".join(lines).encode()


def text_unnumbered(tree: Tree) -> bytes:
    """Second levels without number."""
    return "\n".join([tree.title, "", *plain_lines(tree, (chinese, nothing, wide))]).encode("utf-8-sig")


def pdf_of(data: bytes, form: str = "pdf") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "guideline.docx"
        source.write_bytes(data)
        program = shutil.which("soffice")
        assert program is not None, "PDF examples need LibreOffice"
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [program, profile, "--headless", "--convert-to", form, "--outdir", folder, str(source)],
            check=True, timeout=120, capture_output=True,
        )  # fmt: skip
        return source.with_suffix(".pdf").read_bytes()


def cut_rows(tree: Tree, numbers: Numbers = OFFICIAL, *, tall: bool = False) -> bytes:
    """A long table in big type on a small page: rows and merged cells are cut where the page ends, header on every page."""
    document = new_document(tree.title)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(21), Cm(12 if tall else 10)
    section.top_margin = section.bottom_margin = Cm(1.7)
    section.left_margin = section.right_margin = Cm(2)
    if tall:
        body = []
        for i, first in enumerate(tree.firsts, 1):
            for j, second in enumerate(first.seconds, 1):
                thirds = "\n".join(numbers[2](i, j, k) + t.text for k, t in enumerate(second.thirds, 1))
                body.append([numbers[0](i) + first.text, numbers[1](i, j) + second.text, thirds])
        table = word_table(document, HEAD, body, [0], [3, 4, 10])
    else:
        table = word_table(
            document, HEAD, [[r.first, r.second, r.third] for r in rows_of(tree, numbers)], [0, 1], [3, 4, 10]
        )
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return word_bytes(document)


# ---------------------------------------------------------------- the cases


def pointed(tree: Tree) -> Tree:
    """The tree with points on every third level."""
    return Tree(
        tree.title,
        tuple(
            First(
                f.text,
                tuple(
                    Second(
                        s.text, tuple(Third(t.text, float(2 + n % 4), t.requirements) for n, t in enumerate(s.thirds))
                    )
                    for s in f.seconds
                ),
            )
            for f in tree.firsts
        ),
        tree.year,
    )


def second_pointed(tree: Tree) -> Tree:
    """The tree with points on every second level."""
    return Tree(
        tree.title,
        tuple(
            First(f.text, tuple(Second(s.text, s.thirds, float(5 + n)) for n, s in enumerate(f.seconds)))
            for f in tree.firsts
        ),
        tree.year,
    )


def cases() -> Iterator[tuple[str, str, bytes, dict[str, object]]]:
    """Name, suffix, file, answer."""
    answer = expected(COLLEGE)
    points = expected(pointed(COLLEGE), full=True)
    seconds = expected(second_pointed(COLLEGE), full=True)
    fives = expected(COLLEGE)
    for row in fives["indicators"]:  # type: ignore[attr-defined]
        row["full"] = 5.0 if "(" in row["code"] else None
    yield "每页一表", "docx", page_tables(COLLEGE), answer
    yield "一张长表", "docx", long_table(COLLEGE, (dotted, dash_two, wide)), answer
    yield "列序不同_分值_评分标准_合计_注", "docx", reordered(pointed(COLLEGE)), points
    yield "通栏一级_二级分值", "docx", banners(second_pointed(COLLEGE)), seconds
    yield "无表_一二三", "docx", plain(COLLEGE), answer
    yield "无表_自动编号", "docx", automatic(COLLEGE), answer
    yield "三级连排", "docx", run_on(COLLEGE), answer
    yield "修订痕迹", "docx", tracked(COLLEGE), answer
    yield "一级在表外_二级无编号", "docx", headings(COLLEGE), answer
    yield "两层表头_上两级无编号", "docx", two_storeys(COLLEGE), fives
    yield "合并单元格_隐藏旧版", "xlsx", workbook_merged(pointed(COLLEGE)), points
    yield "不合并_留空_二级分值", "xlsx", workbook_blank(second_pointed(COLLEGE)), seconds
    yield "不合并_重复_三段编号", "xlsx", workbook_repeated(COLLEGE), answer
    yield "制表符_GBK", "txt", text_tabs(COLLEGE), answer
    yield "硬换行", "txt", text_wrapped(COLLEGE), answer
    yield "二级无编号", "txt", text_unnumbered(COLLEGE), answer
    yield "支部七个有力", "docx", long_table(BRANCH, (dotted, dot_two, circle)), expected(BRANCH)
    yield "支部七个有力_无表", "txt", text_wrapped(BRANCH, PLAIN, 200), expected(BRANCH)
    yield "跨页断行", "pdf", pdf_of(cut_rows(COLLEGE)), answer
    yield "跨页断行_三级同格", "pdf", pdf_of(cut_rows(COLLEGE, tall=True)), answer
    yield "无表", "pdf", pdf_of(plain(COLLEGE)), answer
    yield "列序不同", "pdf", pdf_of(reordered(pointed(COLLEGE))), points


# ---------------------------------------------------------------- what is refused


def notice() -> bytes:
    """A notice with a table and (1)(2)(3), which is no guideline."""
    document = new_document("关于召开2025年党建工作推进会的通知", "各院系党组织：")
    document.add_paragraph("经研究，定于近期召开党建工作推进会，现将有关事项通知如下：")
    word_table(
        document,
        ["序号", "会议内容", "时间", "地点"],
        [
            ["1", "(1)传达上级会议精神\n(2)院系党组织书记交流发言\n(3)党委书记讲话", "3月12日14:00", "行政楼201"],
            ["2", "(1)分组讨论\n(2)大会总结", "3月12日16:00", "行政楼203"],
        ],
        [],
    )
    for line in (
        "(1)请参会人员提前10分钟入场。",
        "(2)每单位至少2人参加。",
        "(3)会议期间请将手机静音。",
        "党委组织部",
        "2025年3月8日",
    ):
        document.add_paragraph(line)
    return word_bytes(document)


def notice_in_three_levels() -> bytes:
    """A notice whose paragraphs are numbered like a guideline's."""
    document = new_document("关于做好2025年度发展党员工作的通知")
    for line in (
        "一、工作原则",
        "（一）坚持标准",
        "1.严格政治标准。",
        "2.严格发展程序。",
        "（二）保证质量",
        "1.每季度分析一次入党积极分子情况。",
        "二、工作要求",
        "（一）加强领导",
        "1.各单位要高度重视。",
        "2.每年底前报送计划。",
        "（二）严肃纪律",
        "1.严禁突击发展。",
    ):
        document.add_paragraph(line)
    return word_bytes(document)


def summary_report() -> bytes:
    lines = ["机械工程学院党总支2025年党建工作总结"]
    for i, part in enumerate(("主要做法", "存在问题", "下一步打算")):
        lines.append(f"{CN[i]}、{part}")
        for j in range(2):
            lines += [
                f"（{CN[j]}）第{j + 1}个方面的情况",
                "1.召开会议3次，做到任务清楚。",
                "2.培训党员40人，效果较好。",
            ]
    return "\n".join(lines).encode()


def two_levels_table() -> bytes:
    document = new_document(COLLEGE.title)
    body = [
        [dotted(i) + f.text, dot_two(i, j) + s.text, "5"]
        for i, f in enumerate(COLLEGE.firsts, 1)
        for j, s in enumerate(f.seconds, 1)
    ]
    word_table(document, ["一级指标", "二级指标", "分值"], body, [0])
    return word_bytes(document)


def two_levels_numbered() -> bytes:
    """First and second levels only; the second ones are numbered (1)(2)(3) in one cell."""
    document = new_document(COLLEGE.title)
    body = [
        [dotted(i) + f.text, "\n".join(f"({j}){s.text}" for j, s in enumerate(f.seconds, 1))]
        for i, f in enumerate(COLLEGE.firsts, 1)
    ]
    word_table(document, ["一级指标", "二级指标"], body, [])
    return word_bytes(document)


def two_levels_text() -> bytes:
    lines = [COLLEGE.title]
    for i, first in enumerate(COLLEGE.firsts, 1):
        lines.append(chinese(i) + first.text)
        lines += [chinese_two(i, j) + second.text + "。" for j, second in enumerate(first.seconds, 1)]
    return "\n".join(lines).encode()


def two_levels_sheet() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append([COLLEGE.title])
    sheet.append(["一级指标", "二级指标", "评分标准", "分值"])
    for i, first in enumerate(COLLEGE.firsts, 1):
        for j, second in enumerate(first.seconds, 1):
            sheet.append([dotted(i) + first.text, dot_two(i, j) + second.text, "(1)未开展不得分。\n(2)少1次扣1分。", 5])
    return sheet_bytes(workbook)


def ledger() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["2025年“三会一课”台账"])
    sheet.append(["序号", "日期", "会议名称", "主要内容", "参加人数"])
    for n in range(1, 9):
        sheet.append([n, f"{n}月12日", "支部党员大会", "(1)学习文件(2)讨论发展党员(3)通报情况", 20 + n])
    return sheet_bytes(workbook)


def scan() -> bytes:
    """A PDF that holds one picture and no text."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("L", (600, 800), 200).save(buffer, "PDF")
    return buffer.getvalue()


def locked_word() -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    buffer = io.BytesIO()
    OOXMLFile(io.BytesIO(long_table(COLLEGE))).encrypt("123456", buffer)
    return buffer.getvalue()


def locked_pdf() -> bytes:
    return pdf_of(
        long_table(COLLEGE),
        'pdf:writer_pdf_Export:{"EncryptFile":{"type":"boolean","value":"true"},'
        '"DocumentOpenPassword":{"type":"string","value":"123456"}}',
    )


def refused() -> Iterator[tuple[str, str, bytes, str]]:
    """Name, suffix, file, a part of the sentence that refuses it."""
    no_guideline, two = "不是一、二、三级指标的指南", "只有两级指标"
    yield "通知_带表格", "docx", notice(), no_guideline
    yield "通知_三级编号", "docx", notice_in_three_levels(), no_guideline
    yield "工作总结", "txt", summary_report(), no_guideline
    yield "台账", "xlsx", ledger(), no_guideline
    yield "两级_表格", "docx", two_levels_table(), two
    yield "两级_同格编号", "docx", two_levels_numbered(), two
    yield "两级_正文", "txt", two_levels_text(), two
    yield "两级_评分标准", "xlsx", two_levels_sheet(), two
    yield "空文件", "docx", b"", "空的"
    yield "空文档", "docx", word_bytes(docx.Document()), "没有文字"
    yield "空白文本", "txt", "\ufeff \n\n".encode(), "空的"
    yield "空工作簿", "xlsx", sheet_bytes(openpyxl.Workbook()), "没有文字"
    yield "扫描件", "pdf", scan(), "扫描件"
    yield "加密", "docx", locked_word(), "密码"
    yield "加密", "pdf", locked_pdf(), "密码"
    yield "截断", "docx", long_table(COLLEGE)[:9000], "损坏"
    yield "截断", "pdf", b"%PDF-1.7\n1 0 obj\n<< /Type", "损坏"
    yield "图片改名", "docx", b"\x89PNG\r\n\x1a\n" + bytes(200), "图片"


def main() -> None:
    for name, suffix, data, answer in cases():
        folder = HERE / "examples" / f"{name}_{suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"guideline.{suffix}").write_bytes(data)
        (folder / "expected.json").write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, suffix, data, sentence in refused():
        folder = HERE / "refused" / f"{name}_{suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"guideline.{suffix}").write_bytes(data)
        (folder / "expected.txt").write_text(sentence + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
