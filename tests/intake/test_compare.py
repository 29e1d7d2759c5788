"""Copies and versions: what is settled within a department, and what is reported for a person to judge."""

import json
import random
import time
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from pipeline.intake import Comparison, Signature, compare, last_year_signatures, signature
from pipeline.intake.versions import naming
from pipeline.model import Characters, Document, Locator, Passage, SourceFile, decode, encode
from tests.intake import samples
from tests.intake.samples import SETTINGS

_WORDS = "党总支会议学习研究部署教育管理监督组织宣传凝聚服务师生书记院长教师学生课程思政阵地讲座审批台账整改落实"


def prose(seed: int, paragraphs: int = 12) -> list[str]:
    """Paragraphs that no two seeds share."""
    chance = random.Random(seed)
    return ["".join(chance.choices(_WORDS, k=90)) + "。" for _ in range(paragraphs)]


def one(path: str, texts: list[str], sha: str = "", modified: str | None = None) -> Signature:
    department = path.split("/")[0]
    source = SourceFile(f"inputs/submissions/{path}", department, sha or path, 1, "docx")
    passages = tuple(Passage(text, Locator(paragraph=i)) for i, text in enumerate(texts, 1))
    return signature(source, Document("docx", passages, Characters(1, 1), modified=modified))


def result(*signatures: Signature) -> Comparison:
    return compare(signatures, SETTINGS)


def lost(comparison: Comparison) -> list[str]:
    return sorted(path.removeprefix("inputs/submissions/") for path in comparison.status)


def test_the_same_bytes_in_one_department_are_read_once() -> None:
    found = result(one("甲/总结.docx", prose(1), "s"), one("甲/报送/总结（最终）.docx", prose(1), "s"))
    assert lost(found) == ["甲/总结.docx"] or lost(found) == ["甲/报送/总结（最终）.docx"]
    status, reason, kept = next(iter(found.status.values()))
    assert (status, [d.kind for d in found.duplicates]) == ("duplicate", ["bytes"])
    assert kept not in found.status
    assert "完全相同" in reason


def test_the_same_bytes_in_two_departments_are_a_finding_and_both_are_read() -> None:
    found = result(one("甲/总结.docx", prose(1), "s"), one("乙/总结.docx", prose(1), "s"))
    assert lost(found) == []
    assert [(d.kind, d.share) for d in found.duplicates] == [("bytes", 1.0)]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("总结（初稿）.docx", "总结（修改稿）.docx"),
        ("总结（征求意见稿）.docx", "总结定稿.docx"),
        ("总结-修改稿.docx", "总结-定稿.docx"),
        ("总结（定稿）.docx", "总结（最终）.docx"),
        ("总结最终版.docx", "总结最终版2.docx"),
        ("总结（最终版）.docx", "总结（最终版2）.docx"),
        ("总结V1定稿.docx", "总结V2定稿.docx"),
        ("总结v1.docx", "总结v2.docx"),
        ("总结（第一稿）.docx", "总结（第三稿）.docx"),
        ("总结（第九稿）.docx", "总结（第十二稿）.docx"),
        ("总结20241201.docx", "总结20241215.docx"),
        ("总结.docx", "报送版/总结.docx"),
        ("草稿/总结.docx", "总结.docx"),
        ("总结.docx", "材料.zip!/总结（最终）.docx"),
    ],
)
def test_of_two_versions_the_name_says_which_is_kept(older: str, newer: str) -> None:
    revised = [*prose(1)[:-1], prose(2)[0]]
    for first, second in (((older, prose(1)), (newer, revised)), ((newer, revised), (older, prose(1)))):
        found = result(one(f"甲/{first[0]}", first[1]), one(f"甲/{second[0]}", second[1]))
        assert lost(found) == [f"甲/{older}"]
        assert [d.kind for d in found.duplicates] == ["version"]


def test_where_names_are_silent_the_date_inside_the_file_decides() -> None:
    old = one("甲/总结.docx", prose(1), modified="2024-12-01T08:00:00Z")
    new = one("甲/附件/总结(1).docx", [*prose(1), "补充一段。"], modified="2024-12-09T08:00:00Z")
    assert lost(result(old, new)) == ["甲/总结.docx"]


def test_what_neither_name_nor_date_decides_goes_to_a_person() -> None:
    found = result(one("甲/总结.docx", prose(1)), one("甲/附件/总结.docx", [*prose(1), "补充一段。"]))
    assert lost(found) == []
    assert [d.kind for d in found.duplicates] == ["version"]
    assert "请确认" in found.duplicates[0].reason


def test_a_revision_that_is_older_inside_than_the_plain_file_is_not_decided_by_its_name() -> None:
    plain = one("甲/总结.docx", prose(1), modified="2024-12-20T08:00:00Z")
    revised = one("甲/总结（修改稿）.docx", prose(1), "r", modified="2024-12-01T08:00:00Z")
    assert lost(result(plain, revised)) == []


def test_minutes_of_two_months_are_two_documents_however_alike() -> None:
    same = prose(1)
    found = result(one("甲/3月会议纪要.docx", same), one("甲/4月会议纪要.docx", [*same[:-1], prose(3)[0]]))
    assert lost(found) == []


