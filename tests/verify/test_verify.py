"""`verify` names what does not stand as printed: altered documents, altered originals, altered data; and nothing else."""

import json
import shutil
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.verify.school import (
    CHECKLIST,
    NAME,
    PROSE,
    SHEET,
    SUMMARY,
    WORKBOOK,
    body_of,
    call,
    copy_of,
    outputs,
    rewrite_cells,
    rewrite_word,
)
from tests.workspaces import write_docx

Found = list[dict[str, Any]]


def failures(workspace: Path) -> Found:
    result = call("verify --json", workspace)
    found: Found = json.loads(result.stdout)["unproved"]
    assert result.exit_code == (1 if found else 0), result.output
    return found


def pairs(found: Found, document: str) -> set[tuple[str, str]]:
    return {(d["printed"], d["original"]) for f in found if f["document"].endswith(document) for d in f["differs"]}


def test_an_untouched_run_is_proved_whole_without_the_stores_word(done: Path, tmp_path: Path) -> None:
    workspace = copy_of(done, tmp_path)
    (workspace / ".shuangchuang" / "store.sqlite").unlink()
    result = call("verify", workspace)
    assert result.exit_code == 0, result.output
    assert "核对 8 份文档" in result.stdout
    assert "全部在原件的所注位置查到" in result.stdout
    assert not (workspace / ".shuangchuang" / "verify").exists()


# ---------------------------------------------------------------- altered documents


