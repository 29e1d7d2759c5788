"""A small college, made by hand: two departments that sent something, one that did not. For workbooks and the page."""

from dataclasses import replace

from pipeline.model import (
    Alternative,
    Characters,
    Conflict,
    DepartmentInfo,
    DepartmentScore,
    DepartmentSummary,
    Dossier,
    Duplicate,
    Edition,
    Evidence,
    Facts,
    FileEntry,
    Guideline,
    Indicator,
    IndicatorScore,
    Locator,
    Requirement,
    Verdict,
)
from pipeline.scoring.rubric import GRADES, Rubric

HOSTILE = (
    '=SUM(A1:A9) <script>alert("坏")</script></script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} & "引号"',
    "+86 联系人 @全体 𬭚㛃 😀 \x07\x0b控制符 _x0041_",
    "-1 条；" + "长" * 600,
    "@SUM(1+1)*cmd|' /C calc'!A0 " + "A" * 300,
    '\t=HYPERLINK("http://example.invalid","点我")',
)
NAMES = ("信息工程学院党总支", '𬭚㛃学院=党总支&"<b>', "体育教学部直属党支部")
STUDY = Requirement("2.1(1)#1", "frequency", "year", 2, "次", "每年至少专题研究2次意识形态工作")
LECTURE = Requirement("2.1(2)#1", "frequency", "term", 1, "次", "每学期讲党课")


POINTS = {"1.1(1)": 30.0, "1.1(2)": 20.0, "2.1(1)": 33.33, "2.1(2)": 16.67}


def rubric(**changes: object) -> Rubric:
    made = Rubric(points=POINTS, standards={"1.1(1)": "=有制度得满分"}, grades=GRADES, school="某某职业技术学院")
    return replace(made, **changes)  # type: ignore[arg-type]  # the keyword names are Rubric's own


def guideline() -> Guideline:
    return Guideline(
        "2024年党建“双创”工作重点任务指南",
        2024,
        (
            Indicator("1", 1, None, "党组织领导和运行机制到位"),
            Indicator("1.1", 2, "1", "党的路线方针政策有效宣传贯彻执行"),
            Indicator("1.1(1)", 3, "1.1", "坚持以党的政治建设为统领。"),
            Indicator("1.1(2)", 3, "1.1", "及时传达部署上级党组织决议。"),
            Indicator("2", 1, None, "政治把关作用到位"),
            Indicator("2.1", 2, "2", "严格落实意识形态工作责任制"),
            Indicator("2.1(1)", 3, "2.1", "意识形态工作体系健全。每年至少专题研究2次意识形态工作。", None, (STUDY,)),
            Indicator("2.1(2)", 3, "2.1", "网络意识形态责任落实到位。每学期讲党课。", None, (LECTURE,)),
        ),
    )


def edition(final: bool = False) -> Edition:
    return Edition(2024, "0.0.1", "abcdef123456", "2024-12-20", guideline(), final, ("身份证号", "手机号"))


def passage(department: str, serial: int, text: str, code: str | None, **changes: object) -> Evidence:
    number = (
        None if code is None else "-".join("".join(c if c.isdigit() else " " for c in code).split()) + f"-{serial:02d}"
    )
    made = Evidence(
        id=f"{department[:2]}-{serial}",
        department=department,
        source=f"inputs/submissions/{department}/台账/记录{serial}.docx",
        locator=Locator(paragraph=serial),
        text=text,
        columns=None,
        heading=(),
        role="done",
        code=code,
        also=(),
        number=number,
        confidence=0.97,
        status="accepted" if code else "none",
        method="model",
        dates=("2024-03-12",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the keyword names are Evidence's own


def score(code: str, full: float, final: float | None, **changes: object) -> IndicatorScore:
    return replace(IndicatorScore(code, full, full, final, final), **changes)  # type: ignore[arg-type]  # as above


def dossier(name: str = NAMES[0], texts: tuple[str, ...] = HOSTILE) -> Dossier:
    doubtful = passage(
        name,
        20,
        "这一段说不准归哪一项。",
        "2.1(2)",
        status="review",
        number=None,
        confidence=0.55,
        alternatives=(Alternative("2.1(2)", 0.55), Alternative("1.1(1)", 0.3), Alternative(None, 0.15)),
    )
    small = passage(
        name,
        21,
        "这一段影响很小。",
        "1.1(1)",
        status="review",
        number=None,
        confidence=0.6,
        alternatives=(Alternative("1.1(1)", 0.6),),
    )
    evidence = (
        *(passage(name, serial, text, "1.1(1)") for serial, text in enumerate(texts, 1)),
        passage(name, 11, "3月12日专题研究意识形态工作。", "2.1(1)"),
        doubtful,
        small,
        passage(name, 30, "食堂采购清单。", None),
    )
    verdicts = (
        Verdict(
            STUDY.id,
            STUDY.text,
            "year",
            2,
            1,
            False,
            (f"{name[:2]}-11",),
            ("下半年",),
            "会议记录只有1次。",
            ("2024-03-12",),
        ),
        Verdict(LECTURE.id, LECTURE.text, "term", 1, None, None),
    )
    indicators = (
        score("1.1(1)", 30.0, 30.0, evidence=tuple(e.id for e in evidence if e.code == "1.1(1)")),
        score("1.1(2)", 20.0, 18.5, reviewed=True, self=19.0, suggested=17.0, reasons=("传达不及时一次，扣3分。",)),
        score(
            "2.1(1)", 33.33, 20.0, evidence=(f"{name[:2]}-11",), requirements=verdicts[:1], reasons=("缺下半年一次。",)
        ),
        score("2.1(2)", 16.67, None, requirements=verdicts[1:], reasons=("无法核实。",)),
    )
    files = (
        FileEntry(
            f"inputs/submissions/{name}/台账/记录1.docx",
            name,
            "0" * 64,
            10,
            "docx",
            "read",
            None,
            8,
            Characters(90, 90),
        ),
        FileEntry(
            f"inputs/submissions/{name}/坏.pdf",
            name,
            "1" * 64,
            0,
            "pdf",
            "failed",
            "文件不完整：请重新导出后再报送。",
            0,
            None,
        ),
    )
    conflicts = (
        Conflict("矛盾1", name, "次数不符", "总结说2次，记录只有1次（张三丰）。", (f"{name[:2]}-11", f"{name[:2]}-1")),
    )
    return Dossier(
        DepartmentInfo(name, listed=True),
        files,
        evidence,
        Facts(conflicts=conflicts),
        DepartmentScore(name, 68.5, 16.67, None, indicators),
    )


def empty(name: str = NAMES[2]) -> Dossier:
    points = POINTS
    indicators = tuple(IndicatorScore(code, full, None, None, None) for code, full in points.items())
    return Dossier(
        DepartmentInfo(name, listed=True), (), (), Facts(), DepartmentScore(name, 0.0, 100.0, None, indicators)
    )


def college() -> tuple[Dossier, ...]:
    return dossier(NAMES[0]), dossier(NAMES[1]), empty(NAMES[2])


def summary(one: Dossier) -> DepartmentSummary:
    states = [e.status for e in one.evidence]
    passages = {state: states.count(state) for state in dict.fromkeys(states)} | {"total": len(states)}
    return DepartmentSummary(one.info, one.score, one.files, one.facts.conflicts, (), passages, {}, {})


DUPLICATES = (
    Duplicate(
        "text",
        f"inputs/submissions/{NAMES[0]}/张三丰总结.docx",
        f"inputs/submissions/{NAMES[1]}/总结.docx",
        NAMES[0],
        NAMES[1],
        0.86,
        "31段文字相同。",
    ),
)
