"""Makes the four Word templates of this folder from nothing but text: `python templates/build.py`.

A college edits the .docx files themselves in Word or WPS; this script only says how ours came about, so that a change
of all four (a style, a footer) is made once. Fonts, sizes and margins are written by `pipeline.write.format` from
pipeline/data/format.toml, here as at every run.
"""

import io
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from docx import Document  # noqa: E402  (the clone's root must be on the path first)

from pipeline.write.format import apply_profile, load_profile  # noqa: E402
from pipeline.write.package import repack  # noqa: E402

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STAMP = "2024-01-01"

# ------------------------------------------------------------------ styles


def style(ident: str, name: str, ppr: str = "", rpr: str = "", based: str = "a", following: str = "") -> str:
    """One paragraph style; fonts, sizes and line spacing come from the profile."""
    after = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{ident}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/>{after}<w:qFormat/><w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>'
    )


INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
NUMBERED = '<w:keepNext/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
BODY = "GwBody"

STYLES = f"""{HEAD}<w:styles {W}>
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" w:cs="Times New Roman"/>
<w:spacing w:val="-5"/><w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault>
<w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE/><w:autoSpaceDN/><w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/>
<w:jc w:val="both"/></w:pPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="a0"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>
<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="numbering" w:default="1" w:styleId="a2"><w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="GwTable"><w:name w:val="公文表格"/><w:basedOn w:val="a1"/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>
<w:left w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>
<w:right w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/>
<w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
</w:tblCellMar></w:tblPr></w:style>
{style("GwTitle", "公文标题", '<w:keepNext/><w:jc w:val="center"/><w:outlineLvl w:val="9"/>', "", following=BODY)}
{style(BODY, "公文正文", INDENT)}
{style("GwAddressee", "公文主送", "")}
{style("GwHeading1", "公文一级标题", "<w:keepNext/>" + INDENT + '<w:outlineLvl w:val="0"/>', following=BODY)}
{style("GwHeading2", "公文二级标题", '<w:keepNext/><w:numPr><w:numId w:val="1"/></w:numPr>' + INDENT + '<w:outlineLvl w:val="1"/>', following=BODY)}
{style("GwHeading3", "公文三级标题", NUMBERED + INDENT + '<w:outlineLvl w:val="2"/>', following=BODY)}
{style("GwAnnexMark", "公文附件标号", '<w:keepNext/><w:jc w:val="left"/>', following=BODY)}
{style("GwAnnexTitle", "公文附件标题", '<w:keepNext/><w:spacing w:before="290" w:after="290"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>', following=BODY)}
{style("GwChoice", "公文选择行", "<w:keepNext/>" + INDENT, based=BODY)}
{style("GwAnnexLine", "公文附件续行", '<w:ind w:leftChars="500" w:left="1600"/>')}
{style("GwNote", "公文说明", '<w:jc w:val="center"/>', following=BODY)}
{style("GwSignature", "公文署名", '<w:keepNext/><w:keepLines/><w:ind w:leftChars="1300" w:left="4160"/><w:jc w:val="center"/>')}
{style("GwPageOdd", "公文页码", '<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>')}
{style("GwCellHead", "表格标题", '<w:jc w:val="center"/>', '<w:spacing w:val="0"/>')}
{style("GwCell", "表格文字", '<w:jc w:val="left"/>', '<w:spacing w:val="0"/>')}
{style("GwSmallHead", "表格小标题", "", "", based="GwCellHead")}
{style("GwSmall", "表格小字", "", "", based="GwCell")}
{style("GwSmallCentre", "表格小字居中", '<w:jc w:val="center"/>', "", based="GwSmall")}
{style("GwCellCentre", "表格居中", '<w:jc w:val="center"/>', '<w:spacing w:val="0"/>', based="GwCell")}
<w:style w:type="character" w:customStyle="1" w:styleId="GwControl"><w:name w:val="指标选择"/><w:basedOn w:val="a0"/><w:rPr>
<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/><w:basedOn w:val="a"/><w:uiPriority w:val="99"/>
<w:unhideWhenUsed/><w:pPr><w:spacing w:line="300" w:lineRule="exact"/><w:jc w:val="left"/></w:pPr><w:rPr><w:spacing w:val="0"/>
<w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="CommentReference"><w:name w:val="annotation reference"/><w:basedOn w:val="a0"/>
<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:rPr><w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/><w:basedOn w:val="a0"/><w:uiPriority w:val="99"/>
<w:semiHidden/></w:style>
</w:styles>"""

