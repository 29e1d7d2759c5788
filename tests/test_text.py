"""Numbers as people write them."""

import pytest

from pipeline.text import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("２４", 24), (" 12 ", 12), ("十", 10), ("十二", 12), ("二十一", 21), ("两", 2), ("两百", 200),
        ("一百零五", 105), ("一千二百三十四", 1234), ("二〇二四", 2024), ("二○二四", 2024), ("〇", 0),
    ],
)  # fmt: skip
def test_whole_numbers_in_digits_and_chinese_numerals(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "甲", "一二十", "十十", "2.5", "²", "十二次", "百千"])
def test_what_is_no_whole_number(text: str) -> None:
    assert number(text) is None
