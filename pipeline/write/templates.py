"""Finds and checks the Word templates: the workspace's own, else those that ship with the program.

A template is a Word file with docxtpl tags. `open_templates` refuses to begin a run with a faulty one; `check_templates`
lists every fault of all of them at once, each with its place and what to do.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.errors import UnusableTemplate
from pipeline.model import Problem
from pipeline.workspace import Workspace
from pipeline.write import format as looks

SUMMARY, SHEET, CHECKLIST, SCHOOL = (
    "年度双创工作总结.docx",
    "年度双创评分表.docx",
    "补充材料清单.docx",
    "全校工作总结.docx",
)
NAMES = (SUMMARY, SHEET, CHECKLIST, SCHOOL)

# The fields of each template. A loop's items have the fields of the entry with [].
FIELDS: dict[str, dict[str, str]] = {
    SUMMARY: {
        "head": "单位名称（标题第一行）",
        "tail": "标题第二行",
        "draft": "是否草稿（真或假）",
        "draft_note": "草稿说明",
        "sections[].number": "一级标题序号：一、二……",
        "sections[].title": "一级标题",
        "sections[].last": "是否最后一节（真或假）",
        "sections[].paragraphs[]": "本节的段落（基本情况、特色、问题、打算）",
        "sections[].parts[].number": "二级标题序号",
        "sections[].parts[].title": "二级标题",
        "sections[].parts[].entries[].title": "三级标题",
        "sections[].parts[].entries[].paragraphs[]": "三级指标下的段落",
        "annex": "附件说明第一行",
        "more_annexes[]": "附件说明其余各行",
        "catalogue[].number": "佐证号",
        "catalogue[].names[]": "材料名称",
        "catalogue[].places": "页码或位置",
        "catalogue[].unit": "责任单位",
        "left_out.number": "附件序号",
        "left_out.note": "未收入正文的说明",
        "left_out.rows[].number": "佐证号",
        "left_out.rows[].opening": "段落开头",
        "left_out.rows[].place": "出处",
        "doubtful.number": "附件序号",
        "doubtful.note": "待审阅的说明",
        "doubtful.rows[].control": "指标下拉框",
        "doubtful.rows[].text": "待审阅段落",
        "signed_by": "署名",
        "date": "成文日期",
        "year": "年度",
        "department": "单位名称",
        "school": "学校名称",
    },
    SHEET: {
        "head": "单位名称（标题第一行）",
        "tail": "标题第二行",
        "print_note": "打印稿说明",
        "rows[].first": "一级指标",
        "rows[].second": "二级指标",
        "rows[].third": "三级指标",
        "rows[].full": "分值",
        "rows[].standard": "评分标准",
        "rows[].self": "自评分",
        "rows[].suggested": "建议分",
        "rows[].final": "复核分",
        "rows[].reasons[]": "扣分说明",
        "rows[].numbers[]": "佐证号",
        "rows[].remark": "备注",
        "total.full": "分值合计",
        "total.self": "自评分合计",
        "total.suggested": "建议分合计",
        "total.final": "得分合计",
        "total.open": "未定的分值",
        "total.grade": "等次",
        "year": "年度",
        "department": "单位名称",
        "school": "学校名称",
    },
    CHECKLIST: {
        "head": "单位名称（标题第一行）",
        "tail": "标题第二行",
        "addressee": "主送单位",
        "opening[]": "开头各段",
        "blocks[].number": "标题序号",
        "blocks[].title": "标题",
        "blocks[].paragraphs[]": "段落",
        "blocks[].rows[].indicator": "指标",
        "blocks[].rows[].requirement": "任务要求",
        "blocks[].rows[].found": "已见材料",
        "blocks[].rows[].missing[]": "请补充",
        "closing[]": "结尾各段",
        "signed_by": "署名",
        "date": "成文日期",
        "year": "年度",
        "department": "单位名称",
        "school": "学校名称",
    },
    SCHOOL: {
        "head": "学校名称（标题第一行）",
        "tail": "标题第二行",
        "blocks[].number": "标题序号",
        "blocks[].title": "标题",
        "blocks[].paragraphs[]": "段落",
        "blocks[].chart": "图（得分率）",
        "blocks[].firsts[]": "一级指标",
        "blocks[].rates[].name": "单位",
        "blocks[].rates[].rates[]": "各一级指标得分率",
        "blocks[].rates[].total": "合计",
        "blocks[].practices[].indicator": "指标",
        "blocks[].practices[].rate": "得分率",
        "blocks[].practices[].names[]": "单位",
        "blocks[].gaps[].indicator": "指标",
        "blocks[].gaps[].requirement": "任务要求",
        "blocks[].gaps[].count": "单位数",
        "blocks[].gaps[].names[]": "单位",
        "signed_by": "署名",
        "date": "成文日期",
        "year": "年度",
        "school": "学校名称",
    },
}


@dataclass(frozen=True, slots=True)
class Template:
    """One template's bytes. `own`: it is the college's, so its look is its own affair."""

    name: str
    data: bytes
    own: bool


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates of a run and the college's format file (`profile`: its entries over ours; `college`: its own only)."""

    files: tuple[Template, ...]
    profile: dict[str, Any] = field(default_factory=dict)
    college: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Template:
        """The template of that name."""
        return next(template for template in self.files if template.name == name)


