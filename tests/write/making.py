"""A small guideline and hand-made dossiers for the tests of the writers."""

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from pipeline import write
from pipeline.model import (
    Alternative,
    Characters,
    DepartmentInfo,
    DepartmentScore,
    Dossier,
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
from pipeline.review.numbers import assign_numbers
from pipeline.scoring.rubric import Rubric, default_rubric
from pipeline.settings import Settings, load_settings
from pipeline.workspace import Workspace
from pipeline.write.compose import compose
from pipeline.write.summary import summary_document

UNIT = "园林工程学院党总支"
STUDY = Requirement("2.1(1)#1", "frequency", "year", 2.0, "次", "每年至少专题研究2次网络安全工作")
GUIDELINE = Guideline(
    title="2024年党建工作重点任务指南",
    year=2024,
    indicators=(
        Indicator("1", 1, None, "组织领导到位"),
        Indicator("1.1", 2, "1", "党的决定有效贯彻执行，保证监督作用充分发挥"),
        Indicator("1.1(1)", 3, "1.1", "对照示范文本，及时传达部署上级党组织决议，逐项抓好落实。"),
        Indicator("1.1(2)", 3, "1.1", "班子成员工作职责明晰，分工合作。"),
        Indicator("2", 1, None, "阵地管理到位"),
        Indicator("2.1", 2, "2", "严格落实网络安全责任制"),
        Indicator("2.1(1)", 3, "2.1", "每年至少专题研究2次网络安全工作。", requirements=(STUDY,)),
    ),
    path="inputs/guideline/指南.docx",
)
SETTINGS: Settings = load_settings()
RUBRIC: Rubric = default_rubric(GUIDELINE)


def edition(final: bool = False, year: int = 2024) -> Edition:
    return Edition(year, "1.0", "abcdef123456", "2024-12-31", GUIDELINE, final)


def evidence(number: int, text: str, code: str | None = "1.1(1)", role: str = "done", **more: Any) -> Evidence:
    """One passage; `more` overrides single fields."""
    made = Evidence(
        id=f"E{number:011x}",
        department=UNIT,
        source=f"inputs/submissions/{UNIT}/总结{number % 3}.docx",
        locator=Locator(paragraph=number + 1),
        text=text,
        columns=None,
        heading=(),
        role=role,  # type: ignore[arg-type]  # the tests write roles as plain words
        code=code,
        also=(),
        number=None,
        confidence=0.95,
        status="accepted",
        method="model",
        dates=(),
    )
    return replace(made, **more)


def doubtful(number: int, text: str, code: str | None = "1.1(2)") -> Evidence:
    others = (Alternative(code, 0.6), Alternative("2.1(1)", 0.3))
    return evidence(number, text, code, status="review", confidence=0.6, alternatives=others, why=("两个指标都像。",))


def dossier(items: Iterable[Evidence] = (), verdicts: Iterable[Verdict] = (), name: str = UNIT, **more: Any) -> Dossier:
    """A department with these passages, and these verdicts under 2.1(1)."""
    numbered = assign_numbers(tuple(items), ())
    scores = tuple(
        IndicatorScore(
            third.code,
            RUBRIC.points[third.code],
            None,
            None,
            None,
            evidence=tuple(e.id for e in numbered if e.code == third.code and e.status == "accepted"),
            requirements=tuple(verdicts) if third.code == "2.1(1)" else (),
        )
        for third in GUIDELINE.thirds()
    )
    paths = sorted({e.source for e in numbered})
    files = tuple(FileEntry(path, name, "0" * 64, 9, "docx", "read", None, 1, Characters(30, 30)) for path in paths)
    score = DepartmentScore(name, 0.0, 100.0, None, scores)
    made = Dossier(DepartmentInfo(name), files, numbered, Facts(), score)
    return replace(made, **more)


def templates(folder: Path | None = None) -> write.Templates:
    return write.open_templates(Workspace(folder or Path("/nonexistent")))


def documents(made: Dossier, final: bool = False, using: write.Templates | None = None) -> dict[str, bytes]:
    """A department's Word documents by name."""
    made_files = write.department_documents(made, edition(final), RUBRIC, SETTINGS, using or templates())
    return {name: data for name, data in made_files if name.endswith(".docx")}


def summary(made: Dossier, final: bool = False, using: write.Templates | None = None) -> bytes:
    told = compose(made, edition(final), SETTINGS.writing)
    return summary_document(told, made, edition(final), RUBRIC, using or templates())


def lines(data: bytes) -> list[str]:
    """All paragraphs of a document's body, tables and controls with them."""
    body = Document(io.BytesIO(data)).element.body
    texts = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [text for text in texts if text.strip()]


def section(data: bytes, title: str) -> list[str]:
    """The paragraphs between the heading that ends with `title` and the next first-level heading."""
    found: list[str] = []
    inside = False
    for paragraph in Document(io.BytesIO(data)).paragraphs:
        if paragraph.style is not None and paragraph.style.name == "公文一级标题":
            inside = paragraph.text.endswith(title)
        elif inside and paragraph.text.strip():
            found.append(paragraph.text)
        if paragraph.text.startswith("附件：") or paragraph.style.name == "公文附件标号":
            inside = False
    return found
