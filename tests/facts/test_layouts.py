"""Forms, lines of 时间：…, and tables with a column a month are records like any list."""

from dataclasses import replace

import pytest

from pipeline.model import Evidence
from tests.facts.material import facts, held, ledger, paragraph

LECTURE = ("授课时间|2024年3月22日|类型|{kind}", "授课人|{who}|听课对象|教工党员", "题目|以案为鉴守纪律")


def form(table: int, *rows: str, source: str = "上讲台记录单.docx") -> list[Evidence]:
    """The rows of one filled form, as a reader gives them: labels and values, no columns."""
    made = ledger("表", "", *rows, source=f"2024年/{source}")
    return [
        replace(e, columns=None, heading=(), locator=replace(e.locator, sheet=None, table=table), id=f"{e.id}{table}")
        for e in made
    ]


@pytest.mark.parametrize(
    ("kind", "who", "whose"), [("党课", "党总支书记 邢某", "书记"), ("思政课", "系主任 鲍某", "院长")]
)
def test_a_filled_form_is_one_lecture(kind: str, who: str, whose: str) -> None:
    rows = form(1, *(line.format(kind=kind, who=who) for line in LECTURE))
    assert held(facts(rows), kind, whose) == ["2024-03-22"]


def test_each_form_of_a_document_has_its_own_day() -> None:
    first = form(1, "时间|2024年4月2日14:00|地点|会议室", "主持人|何某|记录人|周某", "议题|意识形态工作专题会")
    second = form(2, "时间|2024年10月15日|地点|会议室", "主持人|何某|记录人|周某", "议题|意识形态领域分析研判会")
    assert held(facts([*first, *second]), "专题研究") == ["2024-04-02", "2024-10-15"]


def test_a_label_met_again_begins_the_next_form_of_one_table() -> None:
    rows = form(
        1,
        *("时间|2024年4月2日", "地点|会议室", "议题|专题研究意识形态工作"),
        *("时间|2024年9月3日", "地点|会议室", "议题|专题研究意识形态工作"),
    )
    assert held(facts(rows), "专题研究") == ["2024-04-02", "2024-09-03"]


def test_what_a_long_cell_of_a_form_tells_happened_on_the_forms_day() -> None:
    told = "会上，班子成员逐项研判意识形态领域风险点三个，明确了责任人和整改时限，逐条销号。"
    rows = form(1, "时间|2024年4月2日|地点|会议室", "主持人|何某|记录人|周某", f"会议内容|{told}")
    assert held(facts(rows), "专题研究") == ["2024-04-02"]


def test_lines_of_label_and_value_are_a_form() -> None:
    lines = ("时间：2024年5月17日", "地点：报告厅　主讲人：院长沈若兰", "主题：专题党课《向大国工匠学习》")
    found = facts([paragraph(text, place=n) for n, text in enumerate(lines, 1)])
    assert held(found, "党课", "院长") == ["2024-05-17"]


def test_a_column_a_month_gives_the_days_in_its_cells() -> None:
    months = "项目|1月|2月|3月|4月|5月"
    rows = ledger(
        "统计", months, "教师理论学习|1月12日|寒假|3.8|12日|5月10日、5月24日", title="2024年理论学习情况统计表"
    )
    days = ["2024-01-12", "2024-03-08", "2024-04-12", "2024-05-10", "2024-05-24"]
    assert held(facts(rows), "理论学习") == days


def test_a_tick_gives_the_month_and_figures_give_nothing() -> None:
    months = "项目|1月|2月|3月|4月"
    rows = ledger("统计", months, "教师理论学习|√|×|√|", "参加人数|45|0|47|", title="2024年理论学习统计")
    assert held(facts(rows), "理论学习") == ["2024-01", "2024-03"]


def test_the_row_of_the_centre_group_is_not_the_teachers() -> None:
    rows = ledger("统计", "项目|1月|2月|3月|4月", "党委中心组学习|1.21|2.22|3.23|4.24", title="2024年理论学习统计")
    assert held(facts(rows), "理论学习") == []
    assert len(held(facts(rows), "中心组学习")) == 4


def test_a_column_a_quarter() -> None:
    rows = ledger("s", "项目|一季度|二季度|三季度|四季度", "组织生活开展时间|3月20日|6月20日||", title="2024年组织生活")
    assert held(facts(rows), "组织生活") == ["2024-03-20", "2024-06-20"]
