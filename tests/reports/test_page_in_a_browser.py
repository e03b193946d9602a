"""The HTML report in a browser: its own script only, and what filters and keys do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support import reports
from tests.support.browser import CHROMIUM, Tab, open_tab
from worksample.reports import html

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
#: The first findings of the causes of a report; the second is folded below the first.
UNFOLDED = ["1 ", "3 ", "4 "]
VISIBLE = "[...document.querySelectorAll({selector!r})].filter(each => each.checkVisibility())"


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with TemporaryDirectory(prefix="browser-") as folder, open_tab(Path(folder)) as opened:
        opened.resize(1000, 900)
        yield opened


def show(tab: Tab, folder: Path, name: str, fragment: str = "") -> None:
    """Open the page of the report of this kind."""
    page = folder / "report.html"
    page.write_bytes(html.render(reports.every_kind()[name]))
    tab.open(page, fragment)


def visible(tab: Tab, selector: str) -> list[str]:
    """Return the text of the elements that `selector` finds and that are visible."""
    found = tab.evaluate(f"{VISIBLE.format(selector=selector)}.map(each => each.textContent)")
    return [" ".join(text.split()) for text in found]


def focused(tab: Tab) -> str:
    """Return the accessible name or the id of the element with the focus."""
    here = "document.activeElement"
    found: str = tab.evaluate(f"{here}.ariaLabel || {here}.id || {here}.tagName")
    return found


@pytest.mark.parametrize("name", ["rejected", "drawn", "hostile", "many"])
def test_browser_runs_only_own_script(name: str, tab: Tab, tmp_path: Path) -> None:
    tab.complaints.clear()
    show(tab, tmp_path, name, "#finding-2")
    assert tab.complaints == []
    assert tab.evaluate("document.title") == "Not yet: Conduit: a place for people who write"
    assert tab.evaluate("document.querySelectorAll('script').length") == 1
    buttons = "document.querySelectorAll('button + pre[data-copy]').length"
    assert tab.evaluate(buttons) == tab.evaluate("document.querySelectorAll('[data-copy]').length")
    assert tab.evaluate("document.querySelector('#finding-2').open")


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_narrow_window_needs_no_sideways_scrolling(name: str, tab: Tab, tmp_path: Path) -> None:
    tab.resize(320, 900)
    try:
        show(tab, tmp_path, name)
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
    finally:
        tab.resize(1000, 900)


def test_cell_of_map_filters_and_shows_all_again(tab: Tab, tmp_path: Path) -> None:
    show(tab, tmp_path, "rejected")
    cell = "document.querySelector('.map td a[data-stage=\"3\"][data-aspect=behaviour]')"
    tab.evaluate(f"{cell}.click()")
    assert visible(tab, "#shown") == ["Showing 2 of 4 findings and 4 of 11 checks."]
    assert [text[:3] for text in visible(tab, ".finding > summary")] == ["1 A", "2 T"]
    assert len(visible(tab, ".causes li")) == 1
    assert visible(tab, "h2")[2:] == [
        "Fix this first",
        "Notes",
        "Where the time went",
        "All checks",
    ]
    assert len(visible(tab, "tr[data-verdict]")) == 4
    assert tab.evaluate(f"{cell}.getAttribute('aria-current')") == "true"
    tab.evaluate(f"{cell}.click()")
    assert [text[:2] for text in visible(tab, ".finding > summary")] == UNFOLDED
    assert visible(tab, "tr[data-verdict]") == []
    assert tab.evaluate(f"{cell}.getAttribute('aria-current')") is None


def test_verdict_and_text_filter_together(tab: Tab, tmp_path: Path) -> None:
    show(tab, tmp_path, "rejected")
    choose(tab, "verdict", "blocked")
    assert visible(tab, ".finding") == []
    assert visible(tab, ".issue summary") == ["2 checks blocked by it"]
    assert len(visible(tab, "tr[data-verdict]")) == 3
    choose(tab, "text", "EDIT")
    assert [text.split(" behaviour")[0] for text in visible(tab, ".issue li")] == [
        "The author can edit",
        "Edits keep the rest",
    ]
    titles = visible(tab, "tr[data-verdict] th")
    assert titles == ["The author can edit", "Edits keep the rest"]
    choose(tab, "text", "no such words")
    assert visible(tab, "h2") == ["Stages and aspects", "Notes", "Where the time went"]
    tab.evaluate("document.querySelector('#show-all').click()")
    assert [text[:2] for text in visible(tab, ".finding > summary")] == UNFOLDED


def choose(tab: Tab, name: str, value: str) -> None:
    """Set the control of a filter, as a user does."""
    control = f"document.querySelector('[data-filter={name}]')"
    tab.evaluate(
        f"{control}.value = {value!r};"
        f"{control}.dispatchEvent(new Event('input', {{bubbles: true}}))"
    )


def test_link_to_filtered_finding_shows_it(tab: Tab, tmp_path: Path) -> None:
    show(tab, tmp_path, "rejected")
    choose(tab, "stage", "9")
    assert not [text for text in visible(tab, ".finding > summary") if text.startswith("1 ")]
    tab.evaluate(
        "new Promise(done => { addEventListener('hashchange', () => done());"
        "document.querySelector('header .next a').click(); })"
    )
    assert tab.evaluate("document.querySelector('#finding-1').checkVisibility()")
    assert tab.evaluate("document.querySelector('[data-filter=stage]').value") == ""


def test_keyboard_reaches_map_and_filters(tab: Tab, tmp_path: Path) -> None:
    show(tab, tmp_path, "rejected")
    tab.evaluate("document.querySelector('.map').parentElement.focus()")
    names: list[str] = []
    while focused(tab) != "Stage 3, behaviour: 2 failed, 2 blocked" and len(names) < 30:
        tab.press("Tab")
        names.append(focused(tab))
    tab.press("Enter")
    assert visible(tab, "#shown") == ["Showing 2 of 4 findings and 4 of 11 checks."]
    tab.evaluate("document.querySelector('[data-filter=text]').focus()")
    for letter in "tags":
        tab.press(letter)
    assert len(visible(tab, ".finding > summary")) == 1
    tab.press("Tab")
    assert focused(tab) == "show-all"
    tab.press("Enter")
    assert [text[:2] for text in visible(tab, ".finding > summary")] == UNFOLDED