# level 0 (二级标题) prints its own 〔（一）〕 as text, so its number here is empty; it only restarts level 1: `1.` `2.`
NUMBERING = f"""{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="none"/><w:pStyle w:val="GwHeading2"/><w:suff w:val="nothing"/><w:lvlText w:val=""/>
<w:lvlJc w:val="left"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="GwHeading3"/><w:suff w:val="nothing"/>
<w:lvlText w:val="%2."/><w:lvlJc w:val="left"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""

SETTINGS = f"""{HEAD}<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>
<w:characterSpacingControl w:val="compressPunctuation"/>
<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"""


def footer(side: str) -> str:
    """`— 1 —` on the outer side: odd pages right, even pages left, one character in."""
    place = (
        '<w:ind w:leftChars="100" w:left="280" w:rightChars="0" w:right="0"/><w:jc w:val="left"/>'
        if side == "even"
        else ""
    )
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return f'{HEAD}<w:ftr {W}><w:p><w:pPr><w:pStyle w:val="GwPageOdd"/>{place}</w:pPr>{field}</w:p></w:ftr>'


# ------------------------------------------------------------------ bodies


def p(text: str, look: str = BODY, extra: str = "") -> str:
    """One paragraph; `|` in the text is a line break."""
    parts = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in text.split("|")) if text else ""
    run = f"<w:r>{parts}</w:r>" if parts else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{look}"/>{extra}</w:pPr>{run}</w:p>'


def annex(number: str, title: str, fresh: bool = True) -> str:
    """`附件1` as the standard has it (黑体, top left, a new page), linked to the top."""
    page = "<w:pageBreakBefore/>" if fresh else ""
    mark = (
        f'<w:p><w:pPr><w:pStyle w:val="GwAnnexMark"/>{page}</w:pPr><w:hyperlink w:anchor="_top" w:history="1">'
        f"<w:r><w:t>附件{number}</w:t></w:r></w:hyperlink></w:p>"
    )
    return mark + p(title, "GwAnnexTitle")


def table(widths: list[int], heads: list[str], rows: str, look: str = "GwCell") -> str:
    """A grid of `widths` (mm) with a repeated header row."""
    grid = "".join(f'<w:gridCol w:w="{mm * 567 // 10}"/>' for mm in widths)
    head = "".join(cell(mm, text, f"{look}Head") for mm, text in zip(widths, heads, strict=True))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="GwTable"/><w:tblW w:w="{sum(widths) * 567 // 10}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def each(name: str, listing: str) -> str:
    """A paragraph for every text of a list, inside one cell."""
    return f"{{%p for {name} in {listing} %}}\n{{{{ {name} }}}}\n{{%p endfor %}}"


def cell(mm: int, text: str, look: str = "GwCell") -> str:
    """One cell; `text` may be several paragraphs separated by a line feed (loops over paragraphs)."""
    inside = "".join(p(line, look) for line in text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{mm * 567 // 10}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'
    )


def row(widths: list[int], texts: list[str], centred: tuple[int, ...] = (), look: str = "GwCell") -> str:
    """One body row."""
    cells = (
        cell(mm, t, f"{look}Centre" if i in centred else look)
        for i, (mm, t) in enumerate(zip(widths, texts, strict=True))
    )
    return f"<w:tr>{''.join(cells)}</w:tr>"


def loop_row(
    widths: list[int], loop: str, texts: list[str], centred: tuple[int, ...] = (), look: str = "GwCell"
) -> str:
    """A body row for every item of a loop, docxtpl's `{%tr %}` rows around it."""
    span = f'<w:tcPr><w:tcW w:w="{sum(widths) * 567 // 10}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/></w:tcPr>'
    opened = f"<w:tr><w:tc>{span}{p('{%tr for ' + loop + ' %}', 'GwCell')}</w:tc></w:tr>"
    closed = f"<w:tr><w:tc>{span}{p('{%tr endfor %}', 'GwCell')}</w:tc></w:tr>"
    return opened + row(widths, texts, centred, look) + closed


