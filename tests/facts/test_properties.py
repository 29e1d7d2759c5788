"""Whatever the material: a copy changes no count, other words change no count, the order of files changes nothing."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Evidence
from tests.facts.material import DEPARTMENT, facts, ledger, paragraph

TOPICS = ("习近平文化思想", "总体国家安全观", "全国教育大会精神", "网络强国重要思想", "党的自我革命重要思想")
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 12, 31))
SESSIONS = st.lists(st.tuples(DAYS, st.sampled_from(TOPICS)), min_size=1, max_size=8, unique=True)


def studies(sessions: list[tuple[date, str]], source: str = "学习台账2024.xlsx") -> list[Evidence]:
    rows = [f"{day.isoformat()}|{topic}|王某某" for day, topic in sessions]
    return ledger("教师理论学习", "日期|学习内容|领学人", *rows, source=source)


def counted(items: list[Evidence]) -> list[tuple[str, str, str, str]]:
    return [(e.kind, e.subject, e.date or "", e.status) for e in facts(items).events]


@settings(max_examples=40, deadline=None)
@given(SESSIONS)
def test_a_copy_of_a_document_changes_no_count(sessions: list[tuple[date, str]]) -> None:
    once = studies(sessions)
    twice = [*once, *studies(sessions, source="备份/学习台账2024（副本）.xlsx")]
    assert counted(twice) == counted(once)
    assert len(counted(once)) == len(sessions)


@settings(max_examples=40, deadline=None)
@given(SESSIONS)
def test_the_same_events_in_other_words_change_no_count(sessions: list[tuple[date, str]]) -> None:
    once = studies(sessions)
    told = [
        paragraph(f"{day.month}月{day.day}日，学院组织全体教师集中学习{topic}，王某某领学。", place=n)
        for n, (day, topic) in enumerate(sessions, 1)
    ]
    listed = "、".join(f"{day.month}月{day.day}日" for day, _topic in sessions)
    summary = paragraph(f"教师理论学习分别在{listed}开展。", source="2024年总结.docx")
    assert counted([*once, *told, summary]) == counted(once)


@settings(max_examples=25, deadline=None)
@given(SESSIONS, st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(sessions: list[tuple[date, str]], shuffle: Random) -> None:
    files = [
        studies(sessions),
        [
            paragraph(f"{day.month}月{day.day}日，全体教师集中学习{topic}。", place=n)
            for n, (day, topic) in enumerate(sessions, 1)
        ],
        ledger("党课", "日期|类型|主讲人|职务|题目", "4月25日|党课|沈若兰|院长|学好党史", source="党课2024.xlsx"),
    ]
    straight = facts([item for items in files for item in items])
    shuffle.shuffle(files)
    assert facts([item for items in files for item in items]) == straight


SENTENCES = [
    case["text"]
    for path in sorted(Path(__file__).with_name("cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=10))
def test_a_copy_of_any_minutes_changes_no_count(sentences: list[str]) -> None:
    once = [paragraph(text, place=n) for n, text in enumerate(sentences, 1)]
    copy = [paragraph(text, place=n, source="副本/2024年会议记录.docx") for n, text in enumerate(sentences, 1)]
    assert counted([*once, *copy]) == counted(once)
    assert counted([*reversed(copy)]) == counted(once)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=6))
def test_no_text_breaks_it(text: str, cells: list[str]) -> None:
    row = replace(
        paragraph(" | ".join(cells)),
        kind="row",
        columns=tuple(["日期", "内容", "备注", "类型", "职务", "应到"][: len(cells)]),
    )
    found = facts([paragraph(text), row])
    assert all(e.department == DEPARTMENT for e in found.events)
