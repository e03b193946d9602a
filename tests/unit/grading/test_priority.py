"""Which of the failures of one cause is told first."""

from __future__ import annotations

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Finding, Verdict
from worksample.grading.priority import groups_of


def failed(name: str, *, step: bool = False, aspect: Aspect = Aspect.BEHAVIOUR) -> CheckResult:
    made = reports.check(name, stage=2 if aspect is Aspect.CONTRACT else 3, aspect=aspect)
    return reports.failed(made, Finding("200", "500", cause="POST articles 500", step=step))


def lead(*results: CheckResult) -> str:
    [group] = groups_of(results)
    return group.lead.check.id


def test_a_check_whose_own_question_it_is_leads() -> None:
    assert lead(failed("on-the-way", step=True), failed("own")) == "own"


def test_plain_use_leads_before_odd_requests_of_an_earlier_stage() -> None:
    odd = failed("odd-headers", aspect=Aspect.CONTRACT)
    assert lead(odd, failed("publishing")) == "publishing"


def test_what_others_wait_for_leads_whatever_it_is() -> None:
    waiting = CheckResult(reports.check("later"), Verdict.BLOCKED, blocked_by="odd-headers")
    odd = failed("odd-headers", aspect=Aspect.CONTRACT)
    assert lead(odd, failed("publishing"), waiting) == "odd-headers"
