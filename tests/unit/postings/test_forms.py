"""Every output format is complete and escapes the text of the ad."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest

from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.forms import html, ical, markdown
from worksample.postings.forms.highlights import highlighted_pieces, replace_control_chars
from worksample.postings.forms.terminal import Terminal
from worksample.postings.model import Posting, Source
from worksample.postings.offers import Offer
from worksample.postings.parser import parse_posting
from worksample.postings.planner import Plan, plan_for

AD = """# Backend Engineer <script>alert(1)</script> *x* y

## Requirements
- At least 2 years of Python or Go, and REST APIs
- A degree in computer science
- Teamwork

## Nice to have
- Kafka \x1b[31mred\x1b[0m

We use PostgreSQL.
"""
OFFER = Offer("feed", "A feed", "build", "python-fastapi", 40, frozenset(("python", "rest")))


@pytest.fixture
def posting() -> Posting:
    return parse_posting(Source("ad.md", AD))


@pytest.fixture
def plan(posting: Posting) -> Plan:
    return plan_for(posting, [OFFER])


def terminal_output(posting: Posting, plan: Plan) -> str:
    out = io.StringIO()
    terminal = Terminal(out, width=100)
    terminal.header(posting)
    terminal.ad(posting)
    terminal.requirements(posting)
    terminal.plan(plan)
    return out.getvalue()


def test_pieces_cover_whole_ad(posting: Posting) -> None:
    assert "".join(piece.text for piece in highlighted_pieces(posting)) == replace_control_chars(AD)


def test_piped_output_has_text_marks_and_no_escape_sequences(posting: Posting, plan: Plan) -> None:
    text = terminal_output(posting, plan)
    assert "\x1b" not in text
    for words in ("[[Python]]", "[[Go]]", "[Kafka]", "{PostgreSQL}", "Python or Go"):
        assert words in text
    assert "at least 2 years of experience" in text
    assert "worksample start feed --stack python-fastapi" in text
    assert "Teamwork & collaboration: no step of this plan exercises it" in text


def test_page_is_self_contained_and_escaped(posting: Posting, plan: Plan) -> None:
    page = html.render([(posting, plan)])
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.findall(r"(?:src|href)=\"(?!#)", page)
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page
    assert 'lang="en"' in page


def test_every_highlight_links_to_its_row(posting: Posting, plan: Plan) -> None:
    page = html.render([(posting, plan)])
    ids = re.findall(r"\bid=\"([^\"]+)\"", page)
    assert len(ids) == len(set(ids))
    sure = {f"ad1-{r.skill}" for r in posting.sure}
    assert sure <= set(ids)
    assert sure <= set(re.findall(r"href=\"#([^\"]+)\"", page))


def test_statistics_page_has_bar_per_skill(posting: Posting, plan: Plan) -> None:
    counted = AdStatistics()
    counted.add(posting)
    page = html.render([(posting, plan)], (counted, plan))
    assert "Requirements of 1 backend ads" in page
    assert page.count('class="bar"') == len(counted.rows())


def test_markdown_escapes_text_of_ad(posting: Posting, plan: Plan) -> None:
    text = markdown.render(posting, plan)
    assert text.startswith(
        "# Plan for Backend Engineer \\<script\\>alert(1)\\</script\\> \\*x\\* y\n"
    )
    assert "- [ ] **build** A feed in python-fastapi (40 h)" in text
    assert "  - [ ] Python or Go (required)" in text
    assert "- Apache Kafka (optional)" in text


def test_calendar_conforms_to_rfc_5545(plan: Plan) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    text = ical.render(plan, begin=date(2026, 3, 2), hours_a_week=10, now=now)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20260302" in lines
    assert "DTEND;VALUE=DATE:20260330" in lines
    assert "DTSTAMP:20260102T030405Z" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:A feed: build (40 h)" in unfolded
    assert "DESCRIPTION:It covers 2 of 2 required skills: Python or Go\\, REST APIs" in unfolded
