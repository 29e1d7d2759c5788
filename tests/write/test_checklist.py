"""The list that goes back to a department, the printed score sheet, and the school's summary."""

import io
import re
import zipfile
from dataclasses import replace

from pipeline.dossiers import summary_of
from pipeline.model import Conflict, DepartmentSummary, Facts, FileEntry, Verdict
from pipeline.write.frames import LONGEST, frames, say
from pipeline.write.school import school_document
from pipeline.write.templates import CHECKLIST, NAMES
from tests.write.making import RUBRIC, STUDY, UNIT, documents, dossier, edition, evidence, lines, templates

DONE = "党总支召开会议传达上级决议，研究确定落实措施12项，并逐项明确责任人。"


def checklist(made: object) -> list[str]:
    return lines(documents(made)[CHECKLIST])  # type: ignore[arg-type]  # a dossier


def test_a_missing_record_is_asked_for_by_name() -> None:
    short = Verdict(STUDY.id, STUDY.text, "year", 2.0, 1.0, False, missing=("下半年",), dates=("2024-03-12",))
    items = [evidence(1, "3月12日党总支专题研究网络安全工作，部署检查。", "2.1(1)", dates=("2024-03-12",))]
    found = checklist(dossier(items, [short]))
    assert "可查1次（3月12日）。" in found
    assert "尚缺：下半年。" in found


def test_what_cannot_be_verified_asks_for_records_and_is_not_called_missing() -> None:
    found = checklist(dossier([evidence(1, DONE)], [Verdict(STUDY.id, STUDY.text, "year", 2.0, None, None)]))
    assert "请补充记录活动时间、内容、参加人员的材料。" in found
    assert not any(line.startswith("尚缺") for line in found)


def test_a_file_that_could_not_be_read_is_named_with_its_reason() -> None:
    entry = FileEntry(
        f"inputs/submissions/{UNIT}/台账/名单.xlsx",
        UNIT,
        "0" * 64,
        9,
        "xlsx",
        "failed",
        "文件设有打开密码：请去掉密码后重新报送。",
        0,
        None,
    )
    made = dossier([evidence(1, DONE)])
    found = checklist(replace(made, files=(*made.files, entry)))
    assert "台账/名单.xlsx：文件设有打开密码：请去掉密码后重新报送。" in found


def test_a_contradiction_shows_both_places() -> None:
    items = [
        evidence(1, "全年召开专题会议12次，研究事项三十余项。"),
        evidence(2, "本年度共召开专题会议10次，研究事项二十余项。"),
    ]
    made = dossier(items, facts=Facts(conflicts=(Conflict("C1", UNIT, "次数不符", "", (items[0].id, items[1].id)),)))
    text = "\n".join(checklist(made))
    assert "记载不一致，请核实" in text
    assert "12次" in text
    assert "10次" in text


def test_thin_problems_are_pointed_out() -> None:
    assert "年度总结中问题与不足的内容偏少，请补充存在的问题和原因。" in checklist(dossier([evidence(1, DONE)]))


def test_a_department_that_sent_nothing_is_asked_for_everything_at_once() -> None:
    found = checklist(dossier())
    assert "截至成稿，尚未收到贵单位的材料，烦请尽快报送。" in found
    assert not any("未见记载" in line for line in found)


def test_the_date_and_deadline_come_from_the_rubric_or_stay_blank() -> None:
    from pipeline.write.common import printed_date

    assert "请于    年  月  日前将补充材料送党建工作部门。" in checklist(dossier())
    assert printed_date("2024-12-05") == "2024年12月5日"


