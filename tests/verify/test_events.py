"""An event that was counted stands with its day in what is cited for it, or `verify` names it."""

from dataclasses import replace

import msgspec
import pytest

from pipeline.model import Event, Facts, Locator, encode
from pipeline.verify.batch import CheckOrder, check
from pipeline.verify.events import MISSING, says, unfounded
from pipeline.write import department_documents
from pipeline.write.batch import Means, Settled
from tests.write import making

STUDIED = "3月12日、9月18日，党总支专题研究网络安全工作，应到7人，实到6人。"
SPRING = Event("e1", making.UNIT, "专题研究", "", "2024-03-12", "held", ("2.1(1)",), "网络安全工作", ("E00000000001",))
FACTS = Facts((SPRING, replace(SPRING, id="e2", date="2024-09-18")))


def made(facts: Facts, *texts: str) -> list[str]:
    """What is found wrong in the documents of a department whose facts are these; they say what the facts say."""
    items = [making.evidence(n, text, "2.1(1)") for n, text in enumerate(texts or (STUDIED,), 1)]
    dossier = making.dossier(items, facts=facts)
    means = Means(making.edition(), making.RUBRIC, making.SETTINGS, making.templates())
    order = CheckOrder(msgspec.Raw(encode(dossier)), Settled(None, ()), means, (), making.UNIT)
    documents = dict(department_documents(dossier, means.edition, means.rubric, means.settings, means.templates))
    return [f"{f.text} {f.message} {f.source}" for f in check(order, documents).unproved]


def test_events_that_stand_in_what_is_cited_are_proved() -> None:
    assert made(FACTS) == []


@pytest.mark.parametrize("wrong", ["2024-03-13", "2024-07-12", "2023-11-18", "2024-06"])
def test_a_day_that_does_not_stand_in_the_original_is_named_although_all_documents_say_it(wrong: str) -> None:
    altered = Facts((replace(SPRING, date=wrong), FACTS.events[1]))
    (told,) = made(altered)
    assert told.startswith(f"{wrong} 网络安全工作")
    assert MISSING in told
    assert told.endswith("总结1.docx 第2段")


def test_a_day_of_another_file_does_not_count() -> None:
    other = replace(making.evidence(2, "7月1日，党总支召开表彰大会。", "2.1(1)"), source="inputs/submissions/别的.docx")
    dossier = making.dossier([making.evidence(1, STUDIED, "2.1(1)"), other])
    altered = replace(dossier, facts=Facts((replace(SPRING, date="2024-07-01"),)))
    assert [f.place for f in unfounded(altered, "总结")] == ["专题研究"]


def test_an_event_whose_words_stand_nowhere_is_named() -> None:
    assert len(made(Facts((replace(SPRING, topic="换届选举大会"),)))) == 1


def test_the_day_above_the_minutes_or_in_the_sheets_name_counts() -> None:
    above = making.evidence(1, "时间：2024年3月12日下午", "2.1(1)")
    below = replace(making.evidence(4, "会议专题研究网络安全工作。", "2.1(1)"), source=above.source)
    event = replace(SPRING, evidence=(below.id,))
    assert unfounded(replace(making.dossier([above, below]), facts=Facts((event,))), "总结") == []
    row = replace(making.evidence(5, "网络安全工作"), locator=Locator(sheet="3月12日", row=4))
    assert unfounded(replace(making.dossier([row]), facts=Facts((replace(SPRING, evidence=(row.id,)),))), "总结") == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年3月12日", "2024-03-12"),
        ("二〇二四年三月十二日", "2024-03-12"),
        ("三月十日、廿二日和三十一日", "2024-03-22"),
        ("3月5日（周二）、12日", "2024-03-12"),
        ("2024.3.12 | 党课", "2024-03-12"),
        ("24/03/12", "2024-03-12"),
        ("3.12", "2024-03-12"),
        ("20240312", "2024-03-12"),
        ("45363", "2024-03-12"),
        ("２０２４年３月", "2024-03"),
        ("2024-03", "2024-03"),
    ],
)
def test_days_are_read_as_people_write_them(text: str, iso: str) -> None:
    assert says(text, iso)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023年3月12日", "2024-03-12"),
        ("3月12日，应到17人，实到13人", "2024-03-13"),
        ("13月12日", "2024-03-12"),
        ("3.125学时", "2024-03-12"),
        ("4月3日", "2024-03-04"),
        ("2024年13月", "2024-03"),
    ],
)
def test_other_figures_are_no_such_day(text: str, iso: str) -> None:
    assert not says(text, iso)


def test_the_words_may_stand_in_another_row_of_the_same_form_but_not_in_another_table() -> None:
    when = replace(making.evidence(1, "授课时间 | 2024年3月12日"), kind="row", locator=Locator(table=1, row=1))
    what = replace(
        making.evidence(2, "题目 | 网络安全工作"), kind="row", locator=Locator(table=1, row=2), source=when.source
    )
    event = Facts((replace(SPRING, evidence=(when.id,)),))
    assert unfounded(replace(making.dossier([when, what]), facts=event), "总结") == []
    elsewhere = replace(what, locator=Locator(table=2, row=2))
    assert [f.place for f in unfounded(replace(making.dossier([when, elsewhere]), facts=event), "总结")] == ["专题研究"]
