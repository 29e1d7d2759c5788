"""The rubric as a value: points, grades, deductions, bonuses, vetoes, and the defaults where the workbook is silent."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Guideline, Indicator


@dataclass(frozen=True, slots=True)
class Grade:
    """One 等次: `at_least` in per cent of the full total; `quota` the greatest share of units that may have it, 0 to 1."""

    name: str
    at_least: float
    quota: float | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """How an indicator loses points for what is missing: `step` each, never below `floor`; `zero_on` a breach."""

    step: float
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Bonus:
    """A bonus item: `each` points a piece up to `cap`. `warned`: the 2024 rules against formalism forbid it."""

    name: str
    each: float
    cap: float
    enabled: bool = False
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Veto:
    """A 一票否决 item: whoever is found to have it gets at most `grade` (the lowest one where empty)."""

    name: str
    enabled: bool = True
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A bonus or veto that a clerk has entered for one department: which item, how many, on what ground."""

    department: str
    item: str
    count: float
    ground: str
    cell: str


@dataclass(frozen=True, slots=True)
class UnitType:
    """A kind of unit with its own points; `without` are the indicators that do not apply to it."""

    name: str
    points: dict[str, float]
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the rule table (DOMAIN part 5): who must do what how often, by which source, at which level."""

    id: str
    code: str
    text: str
    event: str
    subject: str
    period: str
    minimum: float
    source: str
    level: str
    sure: str = ""
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class Rubric:
    """Everything that turns verdicts into points and points into grades. Points are never negative."""

    points: dict[str, float]
    standards: dict[str, str]
    grades: tuple[Grade, ...]
    report_date: str = ""
    deadline: str = ""
    school: str = ""
    even: bool = True
    notes: tuple[str, ...] = ()
    total: float = 100.0
    decimals: int = 2
    rounding: str = "half_up"
    self_share: float = 0.0
    renormalise: bool = True
    exempt_months: tuple[int, ...] = ()
    branch_years: float = 3.0
    bonus_cap: float = 0.0
    deductions: dict[str, Deduction] | None = None
    zero_on: dict[str, str] | None = None
    bonuses: tuple[Bonus, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    entries: tuple[Entry, ...] = ()
    unit_types: tuple[UnitType, ...] = ()
    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def review_share(self) -> float:
        """The share of 复核 where the rubric mixes it with 自评."""
        return 1.0 - self.self_share

    def type_of(self, name: str) -> UnitType | None:
        """The unit type of that name, if the rubric has it."""
        return next((t for t in self.unit_types if t.name == name), None)


GRADES = (Grade("优秀", 90.0), Grade("良好", 80.0), Grade("合格", 60.0), Grade("不合格", 0.0))
BONUSES = (
    Bonus("获国家级党建表彰或立项（项）", 3.0, 3.0),
    Bonus("获省级党建表彰或立项（项）", 2.0, 4.0),
    Bonus("获校级党建表彰或立项（项）", 1.0, 2.0),
    Bonus("新闻报道、媒体宣传（篇）", 0.5, 2.0, warned=True),
    Bonus("活动照片（张）", 0.1, 1.0, warned=True),
    Bonus("会议、活动次数超出要求（次）", 0.1, 1.0, warned=True),
)
VETOES = (
    Veto("发生意识形态领域重大问题"),
    Veto("班子成员受到党纪政务处分"),
    Veto("报送材料弄虚作假"),
)
EVEN_NOTE = "指南没有印出分值，评分细则里也没有填写：100分平均分到各三级指标，仅供参考。"
GRADES_NOTE = "等次线90、80、60是各校的习惯，没有全国统一规定；请在评分细则里改成本校的。"


def default_rubric(guideline: Guideline) -> Rubric:
    """What holds where there is no rubric workbook: the guideline's own points, else 100 spread evenly."""
    thirds = guideline.thirds()
    points, even = default_points(thirds)
    notes = (EVEN_NOTE, GRADES_NOTE) if even else (GRADES_NOTE,)
    return Rubric(
        points=points, standards={}, grades=GRADES, even=even, notes=notes, total=round(sum(points.values()), 4)
    )


def default_points(thirds: Sequence[Indicator], total: float = 100.0) -> tuple[dict[str, float], bool]:
    """The points of each third-level indicator, and whether they had to be spread evenly."""
    printed = {i.code: i.full for i in thirds if i.full is not None}
    if thirds and len(printed) == len(thirds):
        return {code: float(full) for code, full in printed.items()}, False
    return spread(tuple(i.code for i in thirds), total), True


def spread(codes: Sequence[str], total: float) -> dict[str, float]:
    """`total` over the codes in hundredths: equal but for one hundredth, and the sum is exact."""
    if not codes:
        return {}
    cents = round(total * 100)
    each, left = divmod(cents, len(codes))
    return {code: (each + (1 if n < left else 0)) / 100 for n, code in enumerate(codes)}
