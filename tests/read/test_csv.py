"""CSV files, as Excel, WPS and export programs write them."""

import pytest

from pipeline.model import Document, Passage
from pipeline.read import read
from pipeline.settings import load_settings

SETTINGS = load_settings()
LINES = [
    ["序号", "日期", "活动名称", "备注"],
    ["1", "2024/3/5", "主题党日，学习条例", "无"],
    ["2", "4月8日", "专题党课", ""],
]


def rows(data: bytes) -> list[Passage]:
    result = read("台账.csv", "csv", data, SETTINGS)
    assert isinstance(result, Document)
    characters = result.characters
    assert characters is not None
    assert characters.file == characters.captured + sum(characters.skipped.values())
    assert "未能读出" not in characters.skipped
    return [p for p in result.passages if p.kind == "row"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encoding_and_delimiter_are_found_by_content(encoding: str, delimiter: str) -> None:
    data = "\r\n".join(delimiter.join(line) for line in LINES).encode(encoding)
    first, second = rows(data)
    assert (first.text, first.columns) == (
        "1 | 2024/3/5 | 主题党日，学习条例 | 无",
        ("序号", "日期", "活动名称", "备注"),
    )
    assert (second.text, second.columns) == ("2 | 4月8日 | 专题党课", ("序号", "日期", "活动名称"))
    assert (first.locator.table, first.locator.row) == (1, 2)


def test_a_quoted_cell_may_hold_delimiters_and_line_ends() -> None:
    (only,) = rows('日期,主要内容\n3月5日,"第一项，学习\n第二项, 讨论"\n'.encode())
    assert only.text == "3月5日 | 第一项，学习 第二项, 讨论"


def test_a_number_that_was_kept_as_text_loses_its_wrapping() -> None:
    assert rows('序号,文号\n1,="00123"\n'.encode())[0].text == "1 | 00123"


def test_columns_on_persons_religion_are_withheld() -> None:
    (only,) = rows("姓名,宗教信仰,支部\n甲某,某教,教工支部\n".encode())
    assert only.text == "甲某 | 教工支部"


def test_a_broken_character_is_named_not_fatal() -> None:
    result = read("台账.csv", "csv", "日期,内容\n".encode("gb18030") + b"3,\x81\n4,\xb5\xb3\n", SETTINGS)
    assert isinstance(result, Document)
    assert any("编码" in note for note in result.notes)


def test_text_without_rows_is_still_read() -> None:
    result = read("x.csv", "csv", "党总支召开会议".encode(), SETTINGS)
    assert isinstance(result, Document)
    assert "党总支召开会议" in "".join(p.text for p in result.passages)