def open_templates(workspace: Workspace) -> Templates:
    """The templates of a run; raises UnusableTemplate naming the first fault where one cannot be used."""
    override = workspace.templates / "format.toml"
    profile = looks.load_profile(override)
    college = looks.load_own(override, profile)
    files = tuple(_find(workspace, name) for name in NAMES)
    for template in files:
        if template.own:
            faults = _faults(template)
            if faults:
                more = f"（共{len(faults)}处，用 template check 查看全部）" if len(faults) > 1 else ""
                raise UnusableTemplate(f"模板“{template.name}”{faults[0].place}：{faults[0].sentence()}{more}")
    return Templates(files, profile, college)


def check_templates(workspace: Workspace, file: Path | None = None) -> list[Problem]:
    """Every fault of one template file, or of all that a run in this workspace would use."""
    if file is not None:
        try:
            return _faults(Template(file.name, file.read_bytes(), own=True))
        except OSError as error:
            return [Problem(file.name, "template", f"读不出这个文件（{error.strerror}）。", "请检查路径和权限。")]
    faults = [fault for name in NAMES for fault in _faults(_find(workspace, name))]
    if workspace.templates.is_dir():
        strange = sorted(
            p.name for p in workspace.templates.glob("*.docx") if p.name not in NAMES and not p.name.startswith("~$")
        )
        faults += [
            Problem(
                name,
                "template",
                "不是程序认识的模板名。",
                f"请改成下列之一：{'、'.join(NAMES)}；或移出 templates 文件夹。",
            )
            for name in strange
        ]
    return faults


def _find(workspace: Workspace, name: str) -> Template:
    own = workspace.templates / name
    shipped = _shipped(name)
    if own.is_file():
        data = own.read_bytes()
        return Template(name, data, own=data != shipped)
    return Template(name, shipped, own=False)


def _shipped(name: str) -> bytes:
    """From the installed package, else from the clone that the package lies in."""
    package = resources.files("pipeline")
    inside = package.joinpath("templates", name)
    if inside.is_file():
        return inside.read_bytes()
    clone = Path(str(package)).parent / "templates" / name
    return clone.read_bytes()


# ---------------------------------------------------------------- check

_TAG = re.compile(r"\{[{%][a-z]*\s*(.*?)\s*[%}]\}", re.DOTALL)
_OPENERS = {"for": "endfor", "if": "endif"}
_CURLY = re.compile(r"[“”‘’]")
_EXPRESSION = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[\d+\])*")
_WORDS = {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "True", "False", "None"}


@dataclass(frozen=True, slots=True)
class _Tag:
    place: str
    kind: str  # {{ or {% or {%p …
    body: str


