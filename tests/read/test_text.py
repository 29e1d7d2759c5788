"""Plain text: every encoding in use, one paragraph a line, wrapped lines joined."""

import pytest

from pipeline.model import Document, Problem
from pipeline.read import read
from pipeline.settings import load_settings

SETTINGS = load_settings()
TEXT = "一、基本情况\r\n\r\n学院党总支下设五个党支部。\r\n二、工作安排\r\n三月召开党员大会。"


def opened(data: bytes) -> Document:
    document = read("记录.txt", "txt", data, SETTINGS)
    assert isinstance(document, Document)
    assert document.characters is not None
    assert document.characters.file == document.characters.captured
    return document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_paragraphs(encoding: str) -> None:
    document = opened(TEXT.encode(encoding))
    assert [(x.text, x.locator.paragraph) for x in document.passages] == [
        ("一、基本情况", 1),
        ("学院党总支下设五个党支部。", 2),
        ("二、工作安排", 3),
        ("三月召开党员大会。", 4),
    ]
    assert document.passages[3].heading == ("二、工作安排",)


def test_utf_16_with_a_mark_of_the_other_order() -> None:
    assert opened(b"\xfe\xff" + "党支部".encode("utf-16-be")).passages[0].text == "党支部"


def test_lines_that_an_editor_wrapped_are_one_paragraph() -> None:
    sentence = "学院党总支全年召开会议十二次，专题研究意识形态工作两次，听取各支部汇报并逐项督办落实到位。"
    text = sentence * 6
    wrapped = "\n".join(text[i : i + 35] for i in range(0, len(text), 35))
    document = opened(f"{wrapped}\n\n另有一段。".encode())
    assert "".join(x.text for x in document.passages[:-1]) == text
    assert {x.locator.paragraph for x in document.passages} == {1, 2}


def test_short_lines_stay_paragraphs_of_their_own() -> None:
    lines = [f"{i}月{i}日，召开支部会议。" for i in range(1, 10)]
    assert [x.text for x in opened("\n".join(lines).encode()).passages] == lines


def test_a_few_broken_bytes_do_not_lose_the_file() -> None:
    data = ("学院党总支召开会议。" * 40).encode("gb18030") + b"\xff"
    assert "召开会议" in opened(data).passages[0].text


def test_bytes_that_are_no_text_are_a_problem() -> None:
    result = read("乱.txt", "txt", bytes(range(128, 256)) * 20, SETTINGS)
    assert isinstance(result, Problem)
    assert "编码" in result.message
