"""One mapper for the whole folder: learning takes seconds."""

import pytest

from pipeline.mapping import judge as judging
from pipeline.mapping.examples import load_examples, reference
from pipeline.mapping.judge import Lesson
from pipeline.mapping.mapper import Mapper
from pipeline.model import Guideline, Indicator
from pipeline.settings import load_settings

_SECONDS = {
    "2.1": "严格落实意识形态工作责任制，在教学科研管理等重大事项中，坚持正确的政治立场、政治方向、政治原则、政治道路",
    "4.5": "专职组织员配齐配强",
}


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    """The reference guideline's third level, under the second level's codes."""
    found: list[Indicator] = []
    for item in reference():
        second = item.code.partition("(")[0]
        if second not in {i.code for i in found}:
            found.append(Indicator(second, 2, second[0], _SECONDS.get(second, f"二级指标{second}")))
        found.append(Indicator(item.code, 3, second, item.text))
    return Guideline("指南", 2024, tuple(found))


@pytest.fixture(scope="session")
def lesson(guideline: Guideline) -> Lesson:
    return judging.lesson(guideline, load_examples())


@pytest.fixture(scope="session")
def mapper(guideline: Guideline, lesson: Lesson) -> Mapper:
    return Mapper(guideline, load_settings(), lesson.judge, {}, "test")
