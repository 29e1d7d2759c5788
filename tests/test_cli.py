"""The border of the program: wrong usage, faults and interruptions are Chinese sentences with the right exit code."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.errors import UnusableWorkspace

HEAVY = ("docx", "docxtpl", "openpyxl", "pdfplumber", "sklearn", "numpy", "onnxruntime", "rapidocr", "rich", "lxml")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def commands(
    command: click.Command = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from commands(inner, (*path, name))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], "没有“rum”这个命令"),
        (["run", "--yeer", "2024"], "没有“--yeer”这个选项"),
        (["run", "--jobs"], "后面要写一个值"),
        (["run", "--json=3"], "后面不写值"),
        (["run", "--year", "去年"], "“去年”不是整数"),
        (["run", "--year", "12"], "12 不在"),
        (["run", "材料", "附件"], "多写了参数（材料 附件）"),
        (["explain"], "少写了参数"),
        (["guideline", "diff", "旧.docx"], "少写了参数"),
        (["guideline", "prove"], "没有“prove”这个命令"),
        (["wheels", "--python", "3.9", "wheels"], "不是"),
    ],
)
def test_wrong_usage_is_said_in_chinese_and_ends_with_2(arguments: list[str], words: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not re.search(r"Usage|Error|Try|No such|Missing|Got|Invalid|is not|Did you|require", result.stderr), (
        result.stderr
    )


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_help_is_chinese_for_every_command_and_option(path: tuple[str, ...]) -> None:
    command = dict(commands())[path]
    result = call(*path, "--help")
    assert result.exit_code == 0
    assert "用法：" in result.output
    assert not re.search(
        r"Usage|Options|Commands|Arguments|Show this|\[OPTIONS\]|COMMAND|TEXT|INTEGER|PATH", result.output
    )
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name
            assert re.search("[\u4e00-\u9fff]", option.help), option.name


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.cli import main; main(['run', '--help'], standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert not set(HEAVY) & set(done.stdout.split())


def test_what_cannot_be_used_is_one_sentence_on_standard_error(tmp_path: Path) -> None:
    result = call("run", "--workspace", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "没有找到 inputs" in result.stderr
    assert result.stderr.count("\n") == 1


def broken(error: BaseException) -> object:
    def stand_in(*_arguments: object, **_named: object) -> None:
        raise error

    return stand_in


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "inputs" / "submissions").mkdir(parents=True)
    return tmp_path


def test_an_interrupted_command_says_that_nothing_is_lost(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    monkeypatch.setattr("pipeline.run.run", broken(KeyboardInterrupt()))
    result = call("run", "--workspace", str(workspace))
    assert result.exit_code == 130
    assert "可以放心再运行" in result.stderr


def test_a_question_left_unanswered_ends_with_130(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    (workspace / "outputs" / "2024").mkdir(parents=True)
    result = call("purge", "--workspace", str(workspace), "--year", "2024")
    assert result.exit_code == 130
    assert (workspace / "outputs" / "2024").is_dir()


def test_a_fault_of_the_program_is_a_sentence_and_its_details_are_kept_masked(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    monkeypatch.setattr("pipeline.run.run", broken(ZeroDivisionError("电话 13812345678")))
    result = call("run", "--workspace", str(workspace))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    record = workspace / ".shuangchuang" / "错误记录.txt"
    assert str(record) in result.stderr
    details = record.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in details
    assert "test_cli.py" in details
    assert "13812345678" not in details


def test_where_no_record_can_be_kept_the_details_follow_the_sentence(
    monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    (workspace / ".shuangchuang").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr("pipeline.run.run", broken(ZeroDivisionError("x")))
    result = call("run", "--workspace", str(workspace))
    assert result.exit_code == 2
    assert result.stderr.startswith("程序出了意外的错误")
    assert "ZeroDivisionError" in result.stderr


def test_a_full_disk_is_named_with_the_file(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    monkeypatch.setattr("pipeline.run.run", broken(OSError(28, "No space left on device", "全校汇总.xlsx")))
    result = call("run", "--workspace", str(workspace))
    assert result.exit_code == 2
    assert "全校汇总.xlsx" in result.stderr
    assert "磁盘是否已满" in result.stderr


@pytest.mark.parametrize("command", ["run", "guideline", "verify", "purge"])
def test_unusable_is_caught_for_every_command(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    error = UnusableWorkspace("这里不能用：请换一个文件夹。")
    monkeypatch.setattr("pipeline.run.run", broken(error))
    for name in ("guideline_show", "verify", "purge"):
        monkeypatch.setattr(f"pipeline.commands.{name}", broken(error))
    result = call(command, *(["show"] if command == "guideline" else []))
    assert result.exit_code == 2
    assert result.stderr == "这里不能用：请换一个文件夹。\n"