def section(landscape: bool = False, inside: bool = False) -> str:
    """Page set-up; margins are written from the profile afterwards."""
    size = (
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if landscape else '<w:pgSz w:w="11906" w:h="16838"/>'
    )
    xml = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId10"/><w:footerReference w:type="even" r:id="rId11"/>{size}'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1304" w:gutter="0"/></w:sectPr>'
    )
    return f"<w:p><w:pPr>{xml}</w:pPr></w:p>" if inside else xml


TITLE = p("{{ head }}|{{ tail }}", "GwTitle")
DRAFT = p("{%p if draft %}") + p("{{ draft_note }}", "GwNote") + p("{%p endif %}")
BLANK = p("")
KEEP = "<w:keepNext/>"
KEPT_BLANK = p("", extra=KEEP)
CLOSING = p("{{ signed_by }}", "GwSignature") + p("{{ date }}", "GwSignature", '<w:keepNext w:val="0"/>')

CATALOGUE = [26, 74, 34, 22]
LEFT = [26, 86, 44]
SUMMARY = (
    TITLE
    + DRAFT
    + BLANK
    + p("{%p for section in sections %}")
    + p("{{ section.number }}、{{ section.title }}", "GwHeading1")
    + p("{%p for text in section.paragraphs %}")
    + p("{%p if section.last and loop.last %}")  # the last words stay with the signature: it never stands alone
    + p("{{ text }}", extra=KEEP)
    + p("{%p else %}")
    + p("{{ text }}")
    + p("{%p endif %}")
    + p("{%p endfor %}")
    + p("{%p for part in section.parts %}")
    + p("（{{ part.number }}）{{ part.title }}", "GwHeading2")
    + p("{%p for item in part.entries %}")
    + p("{{ item.title }}", "GwHeading3")
    + p("{%p for text in item.paragraphs %}")
    + p("{{ text }}")
    + p("{%p endfor %}")
    + p("{%p endfor %}")
    + p("{%p endfor %}")
    + p("{%p endfor %}")
    + KEPT_BLANK
    + p("{{ annex }}", extra=KEEP)
    + p("{%p for annex in more_annexes %}")
    + p("{{ annex }}", "GwAnnexLine", KEEP)
    + p("{%p endfor %}")
    + KEPT_BLANK
    + p("党组织书记（签字）：", extra=KEEP)
    + KEPT_BLANK
    + KEPT_BLANK
    + CLOSING
    + annex("1", "佐证材料目录")
    + table(
        CATALOGUE,
        ["佐证号", "材料名称", "页码或位置", "责任单位"],
        loop_row(
            CATALOGUE,
            "row in catalogue",
            ["{{ row.number }}", each("name", "row.names"), "{{ row.places }}", "{{ row.unit }}"],
            (0,),
        ),
    )
    + p("{%p if left_out %}")
    + annex("{{ left_out.number }}", "未收入正文的段落")
    + p("{{ left_out.note }}")
    + table(
        LEFT,
        ["佐证号", "段落开头", "出处"],
        loop_row(LEFT, "row in left_out.rows", ["{{ row.number }}", "{{ row.opening }}", "{{ row.place }}"], (0,)),
    )
    + p("{%p endif %}")
    + p("{%p if doubtful %}")
    + annex("{{ doubtful.number }}", "待审阅段落")
    + p("{{ doubtful.note }}")
    + p("{%p for item in doubtful.rows %}")
    + p("归属：{{ item.control }}", "GwChoice")
    + p("{{ item.text }}")
    + p("{%p endfor %}")
    + p("{%p endif %}")
    + section()
)

