"""index.html in a real browser: it opens at once, asks for nothing, shows every figure's evidence, and runs no text."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipeline.model import Decision, DepartmentInfo, Dossier, Problem
from pipeline.write.webpage import page as write_page
from tests.write.sheet_samples import DUPLICATES, NAMES, college, dossier, edition, rubric, summary

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def html(dossiers: tuple[Dossier, ...]) -> str:
    return "".join(write_page([summary(d) for d in dossiers], iter(dossiers), DUPLICATES, edition(), rubric()))


def many(count: int, passages: int) -> tuple[Dossier, ...]:
    """Departments with as many passages as a real one sends, each of 150 characters."""
    one = dossier(texts=tuple(f"第{n}段，" + "开展主题党日活动并形成记录。" * 11 for n in range(passages)))
    return tuple(
        replace(
            one,
            info=DepartmentInfo(f"第{n:03d}学院党总支"),
            score=replace(one.score, name=f"第{n:03d}学院党总支"),
            evidence=tuple(replace(e, department=f"第{n:03d}学院党总支") for e in one.evidence),
        )
        for n in range(count)
    )


# ---------------------------------------------------------------- the bytes


def test_the_same_run_gives_the_same_page() -> None:
    assert html(college()) == html(college())


def test_no_text_of_a_department_becomes_markup() -> None:
    made = html(college())
    assert "<img" not in made and "alert(" in made
    assert made.count("<script") == made.count("</script>") == len(college()) + 2


def test_the_page_may_fetch_nothing_and_run_only_its_own_script() -> None:
    made = html(college())
    policy = made[made.index("default-src") :].split('"')[0]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not any(word in made for word in ("@import", "url(", "<link", "<iframe", "<object"))


def test_a_thousand_departments_stay_within_the_room_for_passages() -> None:
    one = dossier(texts=tuple("开展主题党日活动。" * 60 for _ in range(200)))
    pieces = write_page([summary(one)] * 1000, (one for _ in range(1000)), (), edition(), rubric())
    assert sum(len(piece) for piece in pieces) < 60_000_000


def test_decisions_that_were_not_carried_out_are_shown_with_the_remedy() -> None:
    gone = Decision("审-007", "code", NAMES[0], "", "已经不在材料里的一段话", "2.1(1)", who="张老师")
    row = Problem("inputs/decisions.xlsx", "review", "类型“改归”不在已知的类型里。", "请改正这一行。", "第9行")
    summaries = [replace(summary(college()[0]), stale=(gone,)), *map(summary, college()[1:])]
    shown = replace(edition(), unheeded=(row,))
    made = "".join(write_page(summaries, iter(college()), (), shown, rubric()))
    section = made[made.index('id="unheeded"') :]
    for words in ("审-007", "已经不在材料里的一段话", "张老师", "第9行", "请改正这一行。", "共2项", "改写或删去这一行"):
        assert words in section
    assert 'href="#unheeded"' in made
    assert "未执行的决定" not in html(college())


# ---------------------------------------------------------------- in the browser

pytestmark = pytest.mark.filterwarnings("default")  # playwright's own


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class Opened:
    """The page in a tab, with everything that went wrong or was asked for."""

    def __init__(self, tab: Page, address: str):
        self.tab = tab
        self.faults: list[str] = []
        self.requests: list[str] = []
        tab.on("console", lambda message: self.faults.append(message.text))
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on("dialog", lambda dialog: self.faults.append(dialog.message))
        tab.goto(address)

    def panel(self) -> str:
        expect(self.tab.locator("#panel")).to_be_visible()
        return self.tab.locator("#panel").inner_text()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("outputs") / "index.html"
    path.write_text(html(college()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    made = Opened(context.new_page(), address)
    yield made
    assert made.faults == []
    assert made.requests == [address]
    context.close()


@pytest.mark.browser
def test_a_cell_of_the_heat_map_opens_points_reasons_and_evidence_with_place(opened: Opened) -> None:
    opened.tab.locator("table.heat tbody tr").first.locator("td").nth(3).click()
    text = opened.panel()
    assert NAMES[0] in text and "2.1(1)" in text
    assert "缺下半年一次。" in text and "未达标" in text
    assert "3月12日专题研究意识形态工作。" in text
    assert "2-1-1-11" in text and "台账/记录11.docx" in text and "第11段" in text


@pytest.mark.browser
def test_a_requirement_opens_its_verdict_dates_and_evidence(opened: Opened) -> None:
    opened.tab.locator("table.asked tbody tr").first.locator("td").first.click()
    text = opened.panel()
    assert "缺下半年" in text and "2024-03-12" in text and "3月12日专题研究意识形态工作。" in text


@pytest.mark.browser
@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("list:present", "未报送"),
        ("list:files", NAMES[0]),
        ("list:accepted", NAMES[1]),
        ("list:unmet", "每年至少专题研究2次意识形态工作"),
        ("list:unknown", "每学期讲党课"),
        ("department:0", "传达不及时一次，扣3分。"),
        ("scores:1", "无法核实。"),
        ("files:0", "文件不完整：请重新导出后再报送。"),
        ("passages:0:review", "这一段说不准归哪一项。"),
        ("verdicts:0:unmet", "缺下半年"),
        ("column:1.1(2)", "92%"),
        ("requirement:0", "未达标"),
        ("conflict:0:0", "记录只有1次"),
    ],
)
def test_every_figure_opens_what_is_behind_it(opened: Opened, figure: str, expected: str) -> None:
    opened.tab.locator(f'[data-open="{figure}"]:visible').first.click()
    assert expected in opened.panel()


@pytest.mark.browser
def test_what_to_review_first_is_the_weightiest_and_opens(opened: Opened) -> None:
    first = opened.tab.locator("#review .todo button").first
    assert "这一段说不准归哪一项。" in first.inner_text()
    first.click()
    assert "第二可能：1.1(1)（30%）" in opened.panel()


@pytest.mark.browser
def test_the_panel_leads_on_and_back_and_closes_with_escape(opened: Opened) -> None:
    opened.tab.locator('table.list [data-open="department:0"]').click()
    opened.tab.locator('#panel [data-open="cell:0:1.1(1)"]').click()
    assert "坚持以党的政治建设为统领" in opened.panel()
    opened.tab.locator("#back").click()
    expect(opened.tab.locator("#panel-title")).to_have_text(NAMES[0])
    opened.tab.keyboard.press("Escape")
    expect(opened.tab.locator("#panel")).to_be_hidden()


@pytest.mark.browser
def test_filters_leave_the_departments_asked_for(opened: Opened) -> None:
    rows = opened.tab.locator("table.heat tbody tr:visible")
    assert rows.count() == 3
    opened.tab.locator('[data-filter="missing"]').click()
    assert rows.count() == 1
    assert NAMES[2] in rows.inner_text()
    expect(opened.tab.locator("#shown")).to_have_text("显示1个单位")
    opened.tab.locator('[data-filter=""]').click()
    assert rows.count() == 3


@pytest.mark.browser
def test_search_finds_departments_by_name_and_passages_by_their_words(opened: Opened) -> None:
    opened.tab.keyboard.press("/")
    opened.tab.keyboard.type("体育教学部")
    expect(opened.tab.locator("table.heat tbody tr:visible")).to_have_count(1)
    opened.tab.locator("#search").fill("说不准")
    expect(opened.tab.locator("#hit-list li")).to_have_count(2)
    expect(opened.tab.locator("#hit-list mark").first).to_have_text("说不准")
    opened.tab.locator("#hit-list button").first.click()
    assert "记录20.docx" in opened.panel()


@pytest.mark.browser
def test_the_tables_are_walked_with_the_arrow_keys(opened: Opened) -> None:
    opened.tab.locator("table.heat tbody td").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        opened.tab.keyboard.press(key)
    text = opened.panel()
    assert NAMES[1] in text and "1.1(2)" in text


@pytest.mark.browser
def test_departments_are_sorted_by_a_column_head(opened: Opened) -> None:
    opened.tab.locator('[data-sort="total"]').click()
    opened.tab.locator('[data-sort="total"]').click()
    assert NAMES[2] in opened.tab.locator("table.list tbody tr").first.inner_text()


@pytest.mark.browser
def test_hostile_text_is_shown_as_text(opened: Opened) -> None:
    opened.tab.locator('table.list [data-open="passages:1:accepted"]').click()
    text = opened.panel()
    assert '<script>alert("坏")</script></script><img src=x onerror=alert(1)> {{ 7*7 }}' in text
    assert opened.tab.locator("#panel img").count() == 0


@pytest.mark.browser
def test_light_and_dark_follow_the_system_and_the_button(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    made = Opened(context.new_page(), address)
    expect(made.tab.locator("html")).to_have_attribute("data-theme", "dark")
    made.tab.locator("#theme").click()
    expect(made.tab.locator("html")).to_have_attribute("data-theme", "light")
    assert made.faults == []
    context.close()


@pytest.mark.browser
def test_on_a_phone_nothing_but_the_tables_scrolls_sideways(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    made = Opened(context.new_page(), address)
    assert made.tab.evaluate("document.documentElement.scrollWidth") <= 360
    made.tab.locator("table.heat tbody td").nth(1).click()
    assert made.tab.locator("#panel").bounding_box()["width"] <= 360  # type: ignore[index]  # it is visible
    context.close()


@pytest.mark.browser
def test_printed_it_shows_the_tables_and_not_the_controls(opened: Opened) -> None:
    opened.tab.emulate_media(media="print")
    assert not opened.tab.locator("#search").is_visible()
    assert opened.tab.locator("table.heat").is_visible()


@pytest.mark.browser
def test_a_hundred_departments_open_within_a_second(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(html(many(100, 300)), encoding="utf-8")
    times = []
    for _ in range(3):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        tab = context.new_page()
        tab.goto(path.as_uri())
        assert tab.locator("html").get_attribute("data-ready") == "1"
        times.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        context.close()
    assert min(times) < 1000


@pytest.mark.browser
def test_more_departments_than_fit_are_folded_away_until_asked_for(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(html(many(130, 2)), encoding="utf-8")
    context = browser.new_context()
    made = Opened(context.new_page(), path.as_uri())
    rows = made.tab.locator("table.heat tbody tr:visible")
    assert rows.count() == 120
    made.tab.locator("#search").fill("第125学院")
    expect(rows).to_have_count(1)
    made.tab.locator("#search").fill("")
    expect(rows).to_have_count(120)
    made.tab.locator('#heat [data-expand="rows"]').click()
    expect(rows).to_have_count(130)
    assert made.faults == []
    context.close()
