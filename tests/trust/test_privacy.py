"""Personal data planted in every corner of a submission is in nothing that the program writes or says."""

import datetime
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from openpyxl.comments import Comment

from tests.read.docx_writer import docx, p
from tests.read.pdf_writer import PdfPage, write
from tests.trust.everything import where
from tests.verify.school import call, outputs
from tests.workspaces import small_workspace, write_docx

NAME = "机电学院党总支"
IDENTITY, MOBILE, LANDLINE = "11010519491231002X", "13812345678", "0571-88886666"
BANK, MAIL, HOME = "6222021234567890128", "zhangsan@example.edu.cn", "浙江省杭州市西湖区文三路90号3幢501室"
ALL = f"身份证号{IDENTITY}，手机{MOBILE}，办公电话{LANDLINE}，卡号{BANK}，邮箱{MAIL}，家庭住址：{HOME}。"
NEEDLES = {
    "identity": "110105.?19491231",
    "mobile": "138.?1234.?5678",
    "landline": "8888.?6666",
    "bank": "622202.?123456789",
    "email": "zhangsan@",
    "address": "文三路",
}


def _word(path: Path) -> None:
    """A document with everything in its body, table, header, footer, comment and properties."""
    document = Document()
    document.add_heading("机电学院党总支2024年度党建工作总结")
    document.add_paragraph("2024年3月12日，党总支专题研究意识形态工作，应到7人，实到6人，联系人张三，" + ALL)
    table = document.add_table(2, 4)
    for cell, text in zip(
        table._cells, ("姓名", "身份证号", "联系电话", "家庭住址", "张三", IDENTITY, MOBILE, HOME), strict=True
    ):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "页眉" + ALL
    document.sections[0].footer.paragraphs[0].text = "页脚" + ALL
    run = document.add_paragraph("党总支组织教师每月开展理论学习，书记领学。").runs[0]
    document.add_comment(run, text="批注" + ALL, author=f"张三{MOBILE}", initials="张")
    document.core_properties.title = "总结" + ALL
    document.core_properties.author = MAIL
    document.save(str(path))


def _boxed() -> bytes:
    box = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p('文本框' + ALL)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    return docx(p("文本框里的内容：", box), header=p("页眉" + ALL))


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"党员{MOBILE}"
    sheet.append(["日期", "内容", "联系电话", "身份证号", "银行卡号", "备注"])
    sheet.append([datetime.date(2024, 3, 12), "党总支专题研究意识形态工作", int(MOBILE), IDENTITY, BANK, ALL])
    sheet.append([datetime.date(2024, 9, 18), "党总支专题研究意识形态工作" + ALL, MOBILE, "", int(BANK), MAIL])
    sheet["B2"].comment = Comment("批注" + ALL, MAIL)
    book.properties.title = ALL
    book.properties.creator = MAIL
    book.create_sheet("隐藏").append([ALL])
    book["隐藏"].sheet_state = "hidden"
    book.save(path)