def test_an_alone_standing_revision_is_read() -> None:
    assert lost(result(one("甲/说明（修改稿）.docx", prose(1)), one("甲/总结.docx", prose(2)))) == []


def test_different_texts_under_one_name_are_both_read() -> None:
    found = result(one("甲/一支部/总结.docx", prose(1)), one("甲/二支部/总结.docx", prose(2)))
    assert (lost(found), found.duplicates) == ([], ())


def test_a_copied_report_is_found_though_names_were_changed() -> None:
    copied = [text.replace("书记", "院长", 1) for text in prose(1)]
    found = result(one("甲/总结.docx", prose(1)), one("乙/年度报告.docx", copied))
    assert [(d.kind, d.first_department, d.second_department) for d in found.duplicates] == [("text", "乙", "甲")] or [
        (d.kind, d.first_department, d.second_department) for d in found.duplicates
    ] == [("text", "甲", "乙")]
    assert found.duplicates[0].share >= SETTINGS.duplicates.near_share
    assert "第1段" in found.duplicates[0].reason


def test_one_long_passage_in_two_departments_is_named_with_both_places() -> None:
    found = result(one("甲/总结.docx", prose(1)), one("乙/总结.docx", [*prose(2), prose(1)[4]]))
    (duplicate,) = found.duplicates
    assert duplicate.share < 0.5
    assert "第5段同第13段" in duplicate.reason or "第13段同第5段" in duplicate.reason


def test_a_notice_that_most_departments_have_is_not_copying() -> None:
    notice = prose(99)
    found = result(*(one(f"单位{i}/总结.docx", [*notice, *prose(i)]) for i in range(8)))
    assert found.duplicates == ()


def test_five_of_many_departments_that_share_a_report_are_found() -> None:
    others = [one(f"单位{i}/总结.docx", prose(i)) for i in range(20, 32)]
    copies = [one(f"抄{i}/总结.docx", prose(1), f"sha{i}") for i in range(5)]
    assert len(result(*others, *copies).duplicates) == 10


def test_short_phrases_are_everyones() -> None:
    found = result(one("甲/a.docx", ["严格落实三会一课制度"] * 30), one("乙/b.docx", ["严格落实三会一课制度"] * 30))
    assert found.duplicates == ()


def test_last_years_text_is_reported_from_evidence(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {})
    folder = workspace.last_year / "2023"
    folder.mkdir(parents=True)
    rows = [
        {"department": "甲", "source": "inputs/submissions/甲/总结.docx", "locator": {"paragraph": i}, "text": text}
        for i, text in enumerate(prose(1), 1)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "evidence.jsonl").write_text("\n".join([*lines, "{cut"]), encoding="utf-8")
    past = last_year_signatures(workspace, SETTINGS)
    found = compare([one("甲/总结.docx", prose(1)), one("乙/总结.docx", prose(2))], SETTINGS, past)
    assert [(d.kind, d.first, d.share) for d in found.duplicates] == [
        ("last_year", "inputs/submissions/甲/总结.docx", 1.0)
    ]
    assert lost(found) == []


def test_last_years_word_files_are_read_where_no_evidence_was_kept(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {})
    (workspace.last_year / "甲").mkdir(parents=True)
    report = docx.Document()
    for text in prose(1):
        report.add_paragraph(text)
    report.save(str(workspace.last_year / "甲" / "总结.docx"))
    (workspace.last_year / "甲" / "坏.docx").write_bytes(b"PK\x03\x04broken")
    past = last_year_signatures(workspace, SETTINGS)
    found = compare([one("甲/总结.docx", prose(1))], SETTINGS, past)
    assert [(d.kind, d.second) for d in found.duplicates] == [("last_year", "inputs/last_year/甲/总结.docx")]


def test_without_last_year_nothing_is_compared_with_it(tmp_path: Path) -> None:
    assert last_year_signatures(samples.workspace(tmp_path, {}), SETTINGS) == ()


def test_the_order_of_the_files_changes_nothing() -> None:
    some = [one(f"单位{i % 3}/f{i}.docx", prose(i % 4)) for i in range(9)]
    assert compare(some, SETTINGS) == compare(some[::-1], SETTINGS)


def test_a_signature_survives_the_store() -> None:
    made = one("甲/总结.docx", prose(1))
    assert decode(encode(made), Signature) == made


def test_a_thousand_documents_are_compared_in_seconds() -> None:
    many = [one(f"单位{i % 50}/f{i}.docx", prose(i, 10)) for i in range(1000)]
    many.append(replace(one("单位9/抄.docx", prose(500, 10)), sha256="other"))
    started = time.process_time()
    found = compare(many, SETTINGS)
    assert time.process_time() - started < 5
    assert len(found.duplicates) == 1


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("年度总结（最终）.docx", "年度总结"),
        ("年度总结 - 副本.docx", "年度总结"),
        ("年度总结(2).docx", "年度总结"),
        ("年度总结_20241210.docx", "年度总结"),
        ("3月会议纪要.docx", "3月会议纪要"),
        ("第2次会议纪要.docx", "第2次会议纪要"),
        ("2024年工作总结.docx", "2024年工作总结"),
    ],
)
def test_a_stem_is_the_name_without_what_marks_a_version(name: str, stem: str) -> None:
    assert naming(f"inputs/submissions/甲/{name}").stem == stem
