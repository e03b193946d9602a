"""What a run with a time budget says: never plainly accepted, and what was left out."""

from __future__ import annotations

import io
from dataclasses import replace

from tests.support import reports
from worksample.grading import RunVerdict
from worksample.reports import html, junit, terminal
from worksample.reports.support.tally import by_stage, headline, state_of


def shown(*, full: bool = False) -> str:
    buffer = io.StringIO()
    terminal.show(reports.within_budget(), buffer, full=full, width=100)
    return buffer.getvalue()


def test_screen_says_what_was_asked_and_what_was_left_out() -> None:
    lines = shown().splitlines()
    assert lines[0] == "NOTHING FOUND  by this 1 check (within 60 s)"
    assert "Stages: asked in part 2; not run 1, 3, 9" in lines
    assert (
        "Left out for want of time: 2 checks (1 behaviour, 1 concurrency); a run without a budget "
        "asks all." in " ".join(lines)
    )
    assert "ACCEPTED" not in shown().upper()


def test_full_report_names_the_checks_that_were_left_out() -> None:
    text = shown(full=True)
    assert "Left out for want of time (2)" in text
    assert "stage 1: Tags are listed" in text
    assert "stage 2: Names are given once" in text


def test_other_forms_list_them_too() -> None:
    page = html.render(reports.within_budget()).decode()
    assert "Names are given once" in page
    assert "Nothing found" in page
    xml = junit.render(reports.within_budget()).decode()
    assert 'tests="3" failures="0" errors="0" skipped="2"' in xml


def test_stage_without_left_out_checks_is_done() -> None:
    report = reports.within_budget()
    whole = replace(report, left_out=report.left_out[:1])
    assert [state_of(stage).value for stage in by_stage(whole)][1] == "done"


def test_headline_of_a_failure_within_the_budget() -> None:
    failed = reports.failed(reports.check("tags"))
    report = replace(reports.within_budget(), verdict=RunVerdict.REJECTED, results=(failed,))
    assert headline(report) == "1 of 1 checks failed"
