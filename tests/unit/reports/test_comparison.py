"""What versions of a server cost: a table on the screen, bars with their numbers on the page."""

from __future__ import annotations

import io
import re

import pytest

from tests.support import reports
from worksample.grading import Report
from worksample.reports import html, terminal


def screen(report: Report, width: int) -> list[str]:
    buffer = io.StringIO()
    terminal.show(report, buffer, width=width)
    return buffer.getvalue().splitlines()


def test_screen_shows_a_table() -> None:
    lines = screen(reports.compared(), 100)
    head = next(line for line in lines if "slow" in line and "yours" in line)
    row = next(line for line in lines if "my orders" in line)
    assert head.split() == ["slow", "yours", "good"]
    assert row.split()[-3:] == ["34,175", "250", "6"]
    assert lines.index(head) < next(n for n, line in enumerate(lines) if "Fix this first" in line)


def test_narrow_screen_shows_lines() -> None:
    text = " ".join(" ".join(screen(reports.compared(), 40)).split())
    assert "my orders, rows that the database reads: slow 34,175, yours 250, good 6" in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_screen_with_a_comparison_has_38_lines_at_most(width: int) -> None:
    assert len(screen(reports.compared(), width)) <= 38


def test_page_shows_bars_with_a_text_alternative_and_the_numbers() -> None:
    page = html.render(reports.compared()).decode()
    assert 'aria-label="my orders, rows that the database reads: slow 34,175, yours 250' in page
    widths = [float(each) for each in re.findall(r'class="version-\d"[^>]* width="([\d.]+)"', page)]
    assert widths[:3] == pytest.approx([100.0, 0.73, 0.4], abs=0.01)
    assert '<td class="number">34,175</td>' in page


def test_report_without_a_comparison_has_no_such_section() -> None:
    assert "compared" not in html.render(reports.rejected()).decode().partition("<body>")[2]
