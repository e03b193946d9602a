"""What changed between two runs."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.errors import UserError
from worksample.grading import Report
from worksample.reports.support.changes import Change, ChangeKind, changes
from worksample.reports.text.changes import show_changed_verdicts
from worksample.reports.text.page import page_for

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


def run(**verdicts: Verdict) -> Report:
    """Return a report with a check for each name; its stage is the length of the name."""
    checks = {name: reports.check(name, stage=len(name)) for name in verdicts}
    return reports.report([CheckResult(checks[name], verdicts[name]) for name in verdicts])


BEFORE = run(aaa=FAIL, bb=FAIL, c=PASS, d=FAIL, e=BLOCKED, f=PASS, g=PASS, h=BLOCKED, z=FAIL)
AFTER = run(aaa=PASS, bb=PASS, c=FAIL, d=FAIL, e=PASS, f=PASS, h=FAIL, i=FAIL, z=BLOCKED)


def names(found: tuple[Change, ...]) -> list[str]:
    return [change.check.id for change in found]


def shown(before: Report, after: Report) -> list[str]:
    file = io.StringIO()
    show_changed_verdicts(page_for(file, 80), before, after)
    return file.getvalue().splitlines()


def test_sorts_checks_by_how_they_changed() -> None:
    found = changes(BEFORE, AFTER)
    assert {kind: names(each) for kind, each in found.by_kind().items()} == {
        ChangeKind.MENDED: ["bb", "aaa"],
        ChangeKind.NEW: ["c", "h"],
        ChangeKind.STILL_FAILING: ["d"],
        ChangeKind.OTHER: ["e", "z"],
        ChangeKind.ONLY_BEFORE: ["g"],
        ChangeKind.ONLY_AFTER: ["i"],
    }
    assert found.summary == "2 mended, 2 new"


def test_same_run_has_no_changes() -> None:
    found = changes(AFTER, AFTER)
    assert not found.differing
    assert found.summary == ""
    assert names(found.still_failing) == ["c", "d", "h", "i"]


def test_refuses_runs_of_two_challenges() -> None:
    other = replace(AFTER, challenge="booking", run="20261124-000000-aaaa")
    with pytest.raises(UserError, match="is of the challenge conduit"):
        changes(BEFORE, other)
    assert shown(BEFORE, other) == []


def test_shows_changed_verdicts_below_their_count() -> None:
    assert shown(run(a=FAIL, b=PASS, c=PASS), run(a=PASS, b=PASS, c=FAIL)) == [
        "Changed since the last run (2: 1 mended, 1 new):",
        "  fail → pass: A",
        "  pass → fail: C",
    ]
    assert shown(run(a=FAIL, b=PASS), run(a=BLOCKED, b=PASS)) == [
        "Changed since the last run (1):",
        "  fail → blocked: A",
    ]


def test_says_that_no_verdict_changed_if_checks_are_the_same() -> None:
    assert shown(run(a=PASS), run(a=PASS, b=FAIL)) == ["No verdict changed."]
    assert shown(run(a=PASS), run(b=PASS)) == []
    assert shown(run(a=PASS), reports.build_failed()) == []
