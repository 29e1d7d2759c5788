"""使用说明.docx: one page in pictures, for a person who has never seen a terminal.

The pictures are drawn by `python -m bench.pictures` and lie in data/start, so that no font is needed here.
"""

import io
from importlib import resources

TITLE = "双创材料汇总：三步"
STEPS = (
    (
        "第一步　放材料",
        "打开 inputs 文件夹：指南放进 guideline（只放一份）；每个单位在 submissions 里一个文件夹，"
        "Word、Excel、PDF、扫描件、压缩包都可以。单位名单填在 departments.xlsx，没有交材料的单位会列出来。",
        "step1.png",
    ),
    (
        "第二步　双击“运行.bat”",
        "第一次要准备几分钟，以后很快。也可以把一个单位的文件夹拖到“运行.bat”上：材料会复制进来，然后自动运行。"
        "苹果电脑双击“运行.command”。",
        "step2.png",
    ),
    (
        "第三步　看结果",
        "结果在 outputs 的年度文件夹里：先看 index.html 和 审阅清单.xlsx，再看各单位的 Word 总结、评分表和补充材料清单。"
        "改过的文件放进 inputs/reviewed，程序下次会照您的决定办。",
        "step3.png",
    ),
)
NOTE = (
    "材料只在这台电脑上处理，不联网；原件不会改动。标有秘密、机密、绝密的文件请不要放进来。"
    "屏幕上说哪个文件读不出来，照它说的办，再运行一次即可。"
)
_WIDTH_MM = 150


def document() -> bytes:
    """The page as a Word file."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    page = Document()
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    section.top_margin = section.bottom_margin = Mm(20)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    normal.paragraph_format.space_after = Pt(4)

    def line(text: str, size: float, bold: bool = False) -> None:
        run = page.add_paragraph().add_run(text)
        run.bold, run.font.size = bold, Pt(size)

    line(TITLE, 20, bold=True)
    for title, words, picture in STEPS:
        line(title, 14, bold=True)
        line(words, 11)
        data = resources.files("pipeline").joinpath("data", "start", picture).read_bytes()
        shape = page.add_picture(io.BytesIO(data), width=Mm(_WIDTH_MM))
        shape._inline.docPr.set("descr", words)  # what a screen reader says of the picture
        page.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    line(NOTE, 11)
    stream = io.BytesIO()
    page.save(stream)
    return stream.getvalue()
