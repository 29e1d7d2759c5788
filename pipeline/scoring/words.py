"""The words of the rubric workbook: sheet names, column names, settings. Writing and reading use the same ones."""

from dataclasses import dataclass

from pipeline.model import PERIOD_NAMES

HELP, SETTINGS, POINTS, GRADES, BONUSES, VETOES, ENTRIES, RULES = (
    "说明", "基本设置", "指标分值", "等次", "加分项", "一票否决", "加减分登记", "国家和校级规定",
)  # fmt: skip
SHEETS = (HELP, SETTINGS, POINTS, GRADES, BONUSES, VETOES, ENTRIES, RULES)
YES, NO, NOT_APPLICABLE = "是", "否", "不适用"

SETTING_COLUMNS = ("项目", "填写", "说明")
POINT_COLUMNS = ("指标编号", "指标内容", "分值", "评分标准", "每缺一处扣分", "最低保留分", "记零分的情形")
GRADE_COLUMNS = ("等次", "最低分（百分制）", "名额上限（%）", "说明")
BONUS_COLUMNS = ("加分项", "每项加分", "上限", "是否启用", "提示")
VETO_COLUMNS = ("情形", "是否启用", "等次最高为", "说明")
ENTRY_COLUMNS = ("单位", "项目", "数量", "依据")
RULE_COLUMNS = ("是否启用", "编号", "归入指标", "规定", "活动", "主体", "周期", "至少次数", "依据", "级别", "核对情况")

PERIODS: dict[str, str] = {name: period for period, name in PERIOD_NAMES.items()}
ROUNDINGS = {
    "四舍五入": "half_up",
    "四舍六入五成双": "half_even",
    "去尾": "down",
    "进一": "up",
    "取到0.5分": "half_point",
}

# Photos, press items and numbers of meetings: the 2024 rules against formalism forbid judging work by them.
FORMALISM = r"照片|图片|新闻|报道|宣传稿|稿件|简报|媒体|推文|公众号|会议次数|开会|会议数|发文|文件数|批示|笔记|心得"
FORMALISM_WARNING = (
    "2024年《整治形式主义为基层减负若干规定》不允许以照片、报道、会议和文件数量评价工作；确需启用请先报学校党委同意。"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of 基本设置: its name, what stands there at first, and what it means."""

    name: str
    value: str | float | None
    help: str


SCHOOL = Setting("学校名称", None, "印在文件的落款和标题里；不填就留空。")
REPORT_DATE = Setting("报告日期", None, "印在总结和评分表上的日期，例如2024年12月20日；不填就留空手写。")
DEADLINE = Setting("补报截止日期", None, "印在补充材料清单里的截止日期；不填就不写。")
TOTAL = Setting("总分", None, "各指标分值之和应等于它；不填就以分值之和为准（指南没有分值时为100）。")
DECIMALS = Setting("小数位数", 2, "建议分保留几位小数，0到3。")
ROUNDING = Setting("取整方式", "四舍五入", "可填：四舍五入、四舍六入五成双、去尾、进一、取到0.5分。")
SELF_SHARE = Setting(
    "自评占比（%）", 0, "定等次时自评分占多少，其余为复核分；0表示只看复核分。总分一栏始终是各项最后得分之和。"
)
RENORMALISE = Setting("不适用项折算", "是", "有指标不适用时，其余指标按比例放大，合计不变；填“否”则按少了的分值计。")
EXEMPT = Setting("免除的月份", None, "寒暑假里不要求开展活动的月份，例如2、8；不填表示没有免除。")
BRANCH_YEARS = Setting("党支部任期（年）", 3, "表里没有写任期的党支部按这个年数算（《支部工作条例》第二十一条为3年）。")
BONUS_CAP = Setting("加分合计上限", 0, "所有加分项加起来最多多少分。")
SETTINGS_LIST = (
    SCHOOL, REPORT_DATE, DEADLINE, TOTAL, DECIMALS, ROUNDING, SELF_SHARE, RENORMALISE, EXEMPT, BRANCH_YEARS, BONUS_CAP,
)  # fmt: skip

HELP_LINES = (
    "这份表决定怎么把核实结果变成分数。每一页都可以改，改完保存，再运行一次就按新的算。不填的格用默认值。",
    "【基本设置】学校名称、日期、取整、自评占比等。只改“填写”一列。",
    "【指标分值】每个三级指标的满分。指南印了分值的已经填好；没有印的按100分平均分配，请改成本校的。"
    "“每缺一处扣分”填了数，未达到的任务要求按缺的次数扣，扣到“最低保留分”为止；不填则按达到的比例计分。"
    "“记零分的情形”写“任务要求未达到”，则有一项要求没达到就记零分；写别的情形，要在【加减分登记】里登记到单位才生效。",
    "不同类型的单位分值不同时，在【指标分值】右边加一列，表头写“分值（类型名）”，类型名与单位名单里的“单位类型”一致；"
    "某项对这类单位不适用，就在格里写“不适用”。",
    "【等次】各等次的最低分（占满分的百分比）和名额上限。90、80、60是各校的习惯，没有全国统一规定。最后一等的最低分填0。",
    "【加分项】默认全部关闭。" + FORMALISM_WARNING,
    "【一票否决】在【加减分登记】里登记到某个单位，这个单位的等次就不高于“等次最高为”一栏（不填为最低一等）。",
    "【加减分登记】一行写一个单位的一件事：单位全称、加分项或否决情形或零分情形的名称、数量、依据。",
    "【国家和校级规定】指南以外的规定，默认都不启用。标着“请核对原文”的，先找到正式文本核对再改成“是”。",
    "程序给出的都是建议分，复核人填的分数始终优先。无法核实的不算零分，也不算满分，列为未定。",
)  # fmt: skip