def _faults(template: Template) -> list[Problem]:
    """All faults of one template, in the order of its paragraphs."""
    name = template.name

    def fault(place: str, message: str, remedy: str) -> Problem:
        return Problem(name, "template", message, remedy, place)

    try:
        paragraphs = list(_paragraphs(template.data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        return [
            fault("整个文件", f"不是可用的 Word 文件（{type(error).__name__}）。", "请用 Word 或 WPS 另存为 .docx。")
        ]
    found: list[Problem] = []
    tags: list[_Tag] = []
    for place, runs in paragraphs:
        text = "".join(runs)
        found += [fault(place, message, remedy) for message, remedy in _broken(text)]
        tags += [_Tag(place, match[0][:4], match[1]) for match in _TAG.finditer(text)]
        for match in _TAG.finditer(text):
            if _CURLY.search(match[1]):
                found.append(fault(place, f"标签“{match[0]}”里用了中文引号。", "请改成英文直引号。"))
    found += [fault(tag.place, message, remedy) for tag, message, remedy in _structure(tags, FIELDS.get(name))]
    return found or [fault("整个文件", message, "请对照自带的模板改正。") for message in _trial(template)]


def _paragraphs(data: bytes) -> Iterator[tuple[str, list[str]]]:
    """Each paragraph's place and the texts of its runs, in body, headers and footers."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(io.BytesIO(data))
    roots = [("正文", document.element.body)]
    for number, section in enumerate(document.sections, 1):
        for label, story in (
            ("页眉", section.header),
            ("页脚", section.footer),
            ("偶数页页脚", section.even_page_footer),
        ):
            if not story.is_linked_to_previous:
                roots.append((f"第{number}节{label}", story._element))
    for label, root in roots:
        for number, paragraph in enumerate(root.iter(qn("w:p")), 1):
            texts = [t.text or "" for t in paragraph.iter(qn("w:t"))]
            if texts:
                yield f"{label}第{number}段", texts


def _broken(text: str) -> Iterator[tuple[str, str]]:
    """Tags that are not whole within one paragraph."""
    rest = _TAG.sub("", text)
    for opener, closer in (("{{", "}}"), ("{%", "%}")):
        if opener in rest:
            yield f"标签没有写完：“{rest[rest.index(opener) :][:24]}”。", f"请在同一段里补上“{closer}”，中间不要换行。"
        elif closer in rest:
            yield f"多了一个“{closer}”。", "请删去，或补上标签的开头。"
    if re.search(r"\{%(?:p|tr)\s", text) and len(_TAG.findall(text)) + bool(_TAG.sub("", text).strip()) > 1:
        yield "{%p %} 或 {%tr %} 标签旁边还有别的内容，填写时会一起消失。", "请让这个标签单独占一段。"
    if re.search(r"｛｛|｝｝|｛%|%｝|\{ \{|\} \}|\{ %|% \}", text):
        yield "标签的花括号是全角的，或中间有空格。", "请用英文半角的 {{ }} 或 {% %}。"


def _structure(tags: list[_Tag], fields: dict[str, str] | None) -> Iterator[tuple[_Tag, str, str]]:
    """Loops that do not close, and fields that do not exist."""
    known = _Fields(fields) if fields is not None else None
    stack: list[tuple[_Tag, str, str | None]] = []
    for tag in tags:
        words = tag.body.split()
        if not tag.kind.startswith("{%") or not words:
            if known is not None:
                yield from ((tag, m, r) for m, r in known.unknown(tag.body))
            continue
        head = words[0]
        if head in _OPENERS:
            target = None
            if head == "for":
                match = re.fullmatch(r"for\s+(\w+)\s+in\s+(.+)", tag.body)
                if match is None:
                    yield tag, f"循环写法不对：“{tag.body}”。", "请写成 for 名称 in 列表。"
                elif known is not None:
                    yield from ((tag, m, r) for m, r in known.unknown(match[2]))
                    known.enter(match[1], match[2])
                    target = match[1]
            elif known is not None:
                yield from ((tag, m, r) for m, r in known.unknown(tag.body[2:]))
            stack.append((tag, _OPENERS[head], target))
        elif head in _OPENERS.values():
            if not stack or stack[-1][1] != head:
                yield tag, f"“{head}”没有对应的开头。", "请检查循环和条件是否成对。"
            else:
                _tag, _closer, target = stack.pop()
                if known is not None and target is not None:
                    known.leave(target)
    for tag, closer, _target in stack:
        yield tag, f"“{tag.body}”没有结束。", f"请在后面补上 {closer}。"


class _Fields:
    """Which names exist where, loops counted in."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._paths = set()
        for path in fields:
            pieces = path.split(".")
            for end in range(1, len(pieces) + 1):
                self._paths.add(".".join(pieces[:end]))
        self._paths |= {path.removesuffix("[]") for path in set(self._paths)}
        self._loops: list[tuple[str, str]] = []

    def enter(self, name: str, listing: str) -> None:
        self._loops.append((name, self._resolved(listing.strip()) + "[]"))

    def leave(self, name: str) -> None:
        if self._loops and self._loops[-1][0] == name:
            self._loops.pop()

    def _resolved(self, expression: str) -> str:
        head, _, rest = re.sub(r"\[\d+\]", "[]", expression).partition(".")
        for name, path in reversed(self._loops):
            if head == name:
                head = path
                break
        return f"{head}.{rest}" if rest else head

    def unknown(self, expression: str) -> Iterator[tuple[str, str]]:
        bare = re.sub(r"'[^']*'|\"[^\"]*\"|\|\s*\w+", "", expression)
        for name in _EXPRESSION.findall(bare):
            if name.split(".")[0] in _WORDS:
                continue
            path = self._resolved(name)
            if path not in self._paths and path.removesuffix("[]") not in self._paths:
                yield f"没有“{name}”这个字段。", "请对照说明里的字段表改正。"


def _trial(template: Template) -> Iterator[str]:
    """What only filling it shows: the syntax as a whole, and whether a Word file comes out."""
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from lxml.etree import XMLSyntaxError

    from pipeline.write.render import environment

    try:
        document = DocxTemplate(io.BytesIO(template.data))
        document.render(
            _sample(FIELDS[template.name]) if template.name in FIELDS else {}, environment(), autoescape=True
        )
    except TemplateError as error:
        yield f"模板语法有错（{error.message}）。"
    except XMLSyntaxError:
        yield "填进内容后不再是完整的 Word 文件：多半是 {%p %} 或 {%tr %} 没有单独占一段或一行。"
    except TypeError as error:
        yield f"字段的用法不对（{error}）。"


def _sample(fields: Iterable[str]) -> dict[str, Any]:
    """A context with one entry for every field."""
    sample: dict[str, Any] = {}
    for path in fields:
        place: Any = sample
        pieces = path.split(".")
        for piece in pieces[:-1]:
            name = piece.removesuffix("[]")
            inner = place.setdefault(name, [{}] if piece.endswith("[]") else {})
            place = inner[0] if isinstance(inner, list) else inner
        last = pieces[-1]
        place[last.removesuffix("[]")] = ["样例"] if last.endswith("[]") else "样例"
    return sample
