"""Filing of passages with and without their place."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.mapping import judge as judging
from pipeline.mapping import open_mapper
from pipeline.mapping.examples import from_decisions
from pipeline.mapping.judge import Lesson
from pipeline.mapping.mapper import Mapper
from pipeline.model import Decision, Document, Guideline, Locator, Passage
from pipeline.settings import load_settings
from pipeline.text import fingerprint

ELECTION = "机械教工党支部任期届满，召开党员大会无记名投票选举产生新一届支部委员会，得票情况当场公布。"


def document(*passages: Passage, title: str = "年度工作总结") -> Document:
    return Document("docx", passages, None, title)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ELECTION, "4.1(4)"),
        ("党费收缴台账每月核对一次，组织关系转接按时办结，党内统计年报数据准确。", "4.2(2)"),
        ("一场行业报告会提前七天报批，主讲人背景和讲稿由党总支审核同意后举办。", "2.2(2)"),
        ("学院配备了一名专职组织员，由组织部批复任命，专管党务。", "4.5(1)"),
    ],
)
def test_clear_passages_are_accepted(mapper: Mapper, text: str, code: str) -> None:
    found = mapper.classify(text)
    assert (found.code, found.status, found.method) == (code, "accepted", "model")


def test_a_profile_belongs_to_no_indicator(mapper: Mapper) -> None:
    found = mapper.classify("学院现有教职工86人，其中教授9人、博士21人，开设6个专业，在校生2300人。")
    assert (found.code, found.status, found.role) == (None, "none", "profile")


@pytest.mark.parametrize(
    "text",
    ["", " ", "。。。", "。" * 50_000, "好" * 50_000, "The Party branch held an election of its committee in May 2024.",
     "2024 12 3456 78 9.5 100%", "鐨勫厷鎬绘敮浼氳鐮旂┒", "锟斤拷锟斤拷烫烫烫屯屯屯", "\0\x01\ufffd" * 30,
     "丨亅丿乚乛亠冂冖冫几凵匚匸卩厂厶屮巛巜幺"],
)  # fmt: skip
def test_what_nobody_can_read_is_never_accepted(mapper: Mapper, text: str) -> None:
    found = mapper.classify(text)
    assert found.status in ("none", "review")
    assert found.confidence <= 0.5


def test_fifty_thousand_characters_of_party_prose_are_left_to_a_person(mapper: Mapper) -> None:
    found = mapper.classify((ELECTION + "各支部按季度开展主题党日活动。") * 900)
    assert found.status == "review"


@pytest.mark.parametrize("kind", ["heading", "header", "comment"])
def test_headings_and_comments_are_no_evidence(mapper: Mapper, kind: str) -> None:
    found = mapper.file("a.docx", document(replace(Passage(ELECTION, Locator(paragraph=1)), kind=kind)))
    assert (found[0].code, found[0].status) == (None, "none")


def test_the_source_wins_over_the_words(mapper: Mapper) -> None:
    cells = Passage(f"4.5(2) | {ELECTION}", Locator(table=1, row=3), "row", ("三级指标", "完成情况"))
    found = mapper.file("自评表.docx", document(cells))[0]
    assert (found.code, found.method, found.status) == ("4.5(2)", "code", "accepted")


def test_one_filing_a_passage_whatever_their_number(mapper: Mapper) -> None:
    passages = [Passage(f"{ELECTION}{i}", Locator(paragraph=i)) for i in range(1, 40)]
    assert len(mapper.file("a.docx", document(*passages))) == 39
    assert mapper.file("a.docx", document()) == ()


def test_the_reason_names_words_and_what_came_second(mapper: Mapper) -> None:
    why = "".join(mapper.file("a.docx", document(Passage(ELECTION, Locator(paragraph=1))))[0].why)
    assert "4.1(4)" in why
    assert "选举" in why or "任期" in why or "届满" in why
    assert "其次可能是" in why


def test_at_most_five_alternatives_the_best_first(mapper: Mapper) -> None:
    found = mapper.classify(ELECTION)
    shares = [a.confidence for a in found.alternatives]
    assert len(shares) <= 5
    assert shares == sorted(shares, reverse=True)
    assert found.alternatives[0].code == found.code


def decision(kind: str, text: str, code: str | None) -> Decision:
    return Decision("审-001", kind, "甲学院", fingerprint(text), text, code)  # type: ignore[arg-type]  # plain strings read better here


def test_a_decision_stands_for_the_same_text_however_it_is_saved(guideline: Guideline, lesson: Lesson) -> None:
    taught = from_decisions([decision("code", ELECTION, "4.3(2)")], {"4.3(2)"})
    decided = {fingerprint(e.text): (e.label, e.id) for e in taught}
    mapper = Mapper(guideline, load_settings(), lesson.judge, decided, "test")
    resaved = ELECTION.replace("，", ",").replace("机械", " 机械 ")
    found = mapper.file("b.docx", document(Passage(resaved, Locator(paragraph=9))))[0]
    assert (found.code, found.method, found.status, found.confidence) == ("4.3(2)", "decision", "accepted", 1.0)


def test_the_last_decision_on_a_text_counts_and_strange_codes_do_not() -> None:
    rows = [decision("code", ELECTION, "4.1(4)"), decision("none", ELECTION, None), decision("code", "别的", "9.9(9)")]
    assert [(e.label, e.text) for e in from_decisions(rows, {"4.1(4)"})] == [("none", ELECTION)]


def test_what_was_learnt_is_kept_and_read_back_alike(
    guideline: Guideline, lesson: Lesson, mapper: Mapper, tmp_path: Path
) -> None:
    path = tmp_path / "mapper.npz"
    judging.store(lesson.judge, path)
    first = path.read_bytes()
    judging.store(lesson.judge, path)
    assert path.read_bytes() == first
    kept = judging.restore(path, guideline)
    assert kept is not None
    again = Mapper(guideline, load_settings(), kept, {}, "test")
    assert again.classify(ELECTION) == mapper.classify(ELECTION)


def test_a_damaged_cache_is_learnt_again(guideline: Guideline, tmp_path: Path) -> None:
    path = tmp_path / "mapper.npz"
    path.write_bytes(b"PK\x03\x04 broken")
    assert judging.restore(path, guideline) is None


def test_codes_may_move_without_losing_their_examples(guideline: Guideline, tmp_path: Path) -> None:
    moved = tuple(
        replace(i, code="7.1(1)", text="建立健全提醒督促机制，党支部按期进行换届，严格按照程序选举支部委员。")
        if i.code == "4.1(4)"
        else i
        for i in guideline.indicators
    )
    found = open_mapper(replace(guideline, indicators=moved), load_settings(), cache=tmp_path).classify(ELECTION)
    assert (found.code, found.status) == ("7.1(1)", "accepted")
