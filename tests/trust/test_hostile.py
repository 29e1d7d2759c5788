"""One department sends everything that a hostile hand could; the run ends, names each, and nothing gets out or in."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from jinja2.exceptions import SecurityError, UndefinedError
from openpyxl import load_workbook

from pipeline.write.render import environment
from tests.read.docx_writer import docx, p
from tests.read.pdf_writer import PdfPage, write
from tests.trust.everything import where
from tests.verify.school import body_of, call, outputs
from tests.workspaces import small_workspace, write_docx, write_xlsx

NAME = "机电学院党总支"
SECRET = "金丝雀在笼外"  # stands in a file outside the workspace
LONG = "长" * 83 + ".docx"  # 254 bytes in UTF-8
JINJA = "支部{{7*7}}次{% for x in y %}研究{{ ''.__class__.__mro__ }}并解决党员提出的问题，推动意识形态责任落实。"
FORMULAS = ("=1+1", "+1-1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://192.0.2.1/","x")')


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _with_part(data: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    return _zip({**members, name: part})


def _entities(secret: Path) -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><w:document xmlns:w="x">&l8;</w:document>'
    outside = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    fetched = (
        f'{outside}<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    )
    base = docx(p("正文"))
    return {
        "实体炸弹.docx": _with_part(base, "word/document.xml", bomb.encode()),
        "外部实体.docx": _with_part(base, "word/document.xml", fetched.encode()),
    }


def _polyglot() -> bytes:
    """A PDF behind whose end a zip begins: it is what its first bytes say."""
    page = PdfPage()
    page.text(72, 80, "党总支召开会议专题研究意识形态工作，排查网络舆情风险。")
    return write([page]) + _zip({"藏起来.txt": "压缩包里藏的一段话。".encode()})


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result, dict[str, bytes]]:
    """The workspace after its run; the run; and what lay around the workspace before."""
    around = tmp_path_factory.mktemp("周围")
    (around / "外面.txt").write_text(SECRET, encoding="utf-8")
    root = small_workspace(around / "工作", (NAME,))
    home = root / "inputs" / "submissions" / NAME
    bomb = _zip({"大.txt": b"0" * (300 * 2**20)})
    slip = {
        "../../../逃出.txt": "逃出来的一段话，存在的问题是记录不全。".encode(),
        "/绝对.txt": b"x" * 40,
        "C:\\盘符.txt": b"y" * 40,
    }
    files = {
        **_entities(around / "外面.txt"),
        "炸弹.zip": bomb,
        "炸弹.docx": _with_part(docx(p("正文")), "word/document.xml", b"<w:document>" + b" " * (80 * 2**20)),
        "穿越.zip": _zip(slip),
        "套娃.zip": _zip({"1.zip": _zip({"2.zip": _zip({"3.zip": _zip({"4.zip": _zip({"x.txt": b"deep"})})})})}),
        "双面.pdf": _polyglot(),
        "\x1b[31m红色\u202egnp.docx": docx(p("文件名里有控制字符和反向字符的材料。")),
        LONG: docx(p("文件名很长的一份材料，说明支部台账补齐情况。")),
    }
    for name, data in files.items():
        (home / name).write_bytes(data)
    write_docx(home / "模板语法.docx", ("机电学院意识形态工作情况", JINJA, "存在的问题：" + JINJA))
    write_xlsx(
        home / "公式.xlsx",
        (("日期", "内容", "备注"), *(("2024-03-12", f"{f} 专题研究意识形态工作", "'" + f) for f in FORMULAS)),
    )
    (home / "链接.txt").symlink_to(around / "外面.txt")
    (home / "链接文件夹").symlink_to(around)
    before = {str(q): q.read_bytes() for q in around.rglob("*") if q.is_file() and not q.is_relative_to(root)}
    return root, call("run", root, "--jobs", "1"), before


def _files(root: Path) -> dict[str, dict[str, str]]:
    run = json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))
    return {file["path"].removeprefix(f"inputs/submissions/{NAME}/"): file for file in run["files"]}


def test_the_run_ends_with_findings_and_is_complete(attacked: tuple[Path, Result, dict[str, bytes]]) -> None:
    root, result, _before = attacked
    assert result.exit_code == 1, result.output
    assert (outputs(root) / NAME / "2024年度双创工作总结.docx").is_file()
    assert call("verify", root).exit_code == 0


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("实体炸弹.docx", "failed", "实体"),
        ("外部实体.docx", "failed", "实体"),
        ("炸弹.zip!/大.txt", "failed", "过大"),
        ("炸弹.docx", "failed", "炸弹"),
        ("套娃.zip!/1.zip!/2.zip!/3.zip", "failed", "太多层"),
        ("链接.txt", "skipped", "inputs 以外"),
        ("链接文件夹", "skipped", "inputs 以外"),
    ],
)
def test_each_attack_is_named(
    attacked: tuple[Path, Result, dict[str, bytes]], name: str, status: str, words: str
) -> None:
    file = _files(attacked[0])[name]
    assert file["status"] == status
    assert words in file["reason"]


@pytest.mark.parametrize("name", ["穿越.zip!/逃出.txt", "穿越.zip!/绝对.txt", "穿越.zip!/盘符.txt", "双面.pdf", LONG])
def test_what_only_looks_strange_is_read(attacked: tuple[Path, Result, dict[str, bytes]], name: str) -> None:
    assert _files(attacked[0])[name]["status"] == "read"


def test_nothing_is_written_or_changed_outside_the_workspace(
    attacked: tuple[Path, Result, dict[str, bytes]],
) -> None:
    root, _result, before = attacked
    around = root.parent
    assert {str(q): q.read_bytes() for q in around.rglob("*") if q.is_file() and not q.is_relative_to(root)} == before
    assert not list(Path("/").glob("*绝对.txt"))


def test_nothing_from_outside_the_workspace_comes_in(attacked: tuple[Path, Result, dict[str, bytes]]) -> None:
    root, result, _before = attacked
    assert where(root, SECRET, result.output) == []


def test_names_cannot_turn_or_colour_what_is_printed(attacked: tuple[Path, Result, dict[str, bytes]]) -> None:
    root, result, _before = attacked
    assert where(root, "\x1b\\[31m红|红色\u202e", result.output) == []
    assert any("红色" in name and "202E" in name for name in _files(root))


def test_template_syntax_in_a_submission_is_printed_as_text(attacked: tuple[Path, Result, dict[str, bytes]]) -> None:
    root, _result, _before = attacked
    text = body_of(outputs(root) / NAME / "2024年度双创工作总结.docx")
    assert "{{7*7}}次{% for x in y %}" in text
    assert "支部49次" not in text


def test_no_cell_of_a_submission_becomes_a_formula(attacked: tuple[Path, Result, dict[str, bytes]]) -> None:
    root, _result, _before = attacked
    checked = 0
    for path in outputs(root).rglob("*.xlsx"):
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.lstrip("'").startswith(("=", "+", "-", "@")):
                        checked += 1
                        ours = cell.data_type == "f" and not any(
                            f in cell.value for f in ("HYPERLINK", "1+1", "1-1", "@SUM")
                        )
                        assert ours or (cell.data_type == "s" and cell.quotePrefix), cell.value
    assert checked > 10


def test_originals_keep_their_bytes_and_times(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, (NAME,))
    seen = {q: (q.read_bytes(), q.stat().st_mtime_ns) for q in (root / "inputs").rglob("*") if q.is_file()}
    for folder in sorted((q for q in (root / "inputs").rglob("*") if q.is_dir()), reverse=True):
        folder.chmod(0o555)
    for path in seen:
        path.chmod(0o444)
    try:
        assert call("run", root, "--jobs", "1").exit_code == 0
        assert call("verify", root).exit_code == 0
        assert call("purge --yes", root).exit_code == 0
    finally:
        for folder in (q for q in (root / "inputs").rglob("*") if q.is_dir()):
            folder.chmod(0o755)
    now = {q: (q.read_bytes(), q.stat().st_mtime_ns) for q in (root / "inputs").rglob("*") if q.is_file()}
    assert now == seen


@pytest.mark.parametrize(
    "reach",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    ],
)
def test_a_template_runs_where_python_is_out_of_reach(reach: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        environment().from_string(reach).render()
