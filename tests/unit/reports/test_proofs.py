"""How the checks that fail on a defect are shown."""

from __future__ import annotations

import io

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.reports.text.page import page_for
from worksample.reports.text.proofs import show_proofs


def shown(*proofs: list[CheckResult]) -> str:
    buffer = io.StringIO()
    show_proofs(page_for(buffer, 100), proofs)
    return buffer.getvalue()


def test_failure_has_the_number_of_its_defect() -> None:
    other = reports.failed(reports.check("names-are-given-once"))
    lines = shown([reports.failed(reports.check("tags-are-kept"))], [other]).splitlines()
    assert lines[1] == "  1  Tags are kept  [behaviour, stage 2]"
    assert [line for line in lines if line.startswith("  2  Names are given once")]
    assert "     expected        201 Created" in lines
    assert [line for line in lines if "POST /api/articles → 500" in line]


def test_check_that_does_not_fail_is_not_hidden() -> None:
    passing = CheckResult(reports.check("tags-are-kept"), Verdict.PASS)
    blocked = CheckResult(reports.check("feeds"), Verdict.BLOCKED, reason="No feed was made.")
    text = shown([passing, blocked, reports.failed(reports.check("names-are-given-once"))])
    assert "  1  “Tags are kept” passes here: it does not show the defect." in text
    assert "  1  “Feeds” shows nothing here (blocked): No feed was made." in text
    assert "  1  Names are given once" in text