def test_the_score_sheet_merges_its_first_levels_and_repeats_its_head() -> None:
    data = documents(dossier([evidence(1, DONE)]))["2024年度双创评分表.docx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count('w:vMerge w:val="continue"') == 2  # 1.1(2) under 组织领导到位 and under 1.1
    assert "<w:tblHeader/>" in body
    assert 'w:orient="landscape"' in body
    assert any("以电子表格为准" in line for line in lines(data))


def test_the_schools_summary_counts_and_quotes_nothing() -> None:
    short = Verdict(STUDY.id, STUDY.text, "year", 2.0, 0.0, False)
    made = [dossier([evidence(1, DONE)], [short]), replace(dossier(name="体育部"), files=())]
    data = school_document([summary_of(d) for d in made], edition(), RUBRIC, templates())
    found = lines(data)
    assert "全校应报送单位2个。其中未报送材料的单位1个。共收到材料1份。" in found
    assert "未报送材料的单位：体育部。" in found
    assert not any(DONE[:12] in line for line in found)
    assert "1" in found[found.index(STUDY.text) + 1 :]


def test_the_schools_chart_shows_each_department() -> None:
    scored = dossier([evidence(1, DONE)])
    indicators = tuple(replace(s, final=s.full, suggested=s.full) for s in scored.score.indicators)
    scored = replace(scored, score=replace(scored.score, indicators=indicators))
    data = school_document([summary_of(scored)], edition(), RUBRIC, templates())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chart = archive.read("word/charts/chart1.xml").decode()
    assert UNIT in chart
    assert "阵地管理到位" in chart


def graded(name: str, share: float) -> DepartmentSummary:
    """A department with that share of the points of 1.1(1), and evidence for it."""
    made = dossier([evidence(1, DONE)], name=name)
    indicators = tuple(
        replace(s, final=round(s.full * share, 2)) if s.code == "1.1(1)" else s for s in made.score.indicators
    )
    return summary_of(replace(made, score=replace(made.score, indicators=indicators)))


def held_up(*shares: float) -> list[str]:
    """Who the school's summary names as an example, of departments with these shares."""
    names = [f"第{n}学院党总支" for n, _ in enumerate(shares, 1)]
    summaries = [graded(name, share) for name, share in zip(names, shares, strict=True)]
    found = lines(school_document(summaries, edition(), RUBRIC, templates()))
    part = found[found.index("三、做得较好的指标和单位") : found.index("四、共性问题")]
    return [name for name in names if any(name in line for line in part)]


def test_the_school_holds_up_who_stands_out_and_nobody_where_most_do_as_well() -> None:
    assert held_up(1.0, 0.7, 0.6) == ["第1学院党总支"]
    assert held_up(1.0, 0.95, 0.9) == []
    assert held_up(0.8, 0.4, 0.3) == []
    assert held_up(1.0) == []


def test_a_summary_without_plans_is_asked_for_them_and_one_with_plans_is_not() -> None:
    asked = "年度总结中未见下一步打算，请补充下一年度的工作安排。"
    plan = evidence(2, "下一步，党总支将在明年3月前完成支部换届，补选两名委员。", "4.1(4)", role="plan")
    assert asked in checklist(dossier([evidence(1, DONE)]))
    assert asked not in checklist(dossier([evidence(1, DONE), plan]))


def test_frames_are_short_and_have_no_figures() -> None:
    for frame in frames():
        bare = re.sub(r"\{\w+\}", "", frame)
        assert len(re.sub(r"[\W_]", "", bare)) <= LONGEST, frame
        assert not re.search(r"\d", bare), frame
        assert set(re.findall(r"\{(\w+)\}", frame)) <= {"department", "n", "date", "name", "requirement", "code"}, frame


def test_the_templates_own_sentences_are_frames() -> None:
    known = [re.sub(r"[\W_]", "", frame) for frame in frames()]
    for name in NAMES:
        for line in lines(templates().get(name).data):
            fixed = re.sub(r"[\W_]", "", re.sub(r"\{[{%].*?[%}]\}", "", line))
            assert len(fixed) < 8 or fixed in known, (name, line)


def test_a_frame_takes_one_value_for_each_slot_of_a_name() -> None:
    assert say("checklist.conflict", name=("甲", "乙")) == "材料《甲》与《乙》的记载不一致，请核实。"


def test_a_passage_that_would_look_like_a_heading_is_fenced() -> None:
    items = [evidence(n, f"一、二年级学生党员{n}名全部参加了集中培训和志愿服务。") for n in (1, 2)]
    made = dossier(items, facts=Facts(conflicts=(Conflict("C1", UNIT, "次数不符", "", (items[0].id, items[1].id)),)))
    assert any(line.startswith("“一、二年级学生党员1名") for line in checklist(made))


def test_a_long_file_or_sheet_name_still_stands_in_one_reference() -> None:
    path = f"inputs/submissions/{UNIT}/{'很长的材料名称（终稿）' * 9}.docx"
    found = checklist_of_conflict(path)
    assert any(re.search(r"〔[^〔〕（）()]{1,110}〕$", line) for line in found)


def checklist_of_conflict(path: str) -> list[str]:
    items = [evidence(n, f"全年召开专题会议1{n}次，研究事项三十余项。", source=path) for n in (1, 2)]
    return checklist(
        dossier(items, facts=Facts(conflicts=(Conflict("C1", UNIT, "次数不符", "", (items[0].id, items[1].id)),)))
    )


def test_nothing_found_asks_for_the_records_and_not_for_the_others() -> None:
    none = Verdict(STUDY.id, STUDY.text, "year", 2.0, 0.0, False, missing=("还差2次",))
    found = checklist(dossier([evidence(1, DONE)], [none]))
    assert "请补充活动记录，如未开展请说明。" in found
    assert not any("其余各次" in line for line in found)


def test_a_row_in_a_contradiction_is_read_without_bars_and_serial() -> None:
    row = evidence(1, "3 | 2024-05-06 | 专题研究网络安全工作 | 书记", columns=("序号", "日期", "内容", "主持"))
    made = dossier([row], facts=Facts(conflicts=(Conflict("C1", UNIT, "日期不符", "", (row.id,)),)))
    text = "\n".join(checklist(made))
    assert "2024-05-06，专题研究网络安全工作，书记。" in text
    assert "|" not in text
