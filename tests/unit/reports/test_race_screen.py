"""The second screen of the demo: a race, statement by statement, and what to type next."""

from __future__ import annotations

import io

import pytest

from tests.support import reports
from worksample.grading import Report
from worksample.reports.text.page import page_for
from worksample.reports.text.race_screen import race_of, show_race

COMMANDS = [("worksample check --only x mine", "this race alone"), ("worksample check", "all")]


def screen(report: Report, width: int = 100) -> list[str]:
    buffer = io.StringIO()
    show_race(page_for(buffer, width), report, COMMANDS)
    return buffer.getvalue().splitlines()


def test_shows_both_requests_and_ends_with_the_commands() -> None:
    report = reports.drawn()
    race = race_of(report)
    assert race is not None
    lines = screen(report)
    assert any(line.startswith("A race, statement by statement") for line in lines)
    assert any(race.result.check.title in line for line in lines)
    assert lines[-2:] == [f"  {command}  {what}" for command, what in COMMANDS]
    assert len(lines) <= 38
    assert len(screen(report, 40)) <= 38


def test_says_that_there_is_no_race() -> None:
    assert race_of(reports.rejected()) is None
    lines = screen(reports.rejected())
    assert lines[0] == "This run found no race."
    assert lines[-1] == "  worksample check  all"


@pytest.mark.parametrize("width", [80, 100])
def test_keeps_the_marked_statement_of_a_long_race(width: int) -> None:
    lines = screen(reports.hostile(), width)
    assert len(lines) <= 38
    assert any("▶" in line for line in lines)