@pytest.fixture(scope="module")
def spoiled(done: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What `verify` finds where words, numbers, dates and references were altered all over the documents."""
    workspace = copy_of(done, tmp_path_factory.mktemp("改动"))
    home = outputs(workspace) / NAME
    rewrite_word(
        home / SUMMARY,
        ("提出否决意见", "提出保留意见，请电13812345678"),  # a word of a quotation, and what must not be repeated
        ("审查意见87份", "审查意见78份"),  # a number of one
        ("35.5学时", "355学时"),  # a decimal point
        ("2024年11月26日的例会", "2024年11月25日的例会"),  # a date of one
        ("工作3次（3月12日", "工作4次（3月12日"),  # a counted figure
        ("5月16日、9月18日", "5月15日、9月18日"),  # the date of an event counted
        ("〔2-1-2-01〕", "〔4-3-3-01〕"),  # another document's number
        ("〔4-1-1-01〕", "〔4-1-1-09〕"),  # no document's
        ("第2行、第3行", "第2行、第4行"),  # the catalogue
    )
    rewrite_word(home / CHECKLIST, ("2024年度", "2023年度"))
    rewrite_word(home / SHEET, ("2.57", "2.75"))
    assert rewrite_cells(home / WORKBOOK, _altered_cell) >= 8
    rewrite_word(outputs(workspace) / "全校工作总结.docx", ("共收到材料3份", "共收到材料33份"))
    assert rewrite_cells(outputs(workspace) / "全校汇总.xlsx", lambda value: 33 if value == 3 else value)
    assert rewrite_cells(outputs(workspace) / "审阅清单.xlsx", _altered_cell)
    return failures(workspace)


_SWAPS = {"舆情风险": "舆论风险", "54人次": "45人次", "2024年5月16日": "2024年5月17日", "2025年3月底": "2025年5月底"}


def _altered_cell(value: Any) -> Any:
    whole = {
        "2024-03-12、2024-05-16、2024-09-18": "2024-03-12、2024-05-17、2024-09-18",
        "2024-11-26": "2024-11-27",
        2.57: 2.75,
    }
    if value in whole:
        return whole[value]
    for old, new in _SWAPS.items():
        value = value.replace(old, new) if isinstance(value, str) else value
    return value


@pytest.mark.parametrize(
    ("printed", "original"),
    [("保留", "否决"), ("78", "87"), ("355", "35.5"), ("25", "26"), ("4", "3"), ("15", "16")],
)
def test_an_altered_word_number_or_date_of_the_summary_is_named(spoiled: Found, printed: str, original: str) -> None:
    named = {(a[: len(printed)], b) for a, b in pairs(spoiled, SUMMARY)}
    assert (printed, original) in named


def test_the_place_of_the_right_words_is_named(spoiled: Found) -> None:
    quoted = next(f for f in spoiled if "否决" in f["nearest"])
    assert quoted["source"] == f"inputs/submissions/{NAME}/年度总结.docx 第3段"
    assert quoted["place"].startswith("第")


def test_altered_figures_of_the_other_word_files_are_named(spoiled: Found) -> None:
    assert ("2023", "2024") in pairs(spoiled, CHECKLIST)
    assert ("2.75", "2.57") in pairs(spoiled, SHEET)
    assert ("33", "3") in pairs(spoiled, "全校工作总结.docx")


@pytest.mark.parametrize(
    ("printed", "original"),
    [
        ("论", "情"),
        ("45", "54"),
        ("17", "16"),
        ("2.75", "2.57"),
        ("2024-11-27", "2024-11-26"),
        ("2024-05-17", "2024-05-16"),
    ],
)
def test_an_altered_word_number_or_date_of_the_score_sheet_is_named(
    spoiled: Found, printed: str, original: str
) -> None:
    assert (printed, original) in pairs(spoiled, WORKBOOK)


def test_altered_figures_of_the_schools_workbooks_are_named_once(spoiled: Found) -> None:
    assert ("33", "3") in pairs(spoiled, "全校汇总.xlsx")
    listed = [f for f in spoiled if f["document"] == "审阅清单.xlsx"]
    assert [f["differs"] for f in listed] == [[{"printed": "5", "original": "3"}]]


def test_a_number_that_cites_another_file_or_place_is_named(spoiled: Found) -> None:
    messages = " ".join(f["message"] for f in spoiled)
    assert "不在所注的出处" in messages
    assert "〔4-1-1-09〕不存在" in messages
    assert "第4行" in messages


def test_personal_data_that_somebody_typed_into_a_document_is_not_repeated(spoiled: Found) -> None:
    told = json.dumps(spoiled, ensure_ascii=False)
    assert "138****5678" in told
    assert "13812345678" not in told


def test_only_what_was_altered_is_named(spoiled: Found) -> None:
    assert sum(f["document"].endswith(SUMMARY) for f in spoiled) == 6  # three of its sentences have two faults
    assert {f["document"].rsplit("/", 1)[-1] for f in spoiled} == {
        *(SUMMARY, SHEET, WORKBOOK, CHECKLIST),
        *("全校工作总结.docx", "全校汇总.xlsx", "审阅清单.xlsx"),
    }


# ---------------------------------------------------------------- altered originals and data


@pytest.fixture(scope="module")
def stale(done: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What `verify` finds where originals, data files and settings are no longer those of the run."""
    workspace = copy_of(done, tmp_path_factory.mktemp("原件"))
    home = workspace / "inputs" / "submissions" / NAME
    write_docx(home / "年度总结.docx", tuple(p.replace("87份", "86份") for p in PROSE))
    (home / "会议纪要.pdf").unlink()
    write_docx(home / "补报.docx", ("党总支补报的一段材料，说明整改情况。",))
    evidence, scores = outputs(workspace) / "evidence.jsonl", outputs(workspace) / "scores.json"
    evidence.write_text(evidence.read_text(encoding="utf-8").replace("54人次", "64人次"), encoding="utf-8")
    scores.write_text(scores.read_text(encoding="utf-8").replace('"met": null', '"met": true'), encoding="utf-8")
    (workspace / "inputs" / "settings.toml").write_text("[writing]\nsummary_characters = 3000\n", encoding="utf-8")
    (outputs(workspace) / NAME / CHECKLIST).unlink()
    (outputs(workspace) / NAME / WORKBOOK).write_bytes(b"PK\x03\x04 no workbook")
    (outputs(workspace) / NAME / SHEET).write_bytes((outputs(workspace) / NAME / SHEET).read_bytes()[:2000])
    return failures(workspace)


def test_originals_that_changed_since_the_run_are_named(stale: Found) -> None:
    said = {(f["document"].rsplit("/", 1)[-1], f["message"].partition("：")[0]) for f in stale}
    assert ("年度总结.docx", "原件在上次运行之后改过（散列不同）") in said
    assert ("会议纪要.pdf", "上次运行时有这个原件，现在没有了") in said
    assert ("补报.docx", "原件是上次运行之后放进来的") in said


def test_what_the_changed_originals_no_longer_say_is_named(stale: Found) -> None:
    assert ("87", "86") in pairs(stale, SUMMARY)
    assert any("2-1-2-01" in f["message"] for f in stale if f["document"].endswith(SUMMARY))


def test_altered_data_files_are_named(stale: Found) -> None:
    assert ("64", "54") in pairs(stale, "evidence.jsonl")
    assert [f["place"].split()[0] for f in stale if f["document"] == "scores.json"] == [NAME]


def test_missing_and_broken_documents_are_named(stale: Found) -> None:
    found = {f["document"].rsplit("/", 1)[-1]: f["message"] for f in stale}
    assert "没有这个文件" in found[CHECKLIST]
    assert "打不开" in found[WORKBOOK]
    assert "打不开" in found[SHEET]


def test_rules_that_changed_since_the_run_are_said_first(stale: Found) -> None:
    assert stale[0]["document"] == "run.json"
    assert "设置" in stale[0]["message"]


# ---------------------------------------------------------------- what a reviewer wrote


def test_what_a_reviewer_changed_is_named_until_it_is_recorded(done: Path, tmp_path: Path) -> None:
    workspace = copy_of(done, tmp_path)
    path = outputs(workspace) / NAME / SUMMARY
    rewrite_word(path, ("帮助解决实际困难13件", "帮助师生解决实际困难13件"))
    found = failures(workspace)
    assert [(f["document"].rsplit("/", 1)[-1], "未经登记的改动" in f["message"]) for f in found] == [(SUMMARY, True)]
    assert pairs(found, SUMMARY) == {("师生", "")}
    assert call("review apply", workspace).exit_code == 0
    assert call("run", workspace, "--jobs", "1").exit_code == 0
    assert "帮助师生解决实际困难13件。〔审-" in body_of(path)
    assert failures(workspace) == []


# ---------------------------------------------------------------- the run's own proof


def test_a_run_proves_what_changed_and_nothing_twice(done: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from pipeline import intake

    workspace = copy_of(done, tmp_path)
    opened: list[str] = []
    load = intake.load

    def counted(*args: Any, **more: Any) -> bytes:
        opened.append(args[1].path.rsplit("/", 1)[-1])
        return load(*args, **more)

    monkeypatch.setattr(intake, "load", counted)
    path = outputs(workspace) / NAME / SUMMARY
    rewrite_word(path, ("87份", "78份"))  # set aside, written anew: the same bytes as were proved
    call("run", workspace, "--jobs", "1")
    assert opened == []
    write_docx(workspace / "inputs" / "submissions" / NAME / "补报.docx", ("党总支补报了一段材料，说明整改的情况。",))
    assert call("run", workspace, "--jobs", "1").exit_code == 0
    assert sorted(opened) == ["会议纪要.pdf", "年度总结.docx", "意识形态台账.xlsx", "补报.docx", "补报.docx"]
    assert "verify" in json.loads((outputs(workspace) / "run.json").read_text(encoding="utf-8"))["timings"]


def test_an_original_that_changes_under_a_run_is_named_at_its_end(done: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from pipeline import intake

    workspace = copy_of(done, tmp_path)
    _forget_proofs(workspace)
    other = write_docx(tmp_path / "改过.docx", tuple(p.replace("87份", "86份") for p in PROSE))
    load = intake.load

    def switched(*args: Any, **more: Any) -> bytes:
        return other.read_bytes() if args[1].path.endswith("年度总结.docx") else load(*args, **more)

    monkeypatch.setattr(intake, "load", switched)
    result = call("run", workspace, "--jobs", "1")
    assert result.exit_code == 1
    assert f"{NAME}/{SUMMARY}" in result.output
    assert "“87”应为“86”" in result.output


def _forget_proofs(workspace: Path) -> None:
    with closing(sqlite3.connect(workspace / ".shuangchuang" / "store.sqlite")) as store:
        kept = store.execute("SELECT key, value FROM kept").fetchall()
        proofs = [(key,) for key, value in kept if b'"quotations"' in zlib.decompress(value)]
        store.executemany("DELETE FROM kept WHERE key = ?", proofs)
        store.commit()
    assert proofs


def test_without_a_run_there_is_nothing_to_prove(done: Path, tmp_path: Path) -> None:
    workspace = copy_of(done, tmp_path)
    shutil.rmtree(outputs(workspace))
    result = call("verify", workspace)
    assert result.exit_code == 2
    assert "请先运行 shuangchuang run" in result.stderr
