"""What holds for any text: of comparing words, of dates and numerals, of places."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.facts import find_dates
from pipeline.model import Locator
from pipeline.text import fold, normal, unspace
from pipeline.verify.ground import comparable, differences, ground
from pipeline.write.places import places

WORDS = st.text(
    st.sampled_from("党总支专题研究意识形态工作一二三十0123456789.、，-%年月日次人〇AaＡ３"), min_size=1, max_size=40
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=4).map("，".join).map(lambda text: f"开头{text}结尾。")


@given(SENTENCE, SENTENCE, SENTENCE)
def test_a_whole_sentence_stands_where_it_was_taken_from(before: str, text: str, after: str) -> None:
    assert ground(before + text + after).holds(text)
    assert ground(before + text + after).holds(text.replace("党", " 党 ").replace("，", ","))
    assert ground(before + text + after).holds_beginning(text[: len(text) // 2 + 1])


@given(SENTENCE, st.integers(0, 200), st.sampled_from("党支一9七"))
def test_one_character_changed_is_seen(text: str, place: int, other: str) -> None:
    at = [i for i, c in enumerate(text) if c.isalnum()]
    place = at[place % len(at)]
    altered = text[:place] + other + text[place + 1 :]
    if comparable(altered) != comparable(text):
        assert not ground(text).holds(altered)
        assert differences(altered, text)


@given(st.text(max_size=80))
def test_the_comparable_form_depends_on_no_width_space_or_mark(text: str) -> None:
    form = comparable(text)
    assert comparable(text.upper()) == comparable(text.upper().lower()) or not text.isascii()
    assert "，" not in form
    assert " " not in form
    assert comparable(f"（{text}）") == form


@given(st.text(max_size=120), st.integers(2000, 2100))
def test_dates_found_in_any_text_are_dates(text: str, year: int) -> None:
    for date in find_dates(text, year):
        assert re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", date.iso)


@given(st.text(max_size=80))
def test_folding_is_done_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert unspace(unspace(text)) == unspace(text)
    assert normal(normal(text)) == normal(text)


LOCATORS = st.one_of(
    st.builds(Locator, page=st.integers(1, 999)),
    st.builds(Locator, paragraph=st.integers(1, 999)),
    st.builds(Locator, table=st.integers(1, 99), row=st.integers(1, 999)),
    st.builds(Locator, sheet=st.text(min_size=1, max_size=31), row=st.integers(1, 999)),
)


@given(LOCATORS)
def test_every_place_is_said_with_its_numbers_and_in_one_line(locator: Locator) -> None:
    numbers = [n for n in (locator.page, locator.paragraph, locator.table, locator.row) if n is not None]
    for said in (locator.chinese(), places([locator])):
        found = [int(n) for n in re.findall(r"(?:第|表)(\d+)", said.rpartition("”")[2])]
        assert found == numbers
    assert {key: value for key, value in locator.as_json().items() if value is None} == {}
