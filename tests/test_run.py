"""The main job over small workspaces: what comes out, what happens with bad input, and that nothing is half written."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from tests.workspaces import OFFICIAL, small_workspace, write_docx


def run(workspace: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["run", "--workspace", str(workspace), "--jobs", "1", *options])


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def files_under(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def same_always(folder: Path) -> dict[str, bytes]:
    """The outputs that must not differ between runs over the same inputs (CONTRACT: Outputs)."""
    found = files_under(folder)
    found.pop("run.log", None)
    found.pop("changes.json", None)
    summary = json.loads(found.pop("run.json"))
    summary.pop("timings")
    return {**found, "run.json": json.dumps(summary, sort_keys=True).encode()}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    workspace = small_workspace(tmp_path_factory.mktemp("学院 材料"), ("机电学院党总支", "化工学院党总支"))
    return workspace, run(workspace)


def test_a_run_leaves_every_output_of_the_contract(done: tuple[Path, Result]) -> None:
    workspace, result = done
    assert result.exit_code == 0, result.output
    outputs = workspace / "outputs" / "2024"
    for name in ("机电学院党总支", "化工学院党总支"):
        for file in (
            "2024年度双创工作总结.docx",
            "2024年度双创评分表.docx",
            "2024年度双创评分表.xlsx",
            "补充材料清单.docx",
        ):
            assert (outputs / name / file).is_file(), file
    for file in (
        *("run.json", "guideline.json", "evidence.jsonl", "scores.json", "changes.json", "run.log", "index.html"),
        *("全校汇总.xlsx", "全校工作总结.docx", "审阅清单.xlsx"),
    ):
        assert (outputs / file).is_file(), file
    assert not [p for p in outputs.rglob("*") if p.name.startswith(".写入中")]


def test_the_closing_account_says_what_was_read_and_where_to_look(done: tuple[Path, Result]) -> None:
    workspace, result = done
    assert "2 个单位" in result.output
    assert str(workspace / "outputs" / "2024") in result.output


def test_events_of_summary_and_ledger_are_counted_once(done: tuple[Path, Result]) -> None:
    workspace, _ = done
    scores = load(workspace / "outputs" / "2024" / "scores.json")
    for department in scores["departments"]:
        indicator = next(i for i in department["indicators"] if i["code"] == "2.1(1)")
        studied = next(r for r in indicator["requirements"] if "专题研究" in r["text"])
        assert (studied["found"], studied["met"]) == (2, True)


def test_every_line_of_evidence_has_a_place_that_a_person_finds(done: tuple[Path, Result]) -> None:
    workspace, _ = done
    lines = (workspace / "outputs" / "2024" / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {r["department"] for r in rows} == {"机电学院党总支", "化工学院党总支"}
    ledger = [r for r in rows if r["source"].endswith(".xlsx") and r["kind"] == "row"]
    assert [r["locator"] for r in ledger[:2]] == [{"sheet": "意识形态工作台账", "row": n} for n in (2, 3)]
    assert ledger[0]["columns"] == ["日期", "内容", "主持人", "人数"]


def test_a_second_run_gives_the_same_bytes_wherever_the_workspace_lies(
    done: tuple[Path, Result], tmp_path: Path
) -> None:
    workspace, _ = done
    before = same_always(workspace / "outputs" / "2024")
    elsewhere = tmp_path / "another place"
    shutil.copytree(workspace / "inputs", elsewhere / "inputs")
    assert run(elsewhere, "--jobs", "2").exit_code == 0
    assert same_always(elsewhere / "outputs" / "2024") == before
    assert run(workspace).exit_code == 0
    assert same_always(workspace / "outputs" / "2024") == before


# ---------------------------------------------------------------- bad input


def no_inputs(root: Path) -> None:
    shutil.rmtree(root / "inputs")


def empty_inputs(root: Path) -> None:
    shutil.rmtree(root / "inputs")
    (root / "inputs").mkdir()


def no_guideline(root: Path) -> None:
    shutil.rmtree(root / "inputs" / "guideline")


def two_guidelines(root: Path) -> None:
    shutil.copy(OFFICIAL, root / "inputs" / "guideline" / "另一份指南.docx")


def wrong_guideline(root: Path) -> None:
    for path in (root / "inputs" / "guideline").iterdir():
        path.unlink()
    write_docx(root / "inputs" / "guideline" / "通知.docx", ("关于报送材料的通知", "请各单位于12月20日前报送。"))


def outputs_that_cannot_be_written(root: Path) -> None:
    (root / "outputs").write_text("a file where the folder should be", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (no_inputs, "inputs"),
        (empty_inputs, "submissions"),
        (no_guideline, "guideline"),
        (two_guidelines, "另一份指南.docx"),
        (wrong_guideline, "指南"),
        (outputs_that_cannot_be_written, "outputs"),
    ],
)
def test_a_workspace_that_cannot_be_used_ends_with_2_and_a_sentence(tmp_path: Path, spoil: Any, words: str) -> None:
    root = small_workspace(tmp_path / "工作 文件夹")
    spoil(root)
    result = run(root)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert not (root / "outputs" / "2024").exists()


def test_without_a_year_in_the_title_the_option_is_asked_for(tmp_path: Path) -> None:
    root = small_workspace(tmp_path)
    result = CliRunner().invoke(main, ["run", "--workspace", str(root), "--jobs", "1", "--year", "2031"])
    assert result.exit_code == 0, result.output
    assert (root / "outputs" / "2031" / "run.json").is_file()
    assert not (root / "outputs" / "2024").exists()


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_complete(tmp_path: Path) -> None:
    root = small_workspace(tmp_path)
    broken = root / "inputs" / "submissions" / "机电学院党总支" / "会议纪要.docx"
    broken.write_bytes((root / "inputs/submissions/机电学院党总支/年度总结.docx").read_bytes()[:900])
    result = run(root)
    assert result.exit_code == 1
    assert "会议纪要.docx" in result.output
    entry = next(f for f in load(root / "outputs/2024/run.json")["files"] if f["path"].endswith("会议纪要.docx"))
    assert entry["status"] == "failed"
    assert entry["reason"].count("。") >= 1
    assert (root / "outputs/2024/机电学院党总支/2024年度双创工作总结.docx").is_file()


def test_a_department_that_sent_nothing_is_missing_and_still_gets_its_documents(tmp_path: Path) -> None:
    root = small_workspace(tmp_path)
    (root / "inputs" / "submissions" / "体育部党支部").mkdir()
    result = run(root)
    assert result.exit_code == 1
    assert "体育部党支部" in result.output
    departments = {d["name"]: d["missing"] for d in load(root / "outputs/2024/run.json")["departments"]}
    assert departments == {"机电学院党总支": False, "体育部党支部": True}
    assert (root / "outputs/2024/体育部党支部/补充材料清单.docx").is_file()


def test_an_edited_summary_is_kept_before_its_successor_is_written(tmp_path: Path) -> None:
    from docx import Document

    root = small_workspace(tmp_path)
    assert run(root).exit_code == 0
    summary = root / "outputs/2024/机电学院党总支/2024年度双创工作总结.docx"
    fresh = summary.read_bytes()
    document = Document(str(summary))
    document.add_paragraph("书记补写的一句话。")
    document.save(str(summary))
    edited = summary.read_bytes()
    run(root)
    kept = list((root / "outputs/2024/.kept").rglob("*.docx"))
    assert [p.read_bytes() for p in kept] == [edited]
    assert summary.read_bytes() == fresh


def test_outputs_of_a_department_that_is_gone_do_not_stay(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, ("机电学院党总支", "化工学院党总支"))
    assert run(root).exit_code == 0
    shutil.rmtree(root / "inputs" / "submissions" / "化工学院党总支")
    assert run(root).exit_code == 0
    assert not (root / "outputs" / "2024" / "化工学院党总支").exists()
    assert (root / "outputs" / "2024" / "机电学院党总支").is_dir()