SCORE = [16, 28, 64, 11, 38, 11, 11, 11, 34, 19, 14]
SCORE_HEADS = [
    "一级指标",
    "二级指标",
    "三级指标",
    "分值",
    "评分标准",
    "自评分",
    "建议分",
    "复核分",
    "扣分说明",
    "佐证号",
    "备注",
]
SCORE_CELLS = [
    "{{ row.first }}", "{{ row.second }}", "{{ row.third }}", "{{ row.full }}", "{{ row.standard }}", "{{ row.self }}",
    "{{ row.suggested }}", "{{ row.final }}", each("line", "row.reasons"), each("number", "row.numbers"), "{{ row.remark }}",
]  # fmt: skip
SHEET = (
    TITLE
    + p("{{ print_note }}", "GwNote")
    + table(
        SCORE,
        SCORE_HEADS,
        loop_row(SCORE, "row in rows", SCORE_CELLS, (0, 3, 5, 6, 7, 9), "GwSmall")
        + row(
            SCORE,
            [
                "合计",
                "",
                "",
                "{{ total.full }}",
                "",
                "{{ total.self }}",
                "{{ total.suggested }}",
                "{{ total.final }}",
                "{{ total.open }}",
                "",
                "{{ total.grade }}",
            ],
            (0, 3, 5, 6, 7),
            "GwSmall",
        ),
        "GwSmall",
    )
    + p("")
    + p("评分人（签字）：                    复核人（签字）：                    日期：    年  月  日")
    + section(landscape=True)
)

LACKING = [38, 44, 30, 44]
CHECKLIST = (
    TITLE
    + BLANK
    + p("{{ addressee }}：", "GwAddressee")
    + p("{%p for text in opening %}")
    + p("{{ text }}")
    + p("{%p endfor %}")
    + p("{%p for block in blocks %}")
    + p("{{ block.number }}、{{ block.title }}", "GwHeading1")
    + p("{%p for text in block.paragraphs %}")
    + p("{{ text }}")
    + p("{%p endfor %}")
    + p("{%p if block.rows %}")
    + table(
        LACKING,
        ["指标", "任务要求", "已见材料", "请补充"],
        loop_row(
            LACKING,
            "row in block.rows",
            ["{{ row.indicator }}", "{{ row.requirement }}", "{{ row.found }}", each("line", "row.missing")],
        ),
    )
    + p("{%p endif %}")
    + p("{%p endfor %}")
    + p("{%p for text in closing %}")
    + p("{{ text }}")
    + p("{%p endfor %}")
    + BLANK
    + CLOSING
    + section()
)

DEPARTMENTS = [46, 18, 18]


def rates_table() -> str:
    """Departments × first-level indicators; the columns follow the guideline (`{%tc %}`)."""
    name, each, total = DEPARTMENTS
    columns = (
        cell(each, "{%tc for first in block.firsts %}", "GwCellHead")
        + cell(each, "{{ first }}", "GwCellHead")
        + cell(each, "{%tc endfor %}")
    )
    values = (
        cell(each, "{%tc for rate in row.rates %}")
        + cell(each, "{{ rate }}", "GwCellCentre")
        + cell(each, "{%tc endfor %}")
    )
    head = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cell(name, '单位', 'GwCellHead')}{columns}{cell(total, '合计', 'GwCellHead')}</w:tr>"
    start = f"<w:tr>{cell(name, '{%tr for row in block.rates %}')}{cell(each, '')}{cell(total, '')}</w:tr>"
    end = f"<w:tr>{cell(name, '{%tr endfor %}')}{cell(each, '')}{cell(total, '')}</w:tr>"
    body = f"<w:tr>{cell(name, '{{ row.name }}')}{values}{cell(total, '{{ row.total }}', 'GwCellCentre')}</w:tr>"
    grid = "".join(f'<w:gridCol w:w="{mm * 567 // 10}"/>' for mm in DEPARTMENTS)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="GwTable"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{start}{body}{end}</w:tbl>"
    )


