"""What a person sees: consoles of any encoding, bars where someone watches, lines where not, JSON for programs."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len

from pipeline import console
from pipeline.progress import Silent
from pipeline.run import RunReport, run
from pipeline.settings import Options
from tests.workspaces import ROOT, small_workspace

RARE = "𠮷安学院党总支"  # its first character is in neither GBK nor cp1252
ENCODINGS = ("gbk", "cp1252")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_workspace(tmp_path_factory.mktemp("控制台"), (RARE,))
    (root / "inputs" / "submissions" / "体育部党支部").mkdir()
    return root


@pytest.fixture(scope="module")
def report(workspace: Path) -> RunReport:
    return run(Options(workspace, jobs=1), Silent())


def shuangchuang(*arguments: str, encoding: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, encoding=encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_console_encoding_crashes_a_run(workspace: Path, report: RunReport, encoding: str) -> None:
    done = shuangchuang("run", "--verbose", "--workspace", str(workspace), encoding=encoding)
    assert done.returncode == report.exit_code == 1, done.stderr
    assert str(report.year) in done.stdout
    if encoding == "gbk":
        assert "没有收到材料：体育部党支部" in done.stdout
        assert "?安学院党总支/年度总结.docx" in done.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["rum"], 2), (["run", "--workspace", "没有"], 2)])
def test_every_answer_is_fit_for_any_console(encoding: str, arguments: list[str], code: int) -> None:
    done = shuangchuang(*arguments, encoding=encoding)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout + done.stderr


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-8"])
def test_json_is_whole_on_any_console(monkeypatch: pytest.MonkeyPatch, report: RunReport, encoding: str) -> None:
    body = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(body, encoding=encoding, write_through=True))
    console.account(report, quiet=False, as_json=True)
    told = json.loads(body.getvalue().decode(encoding))
    assert told["exit"] == 1
    assert told["missing"] == ["体育部党支部"]
    assert told["counts"]["files"] == 2


def test_quiet_says_only_what_a_person_must_do(capsys: pytest.CaptureFixture[str], report: RunReport) -> None:
    console.account(report, quiet=True, as_json=False)
    assert [line.strip()[:6] for line in capsys.readouterr().out.splitlines()] == ["没有收到材料"]


def test_without_a_terminal_stages_are_lines_and_verbose_names_each_file(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose in (False, True):
        with console.progress(quiet=False, verbose=verbose) as progress:
            progress.stage("读取材料", 2)
            progress.step("机电学院/年度总结.docx")
        told = capsys.readouterr()
        assert told.out == ""
        assert "读取材料：共 2 项" in told.err
        assert ("机电学院/年度总结.docx" in told.err) is verbose


def test_the_closing_table_stands_in_columns(capsys: pytest.CaptureFixture[str], report: RunReport) -> None:
    console.account(report, quiet=False, as_json=False)
    shown = capsys.readouterr().out.splitlines()
    header = next(i for i, line in enumerate(shown) if line.split()[:2] == ["单位", "文件"])
    rows = {line.split()[0]: line for line in shown[header + 1 : header + 3]}
    assert rows.keys() == {RARE, "体育部党支部"}
    assert rows[RARE].split()[1] == "2"
    second = re.compile(r"  \S+\s+\S+")
    ends = {cell_len(found[0]) for line in shown[header : header + 3] if (found := second.match(line))}
    assert len(ends) == 1


def test_a_table_counts_chinese_characters_twice() -> None:
    lines = list(console.table([("单位", "数"), ("ab", "10"), ("机电学院", "9")], numbers=[1]))
    assert lines == ["  单位      数", "  ab        10", "  机电学院   9"]


WATCHED = """
from pipeline import console
with console.progress(quiet=False, verbose=False) as progress:
    progress.stage("读取材料", 2)
    progress.step("年度总结.docx")
    progress.extra(3, "页文字识别")
    progress.step("扫描件.pdf")
    for _ in progress.over("写文档", ["机电学院党总支"]):
        pass
"""


def on_a_terminal(**more: str) -> str:
    """What a terminal gets of the progress of a short job."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "PYTHONUTF8": "1", **more}
    process = subprocess.Popen([sys.executable, "-c", WATCHED], cwd=ROOT, env=environment, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what reading says once the terminal's other end is closed
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait() == 0
    return shown.decode("utf-8")


COLOUR = re.compile("\x1b\\[(?:[0-9]+;)*(?:3[0-9]|38;[0-9;]+|9[0-7])m")


def test_someone_who_watches_sees_bars_with_what_is_done_and_pages_recognised() -> None:
    shown = on_a_terminal()
    for words in ("读取材料", "2/2", "3 页文字识别", "写文档", "1/1"):
        assert words in shown
    assert COLOUR.search(shown)


def test_no_color_is_heeded() -> None:
    shown = on_a_terminal(NO_COLOR="1")
    assert "读取材料" in shown
    assert not COLOUR.search(shown)


def test_more_departments_than_fit_are_left_to_the_page() -> None:
    score: Any = SimpleNamespace(total=81.5, open=3.0, grade=None)
    summaries: Any = [
        SimpleNamespace(name=f"第{n}学院", files=(), passages={"total": 4, "review": 1}, score=score)
        for n in range(100)
    ]
    lines = list(console._departments(summaries))
    assert len(lines) == 1 + 40 + 1
    assert "共 100 个单位" in lines[-1]
    assert lines[1].split() == ["第0学院", "0", "4", "1", "81.5", "3", "未定"]


def test_what_moved_is_told_with_its_cause() -> None:
    row = {"what": "final", "department": "机电学院", "requirement": None, "code": "1.1(1)", "because": ["纪要.docx"]}
    lines = list(console._moved([{**row, "before": 2.5, "after": None}]))
    assert lines[1].strip() == "机电学院　1.1(1)　得分：2.5 → 未定（纪要.docx）"
