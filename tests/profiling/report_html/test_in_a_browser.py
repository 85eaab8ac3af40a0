"""The pages in a real browser: nothing runs, nothing is loaded, all of it works by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ai_data_engineer.profiling.drift import compare
from ai_data_engineer.profiling.profile import ProfileWarning
from ai_data_engineer.profiling.report_html import drift_page, profile_page
from tests.profiling.report_html.pages import HOSTILE, hostile_rows, profiled

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ORDERS = pl.DataFrame(
    {
        "order_id": [str(i) for i in range(40)],
        "amount": [f"{i % 7}.50" for i in range(40)],
        "email": [f"person{i}@example.org" for i in range(40)],
        "placed": [f"2024-01-{1 + i % 28:02}" for i in range(40)],
        "same": ["x"] * 40,
    }
)
SENTINEL = ProfileWarning(code="W_SENTINEL", message="One is far away.", column="amount")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path is not None, "no chromium here; `make test-browser` installs it"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def show(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a page, and see afterwards that it asked for nothing and broke nothing."""
    asked: list[str] = []
    said: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900})

    def opened(html: str, fragment: str = "", **size: int) -> Any:
        file = tmp_path / "report.html"
        file.write_text(html, encoding="utf-8")
        page = context.new_page()
        if size:
            page.set_viewport_size({"height": 800, **size})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
        page.goto(file.as_uri() + fragment)
        return page

    yield opened
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:,"))] == []
    assert said == []


def names(page: Any) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("#list h3").all_text_contents()]


def test_names_and_values_that_are_code_do_nothing(show: Callable[..., Any]) -> None:
    page = show(profile_page(profiled(hostile_rows())))
    page.click("#open")

    assert names(page)[:4] == list(HOSTILE[:4])
    assert page.locator("#list details[open].c").count() == len(HOSTILE)
    assert page.evaluate("window.pwned") is None
    for element in page.locator("#c2 *").all()[:40]:
        element.dispatch_event("mouseover")
    assert page.evaluate("window.pwned") is None


def test_the_policy_stops_a_script_that_got_in(chromium: Any, tmp_path: Path) -> None:
    html = profile_page(profiled(ORDERS))
    file = tmp_path / "report.html"
    file.write_text(html.replace("<main>", "<main><script>window.pwned = 1</script>"))
    page = chromium.new_page()
    page.goto(file.as_uri())
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.getElementById('tools').hidden") is False  # ours ran
    page.close()


def test_columns_are_found_by_name_meaning_type_and_warning(show: Callable[..., Any]) -> None:
    page = show(profile_page(profiled(ORDERS, [SENTINEL])))

    page.fill("#find", "AMOU")
    page.wait_for_selector("#status:text-is('1 of 5 columns')")
    assert names(page) == ["amount"]
    page.fill("#find", "personal")
    page.wait_for_selector("#list h3:first-child:text-is('email')")
    page.click("#clear")
    assert len(names(page)) == 5
    page.select_option("#type", "date")
    assert names(page) == ["placed"]
    page.click("#clear")
    page.click("[data-flag=p]")
    assert names(page) == ["email"]
    page.click("[data-flag=c]")
    assert names(page) == []
    assert page.is_visible("#nothing")


def test_columns_are_sorted_and_come_back_in_order(show: Callable[..., Any]) -> None:
    page = show(profile_page(profiled(ORDERS)))

    page.click("#heads [data-sort=name]")
    assert names(page) == ["amount", "email", "order_id", "placed", "same"]
    assert page.get_attribute("#heads [data-sort=name]", "aria-pressed") == "true"
    page.select_option("#sort", "d")
    assert names(page)[-1] == "same"
    page.select_option("#sort", "")
    assert names(page) == ORDERS.columns


def test_a_link_opens_its_column_even_where_a_filter_hides_it(show: Callable[..., Any]) -> None:
    page = show(profile_page(profiled(ORDERS, [SENTINEL])), "#c3")
    assert page.get_attribute("#c3", "open") is not None

    page.select_option("#type", "date")
    page.click("#warnings a[href='#c1']")
    page.wait_for_selector("#c1[open]")
    assert page.evaluate("document.activeElement.parentElement.id") == "c1"


def test_all_of_it_works_by_keyboard(show: Callable[..., Any]) -> None:
    page = show(profile_page(profiled(ORDERS, [SENTINEL])))
    press = page.keyboard.press

    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press("Enter")
    press("Tab")
    assert page.evaluate("document.activeElement.id") == "find"
    for _ in range(40):
        if page.evaluate("document.activeElement.parentElement.id") == "c0":
            break
        press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
    press("ArrowDown")
    press("Enter")
    assert page.evaluate("document.activeElement.parentElement.id") == "c1"
    assert page.get_attribute("#c1", "open") is not None
    press("End")
    assert page.evaluate("document.activeElement.parentElement.id") == "c4"
    press("Home")
    press("Space")
    assert page.get_attribute("#c0", "open") is not None


def test_a_wide_page_unpacks_what_is_opened_and_shows_more_on_demand(
    show: Callable[..., Any],
) -> None:
    rows = pl.DataFrame({f"figure {i}": [str(i), str(i + 1), "7"] for i in range(1000)})
    page = show(profile_page(profiled(rows)))

    assert len(names(page)) == 300
    page.click("#more button")
    assert len(names(page)) == 600
    assert page.evaluate("document.activeElement.parentElement.id") == "c300"
    page.fill("#find", "figure 987")
    page.wait_for_selector("#status:text-is('1 of 1,000 columns')")
    page.click("#c987 > summary")
    page.wait_for_selector("#c987 .facts")
    assert "figure_987" in page.inner_text("#c987 .facts")
    page.evaluate("location.hash = '#c950'")
    page.wait_for_selector("#c950[open] .facts")
    assert "figure_950" in page.inner_text("#c950 .facts")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(show: Callable[..., Any], width: int) -> None:
    before, after = profiled(ORDERS, [SENTINEL]), profiled(hostile_rows())
    drift = drift_page(before, after, compare(before, after))
    for html in (profile_page(after), profile_page(before), drift):
        page = show(html, width=width)
        page.click("#open")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_everything_can_be_read(chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(profile_page(profiled(ORDERS)), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert len(names(page)) == 5
    page.click("#c1 > summary")
    assert page.is_visible("#c1 .histogram")
    assert not page.is_visible("#tools")
    context.close()
