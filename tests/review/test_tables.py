"""Doubtful rows lean to what a person said of their like, and go their own ways in a ledger of several matters."""

from dataclasses import replace

from pipeline.model import Evidence
from pipeline.review import honour
from pipeline.review.tables import follows, table_kind
from pipeline.settings import load_settings
from tests.review.test_honour import decision, passage

COLUMNS = ("序号", "日期", "内容")
ROWS = (
    "1 | 2024.1.5 | 集中学习经济思想专题",
    "2 | 2024.2.6 | 集中学习国家安全观专题",
    "3 | 2024.3.15 | 集中学习自我革命专题",
)


def row(text: str, number: int, code: str | None, status: str = "review", **more: object) -> Evidence:
    return passage(text, number, kind="row", columns=COLUMNS, code=code, also=(), status=status, **more)


def test_doubtful_rows_lean_to_where_a_person_put_others_of_their_table() -> None:
    rows = [row(text, number, None) for number, text in enumerate(ROWS)]
    first, second, third = honour(rows, [decision("code", ROWS[0], "3.1(4)")])[0]
    assert (first.status, first.code) == ("accepted", "3.1(4)")
    assert {(item.status, item.code) for item in (second, third)} == {("review", "3.1(4)")}
    assert "3.1(4)" in second.why[0]
    assert second.confidence < load_settings().mapping.accept
    assert [a.confidence for a in second.alternatives] == sorted(
        (a.confidence for a in second.alternatives), reverse=True
    )


def test_rows_said_to_belong_nowhere_speak_too() -> None:
    rows = [row(text, number, "3.1(4)") for number, text in enumerate(ROWS)]
    items, _ = honour(rows, [decision("none", ROWS[0])])
    assert [(item.status, item.code) for item in items[1:]] == [("review", None)] * 2


def test_a_struck_row_says_nothing_of_the_others() -> None:
    rows = [row(text, number, "3.1(4)") for number, text in enumerate(ROWS)]
    assert [item.code for item in honour(rows, [decision("strike", ROWS[0])])[0]] == [None, "3.1(4)", "3.1(4)"]


def test_rows_of_a_mixed_ledger_go_their_own_ways() -> None:
    rows = [row(ROWS[0], 0, None), row(ROWS[1], 1, "2.1(1)", "accepted"), row(ROWS[2], 2, None)]
    items, _ = honour(rows, [decision("code", ROWS[0], "3.1(4)")])
    assert [item.code for item in items] == ["3.1(4)", "2.1(1)", None]
    both = [decision("code", ROWS[0], "3.1(4)"), decision("code", ROWS[1], "2.1(1)", number=2)]
    assert honour([row(text, n, None) for n, text in enumerate(ROWS)], both)[0][2].code is None


def test_rows_of_another_form_say_nothing_of_each_other() -> None:
    long = "4 | 2024.4.9 | 总支扩大会议听取上半年师生思想动态汇报，逐项分析四个方面的苗头并确定整改责任人"
    rows = [row(text, number, None) for number, text in enumerate((*ROWS, long))]
    items, _ = honour(rows, [decision("code", long, "2.1(1)")])
    assert [item.code for item in items] == [None, None, None, "2.1(1)"]


def test_rows_lean_to_a_table_of_the_same_kind_in_another_department() -> None:
    theirs = replace(decision("code", "5 | 2024.9.3 | 集中学习统一战线专题", "3.1(4)"), department="化工学院党总支")
    rows = [row(text, number, None) for number, text in enumerate(ROWS)]
    told = replace(theirs, table=table_kind(rows[0]))
    assert [item.code for item in honour(rows, [], school=[told])[0]] == ["3.1(4)"] * 3
    assert [item.code for item in honour(rows, [], school=[replace(told, table="党费：姓名、金额")])[0]] == [None] * 3


def test_several_matters_in_tables_of_a_kind_say_nothing() -> None:
    row_ = row(ROWS[0], 0, None)
    told = [
        replace(decision("code", text, code, number=n), department="化工学院党总支", table=table_kind(row_))
        for n, (text, code) in enumerate(
            (("5 | 2024.9.3 | 集中学习专题", "3.1(4)"), ("6 | 约谈 | 某支部书记", "4.3(3)"))
        )
    ]
    assert honour([row_], [], school=told)[0][0].code is None


def test_what_was_decided_here_outweighs_the_others() -> None:
    rows = [row(text, number, None) for number, text in enumerate(ROWS)]
    theirs = replace(
        decision("code", "别处的一行", "1.1(1)", number=9), department="化工学院党总支", table=table_kind(rows[0])
    )
    items, _ = honour(rows, [decision("code", ROWS[0], "3.1(4)")], school=[theirs])
    assert [item.code for item in items] == ["3.1(4)"] * 3


def test_a_kind_of_table_is_named_without_department_and_year() -> None:
    one = row(ROWS[0], 1, None, heading=("一、园林工程学院党总支讲座登记表（2024年度）",))
    other = replace(row(ROWS[0], 1, None, heading=("讲座登记表",)), department="化工学院党总支")
    assert table_kind(one) == table_kind(other) == "讲座登记表：序号、日期、内容"
    assert table_kind(passage("一段话。")) == ""


def test_only_doubtful_rows_of_one_matter_follow_together() -> None:
    one = [row(text, number, None) for number, text in enumerate(ROWS)]
    limits = load_settings().review
    assert len(set(follows(one, limits).values())) == 1 and len(follows(one, limits)) == 3
    mixed = [
        *one,
        row("4 | 2024.4.1 | 廉政谈话", 4, "2.2(1)", "accepted"),
        row("5 | 2024.5.1 | 党课", 5, "3.1(2)", "accepted"),
    ]
    assert follows(mixed, limits) == {}