PRACTICE = [64, 22, 70]
GAPS = [42, 44, 16, 54]
SCHOOL = (
    TITLE
    + BLANK
    + p("{%p for block in blocks %}")
    + p("{{ block.number }}、{{ block.title }}", "GwHeading1")
    + p("{%p for text in block.paragraphs %}")
    + p("{{ text }}")
    + p("{%p endfor %}")
    + p("{%p if block.chart %}")
    + p("{{ block.chart }}", "GwNote", '<w:spacing w:line="240" w:lineRule="auto"/>')
    + p("{%p endif %}")
    + p("{%p if block.rates %}")
    + rates_table()
    + p("{%p endif %}")
    + p("{%p if block.practices %}")
    + table(
        PRACTICE,
        ["指标", "得分率（%）", "单位"],
        loop_row(
            PRACTICE,
            "row in block.practices",
            ["{{ row.indicator }}", "{{ row.rate }}", each("name", "row.names")],
            (1,),
        ),
    )
    + p("{%p endif %}")
    + p("{%p if block.gaps %}")
    + table(
        GAPS,
        ["指标", "任务要求", "单位数", "涉及单位"],
        loop_row(
            GAPS,
            "row in block.gaps",
            ["{{ row.indicator }}", "{{ row.requirement }}", "{{ row.count }}", each("name", "row.names")],
            (2,),
        ),
    )
    + p("{%p endif %}")
    + p("{%p endfor %}")
    + BLANK
    + CLOSING
    + section()
)

BODIES = {
    "年度双创工作总结.docx": SUMMARY,
    "年度双创评分表.docx": SHEET,
    "补充材料清单.docx": CHECKLIST,
    "全校工作总结.docx": SCHOOL,
}

# ------------------------------------------------------------------ package

CONTENT_TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{TYPES}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{TYPES}.numbering+xml"/>'
    f'<Override PartName="/word/fontTable.xml" ContentType="{TYPES}.fontTable+xml"/>'
    '<Override PartName="/word/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{TYPES}.settings+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{TYPES}.footer+xml"/>'
    f'<Override PartName="/word/footer2.xml" ContentType="{TYPES}.footer+xml"/></Types>'
)
# the second name is the one that macOS, WPS and LibreOffice may know the font by
FONTS = (
    ("Times New Roman", ""),
    ("仿宋", "FangSong"),
    ("黑体", "SimHei"),
    ("楷体", "KaiTi"),
    ("宋体", "SimSun"),
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
)
FONT_NAMES = "".join(
    f'<w:font w:name="{name}">' + (f'<w:altName w:val="{other}"/>' if other else "") + "</w:font>"
    for name, other in FONTS
)
FONT_TABLE = f"{HEAD}<w:fonts {W}>{FONT_NAMES}</w:fonts>"


def theme() -> bytes:
    """The Office theme that python-docx ships; Word asks for one, nothing here uses it."""
    parts = (part for part in Document().part.package.iter_parts() if part.partname == "/word/theme/theme1.xml")
    return next(parts).blob


RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def relation(ident: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{ident}" Type="{RELATION}/{kind}" Target="{target}"/>'


def package(body: str) -> bytes:
    """A complete .docx around one body."""
    inner = "".join(
        relation(ident, kind, target)
        for ident, kind, target in (
            ("rId1", "styles", "styles.xml"),
            ("rId2", "numbering", "numbering.xml"),
            ("rId3", "settings", "settings.xml"),
            ("rId4", "fontTable", "fontTable.xml"),
            ("rId5", "theme", "theme/theme1.xml"),
            ("rId10", "footer", "footer1.xml"),
            ("rId11", "footer", "footer2.xml"),
        )
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": HEAD + RELATIONS.format(relation("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"{HEAD}<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": HEAD + RELATIONS.format(inner),
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": FONT_TABLE,
        "word/theme/theme1.xml": theme(),
        "word/footer1.xml": footer("odd"),
        "word/footer2.xml": footer("even"),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def main() -> None:
    """Writes the four files beside this script."""
    profile = load_profile(None)
    for name, body in BODIES.items():
        document = Document(io.BytesIO(package(body)))
        apply_profile(document, profile)
        buffer = io.BytesIO()
        document.save(buffer)
        (HERE / name).write_bytes(repack(buffer.getvalue(), STAMP, name.removesuffix(".docx")))


if __name__ == "__main__":
    main()
