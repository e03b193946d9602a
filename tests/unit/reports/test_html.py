"""The HTML page: self-contained, escaped, accessible, in order."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.support import reports
from worksample.checks import Aspect, TimelineStep
from worksample.grading import Report
from worksample.reports import html

STYLE = Path(html.__file__).parent / "page" / "style.css"


def page(name: str) -> LexborHTMLParser:
    """Return the parsed page of the report of this kind."""
    return LexborHTMLParser(html.render(reports.every_kind()[name]).decode("utf-8"))


def first(tree: LexborHTMLParser, selector: str) -> LexborNode:
    """Return the first element that matches `selector`; fail if there is none."""
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    """Return the text of the first element that `selector` finds."""
    return " ".join(first(tree, selector).text().split())


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_page_loads_nothing_and_its_policy_forbids_it(name: str) -> None:
    tree = page(name)
    assert not tree.css("link, img, iframe, object, embed, base, form, [src], [srcset]")
    assert not [node for node in tree.css("*") if any(a.startswith("on") for a in node.attributes)]
    assert not tree.css("[style]")
    policy = first(tree, "meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        found = tree.css(kind)
        assert len(found) == 1
        assert f"{kind}-src {digest(found[0].text())}" in policy


def digest(text: str) -> str:
    """Return the CSP source expression that allows `text`."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_escapes_hostile_text() -> None:
    data = html.render(reports.hostile()).decode("utf-8")
    assert "<script>alert" not in data
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in data
    assert not {char for char in data if not char.isprintable() and char != "\n"}
    assert "{{ 7*7 }}" in data
    assert len(data) < 400_000


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_headings_are_in_order_and_ids_unique(name: str) -> None:
    tree = page(name)
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_has_landmarks_language_and_accessible_names(name: str) -> None:
    tree = page(name)
    assert first(tree, "html").attributes["lang"] == "en"
    assert [len(tree.css(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
    assert text_of(tree, "title")
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    assert all(node.attributes["aria-labelledby"] in ids for node in tree.css("section"))
    assert all(node.css_first("summary") for node in tree.css("details"))
    assert all("aria-label" in node.attributes for node in tree.css("[role=group], svg[role=img]"))


def test_starts_with_map_causes_and_issue_to_fix_first() -> None:
    tree = page("rejected")
    assert text_of(tree, "header .next") == "Fix first: POST /api/articles answers 500"
    assert [" ".join(node.text().split()) for node in tree.css("main h2")][:3] == [
        "Stages and aspects",
        "Causes (3, by the number of checks that they affect)",
        "Fix this first",
    ]


def test_open_stage_is_not_yet_accepted_and_handed_in_submission_is_rejected() -> None:
    assert text_of(page("rejected"), "h1") == "Not yet"
    final = html.render(replace(reports.rejected(), handed_in=True)).decode()
    assert text_of(LexborHTMLParser(final), "h1") == "Rejected"


def test_lead_is_open_and_speaks_in_order() -> None:
    tree = page("rejected")
    lead = first(tree, "#finding-1")
    assert "open" in lead.attributes
    assert "open" not in first(tree, "#finding-3").attributes
    text = " ".join(lead.text().split())
    text = text[text.index("G4") :]
    parts = ("Expected", "Actual", "Why it matters", "What happened", "Reproduce it", "Server log")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_marks_culprit_and_offers_curl() -> None:
    tree = page("rejected")
    culprit = text_of(tree, "#finding-1 .culprit")
    assert culprit.startswith("Failed here: Ada publishes an article POST /api/articles → 500")
    assert '"detail": "Internal Server Error"' in culprit
    assert "curl -sS" in text_of(tree, "#finding-1 pre[data-copy]")


def test_map_shows_counts_of_each_stage_and_aspect() -> None:
    tree = page("rejected")
    cells = {node.attributes["aria-label"]: node for node in tree.css(".map td a")}
    cell = cells["Stage 3, behaviour: 2 failed, 2 blocked"]
    assert " ".join(cell.text().split()) == "✗2 –2"
    assert cell.attributes["data-stage"] == "3"
    assert cell.attributes["data-aspect"] == "behaviour"
    assert "Stage 9: 2 failed, 1 blocked" in cells
    assert len(tree.css(".map tbody tr")) == len(reports.STAGES)


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_without_script_links_lead_somewhere_and_filters_are_hidden(name: str) -> None:
    tree = page(name)
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    links = [node.attributes["href"] or "" for node in tree.css("a[href]")]
    assert all(link.removeprefix("#") in ids for link in links)
    hidden = [node.attributes["id"] for node in tree.css("[hidden]")]
    assert hidden == ["filters"] * len(tree.css("#filters"))


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_everything_that_filters_hide_names_verdict_stage_and_aspect(name: str) -> None:
    tree = page(name)
    verdicts = {node.attributes["value"] for node in tree.css("[data-filter=verdict] option")}
    for node in tree.css("[data-verdict]"):
        assert node.attributes["data-verdict"] in verdicts | {"left-out"}
        assert (node.attributes["data-stage"] or "").isdigit()
        assert node.attributes["data-aspect"] in set(Aspect)


def test_causes_are_ordered_by_weight() -> None:
    tree = page("rejected")
    causes = [" ".join(node.text().split()) for node in tree.css(".causes li")]
    assert causes[0].startswith("POST /api/articles answers 500 behaviour stage 3 fix first")
    assert causes[0].endswith("2 checks fail, 2 blocked")
    assert [cause.endswith("1 check fails") for cause in causes] == [False, True, True]


def test_consequences_of_a_cause_are_folded() -> None:
    tree = page("rejected")
    folded = tree.css(".first details.same")
    summaries = [node.css_first("summary") for node in folded]
    assert [summary.text() for summary in summaries if summary] == [
        "1 more finding with the same cause",
        "2 checks blocked by it",
    ]
    assert not any("open" in node.attributes for node in folded)
    assert [node.attributes["id"] for node in folded[0].css(".finding")] == ["finding-2"]
    assert [node.text().split(" behaviour")[0] for node in folded[1].css("li")] == [
        "The author can edit",
        "Edits keep the rest",
    ]
    others = first(tree, "#blocked").parent
    assert others is not None
    assert "Passwords are hashed" in others.text()
    assert "The author can edit" not in others.text()


def test_says_first_what_could_not_be_asked_of_a_running_server() -> None:
    asked = html.render(replace(reports.rejected(), digest="")).decode()
    assert text_of(LexborHTMLParser(asked), "header .next") == (
        "Could not be asked: 1 check (1 of 2 security): this server stores nothing in the database "
        "that Worksample provides."
    )


def test_timeline_as_text_is_in_time_order() -> None:
    steps = [
        " ".join(node.text().split()) for node in page("drawn").css("#finding-1 .timeline ol > li")
    ]
    assert len(steps) == 12
    assert steps[2:5] == [
        "A: SELECT favorites_count FROM articles WHERE slug = $1",
        "B: POST /api/articles/the-sea-4f2a/favorite",
        "B: BEGIN",
    ]
    assert steps[9].startswith("A: ▶goes wrong here: UPDATE articles")
    assert steps[9].endswith("held here until B has ended")


def test_timeline_shows_waiting_actor_and_control_changes() -> None:
    lines = page("drawn").css("#finding-1 .timeline ol > li")
    assert [n for n, line in enumerate(lines) if line.css(".rail.lane-0")] == list(range(3, 9))
    assert [n for n, line in enumerate(lines) if line.css(".turn.right")] == [3]
    assert [n for n, line in enumerate(lines) if line.css(".turn.left")] == [9]


def test_long_statement_is_truncated_with_full_text_in_title() -> None:
    sql = "SELECT " + "x" * 400
    drawing = html.render(
        reports.report(
            [
                reports.failed(
                    reports.check("long"),
                    reports.finding(figures=(reports.timeline(beats=(TimelineStep(0, sql),)),)),
                )
            ]
        )
    )
    code = LexborHTMLParser(drawing.decode()).css_first(".step code")
    assert code is not None
    assert code.text().endswith("x…")
    assert code.attributes["title"] == sql


def test_growth_is_line_chart_with_table() -> None:
    tree = page("drawn")
    assert "GET /api/articles: 5 → 50 ×10" in (
        first(tree, ".growth svg").attributes["aria-label"] or ""
    )
    assert [node.text() for node in tree.css(".growth .name")] == [
        "GET /api/articles",
        "GET /api/tags",
    ]
    assert [node.text() for node in tree.css(".growth tbody tr")[0].css("th, td")] == [
        "GET /api/articles",
        "5",
        "14",
        "50",
        "×10",
    ]


def test_unreplayable_finding_names_check_command() -> None:
    tree = page("drawn")
    text = text_of(tree, "#finding-1")
    assert "worksample check --only favourites-of-two-both-count --seed 42" in text
    assert "worksample replay" not in text
    assert not tree.css("#finding-1 pre[data-copy]")


def test_failed_build_shows_command_environment_and_last_output() -> None:
    tree = page("build_failed")
    problem = text_of(tree, "section")
    for part in ("djagno", "pip install -r requirements.txt", "PORT=41234", "No matching"):
        assert part in problem


def test_backticks_become_escaped_code() -> None:
    assert html.inline_code("set `a<b`, not `") == "set <code>a&lt;b</code>, not `"


def test_large_page_has_a_limit_and_says_what_it_leaves_out() -> None:
    size, tree = sized(unrelated(300))
    assert 800_000 < size <= html.LIMIT
    assert len(tree.css(".finding")) == 300
    assert text_of(tree, "#finding-1 h4") == "What happened"
    assert "1 request is not shown, to keep this page small: worksample report --check" in text_of(
        tree, "#finding-300"
    )
    assert text_of(tree, ".causes + .group summary") == (
        "290 more causes, at most 1 check each (the last 100 are not in this list)"
    )


def test_page_of_any_run_is_limited() -> None:
    text = reports.HOSTILE * 30
    size, tree = sized(unrelated(800, expected=text, actual=text, because=text, log=text))
    assert size <= html.LIMIT
    left_out = first(tree, "#then").parent
    assert left_out is not None
    told = r"[\d,]+ more causes had no room on this page: worksample report --all shows them"
    assert re.search(told, " ".join(left_out.text().split()))
    assert text_of(tree, "#finding-1 h4") == "What happened"


def test_page_says_how_many_findings_of_a_cause_it_leaves_out() -> None:
    same = [reports.failed(reports.check(f"same-{n}")) for n in range(3000)]
    size, tree = sized(reports.report(same))
    assert size <= html.LIMIT
    shown = len(tree.css(".finding"))
    assert 100 < shown < 3000
    assert text_of(tree, ".same > .quiet").startswith(f"{3000 - shown} more of them had no room")


def unrelated(number: int, **words: object) -> Report:
    """Return a report with `number` failures of as many causes; `words` are of each finding."""
    return reports.report(
        [
            reports.failed(
                reports.check(f"number-{n}"),
                reports.finding(error=f"app.py:{n}: KeyError: {n}", **words),
            )
            for n in range(number)
        ]
    )


def sized(report: Report) -> tuple[int, LexborHTMLParser]:
    """Return the size of the page of `report` in bytes, and the page."""
    data = html.render(report)
    return len(data), LexborHTMLParser(data.decode("utf-8"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_meets_wcag(scheme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    colours = palette(scheme)
    for ink, paper in (
        *((ink, paper) for ink in ("ink", "quiet") for paper in ("page", "card", "code")),
        *(("ink", f"{name}-soft") for name in ("good", "bad", "mind")),
        *((name, f"{name}-soft") for name in ("good", "bad", "mind")),
        *((name, "card") for name in ("good", "bad", "mind", "link")),
        ("bad", "mind-soft"),
        ("quiet", "mind-soft"),
        *((ink, f"lane-{n}-soft") for ink in ("ink", "quiet") for n in range(4)),
        *((f"lane-{n}", "card") for n in range(4)),
    ):
        assert contrast(colours[ink], colours[paper]) >= 4.5, f"{ink} on {paper}"


def palette(scheme: str) -> dict[str, str]:
    """Return the colours of the style sheet by name."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    return (
        found if scheme == "light" else {**found, **dict(re.findall(r"--([\w-]+): (#\w+);", dark))}
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
