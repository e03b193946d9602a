"""The order of issues: lowest stage first, then the greatest harm, then the most checks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Finding, Verdict
from worksample.grading.harm import Harm, harm_of
from worksample.grading.priority import issues_of


def answered(status: int, expected: str, **words: Any) -> Finding:
    """Return a finding whose single request got `status`."""
    exchange = reports.exchange(status=status)
    return Finding(expected, str(status), exchanges=(exchange,), culprit=0, **words)


def result(
    name: str, aspect: Aspect, finding: Finding, *skills: str, stage: int = 3, cites: str = ""
) -> CheckResult:
    made = reports.check(name, stage=stage, aspect=aspect, skills=skills, cites=cites)
    return reports.failed(made, finding)


STRANGER = result("stranger-edits", Aspect.SECURITY, answered(200, "status 403"), "access-control")
BROKEN = result("publishing", Aspect.BEHAVIOUR, answered(500, "status 201"), "rest")
WRONG = result("wrong-count", Aspect.BEHAVIOUR, answered(200, "articlesCount: 3"), "rest")
STATUS = result("says-404", Aspect.BEHAVIOUR, answered(404, "status 403"), "rest")
EXTRA_FIELD = result("shape", Aspect.CONTRACT, answered(200, "an article as in the contract"))


@pytest.mark.parametrize(
    ("failed", "harm"),
    [
        (STRANGER, Harm.OTHERS_DATA),
        (BROKEN, Harm.EVERYBODY),
        (WRONG, Harm.LIMITED),
        (STATUS, Harm.FORM),
        (EXTRA_FIELD, Harm.FORM),
        (result("nul", Aspect.CONTRACT, answered(500, "any status below 500")), Harm.LIMITED),
        (result("forged", Aspect.SECURITY, answered(500, "status 401"), "oauth-jwt"), Harm.LIMITED),
        (result("no-token", Aspect.BEHAVIOUR, answered(200, "status 401"), "oauth-jwt"),
         Harm.OTHERS_DATA),
        (result("by-contract", Aspect.CONTRACT, answered(200, "status 403"), "access-control"),
         Harm.OTHERS_DATA),
        (result("hash", Aspect.SECURITY, Finding("slow", "fast"), cites="(CWE-916)"), Harm.LIMITED),
        (result("sql", Aspect.SECURITY, Finding("0 articles", "all"), cites="(CWE-89)"),
         Harm.OTHERS_DATA),
        (result("lost", Aspect.CONCURRENCY, Finding("both count", "A 200, B 200, count: 1")),
         Harm.OTHERS_DATA),
        (result("loud", Aspect.CONCURRENCY, Finding("one is told", "A 201, B 500")), Harm.LIMITED),
        (result("kill", Aspect.RESILIENCE, Finding("stored", "gone"), "databases"),
         Harm.OTHERS_DATA),
        (result("sigterm", Aspect.RESILIENCE, Finding("it ends", "it runs"), "linux"),
         Harm.LIMITED),
        (result("step", Aspect.SECURITY, answered(500, "status 201", step=True)), Harm.EVERYBODY),
        (result("other-step", Aspect.SECURITY, answered(201, "status 200", step=True)), Harm.FORM),
    ],
    ids=lambda value: value.check.id if isinstance(value, CheckResult) else value.name,
)  # fmt: skip
def test_harm_follows_from_aspect_skills_and_answer(failed: CheckResult, harm: Harm) -> None:
    assert harm_of(failed.check, failed.findings[0]) is harm


def order(*results: CheckResult) -> list[str]:
    return [issue.lead.check.id for issue in issues_of(results)]


def test_greatest_harm_leads_in_a_stage_and_a_status_code_never_does() -> None:
    expected = ["stranger-edits", "publishing", "wrong-count", "says-404", "shape"]
    assert order(STATUS, EXTRA_FIELD, WRONG, BROKEN, STRANGER) == expected


def test_lower_stage_leads_before_greater_harm() -> None:
    early = result("early", Aspect.CONTRACT, answered(200, "an account"), stage=2)
    assert order(STRANGER, early) == ["early", "stranger-edits"]


def test_failure_that_blocks_others_counts_as_one_of_ordinary_use() -> None:
    waiting = CheckResult(reports.check("later"), Verdict.BLOCKED, blocked_by="wrong-count")
    [issue] = issues_of([WRONG, waiting])
    assert issue.harm is Harm.EVERYBODY