def _members() -> dict[str, bytes]:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"张三{MOBILE}/{IDENTITY}.txt", "存在问题：台账不齐。" + ALL)
        archive.writestr(f"坏{MOBILE}.docx", b"PK\x03\x04 broken " + ALL.encode())
    page = PdfPage()
    for number, start in enumerate(range(0, len(ALL), 30)):
        page.text(60, 80 + 20 * number, ALL[start : start + 30])
    return {
        "文本框.docx": _boxed(),
        f"支撑{MOBILE}.zip": inner.getvalue(),
        f"证件{IDENTITY}.pdf": write([page]),
        "说明.txt": ("情况说明\n" + ALL).encode("gb18030"),
        "名单.csv": f"姓名,电话,地址\n张三,{MOBILE},{HOME}\n".encode(),
        f"扫描{MOBILE}.pdf": b"%PDF-1.4 broken " + ALL.encode(),
    }


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The workspace after all that can be done with it, and all that was said on the way."""
    root = small_workspace(tmp_path_factory.mktemp("个人信息"), (NAME,))
    home = root / "inputs" / "submissions" / NAME
    _word(home / "年度总结.docx")
    _workbook(home / "台账" / "意识形态台账.xlsx")
    deep = home / f"佐证{MOBILE}"
    deep.mkdir()
    for name, data in _members().items():
        (deep / name).write_bytes(data)
    said = [call("run --verbose", root, "--jobs", "1")]
    rows = [json.loads(line) for line in (outputs(root) / "evidence.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 15
    said += [call(f"explain {row['id']}", root) for row in rows[:3]]
    said += [call("verify", root), call("verify --json", root), call("run --json", root, "--jobs", "1")]
    assert all(result.exit_code in (0, 1) for result in said), [r.output for r in said]
    return root, "\n".join(result.output for result in said)


@pytest.mark.parametrize("kind", sorted(NEEDLES))
def test_personal_data_is_nowhere_that_the_program_writes(planted: tuple[Path, str], kind: str) -> None:
    root, said = planted
    assert where(root, NEEDLES[kind], said) == []


def test_what_is_masked_is_recognisable_and_named_in_the_outputs(planted: tuple[Path, str]) -> None:
    root, _said = planted
    for masked in (r"110105\*{8}002X", r"138\*{4}5678", r"622202\*{9}0128", r"z\*{7}@example", "西湖区[*]"):
        assert where(root, masked), masked
    assert where(root, "个人信息已遮盖：身份证号、手机号、固定电话、银行账号、住址、电子邮箱")


def test_files_with_personal_data_in_their_names_are_read_and_proved_all_the_same(planted: tuple[Path, str]) -> None:
    root, said = planted
    run = json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))
    read = {f["path"].rsplit("/", 1)[-1]: f["status"] for f in run["files"]}
    assert read["证件110105********002X.pdf"] == "read"
    assert read["110105********002X.txt"] == "read"
    assert read["扫描138****5678.pdf"] == "failed"
    assert "全部在原件的所注位置查到" in said


def test_names_stay_in_the_departments_documents_and_in_none_of_the_schools(planted: tuple[Path, str]) -> None:
    root, _said = planted
    found = {name.partition("!")[0] for name in where(root, "张三")}
    assert any(name.startswith(f"outputs/2024/{NAME}/") for name in found)
    assert not {"outputs/2024/全校汇总.xlsx", "outputs/2024/全校工作总结.docx", "outputs/2024/scores.json"} & found


def test_the_schools_documents_quote_no_passage(planted: tuple[Path, str]) -> None:
    root, _said = planted
    found = {name.partition("!")[0] for name in where(root, "应到7人|每月开展理论学习，书记领学|台账不齐")}
    assert not {"outputs/2024/全校汇总.xlsx", "outputs/2024/全校工作总结.docx"} & found
    assert any(name.startswith(f"outputs/2024/{NAME}/") for name in found)


# ---------------------------------------------------------------- sensitive columns, and the setting


def _roll(root: Path) -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "姓名", "民族", "宗教信仰", "健康状况", "入党时间"])
    for number, (people, faith, health) in enumerate((("裕固族", "无", "良好"), ("汉族", "天主教", "慢性肾炎")), 1):
        sheet.append([number, f"党员{number}号", people, faith, health, "2024-06-01"])
    path = root / "inputs" / "submissions" / NAME / "党员名册.xlsx"
    book.save(path)
    return path


def test_ethnicity_religion_and_health_are_counted_and_named_as_withheld(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, (NAME,))
    _roll(root)
    said = call("run", root, "--jobs", "1").output
    for value in ("裕固族", "天主教", "慢性肾炎"):  # words of no shipped example: the store keeps what was learnt from
        assert where(root, value, said) == [], value
    notes = "".join(
        note
        for file in json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))["files"]
        for note in file["notes"]
    )
    assert "民族" in notes
    assert "汉族1人、少数民族1人" in notes


def test_the_setting_narrows_what_is_masked_and_the_outputs_say_so(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, (NAME,))
    write_docx(
        root / "inputs" / "submissions" / NAME / "联系.docx",
        ("机电学院党总支2024年联系表", f"党总支联系邮箱{MAIL}，联系人电话{MOBILE}，负责意识形态工作台账。"),
    )
    (root / "inputs" / "settings.toml").write_text('[privacy]\nmask = ["mobile"]\n', encoding="utf-8")
    assert call("run", root, "--jobs", "1").exit_code == 0
    assert where(root, NEEDLES["email"])
    assert where(root, NEEDLES["mobile"]) == []
    assert json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))["masked"] == ["手机号"]
    assert where(root, "个人信息已遮盖：手机号。")
