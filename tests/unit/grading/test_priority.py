"""Which failure of an issue leads."""

from __future__ import annotations

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Finding, Verdict
from worksample.grading.priority import issues_of


def failed(name: str, *, step: bool = False, aspect: Aspect = Aspect.BEHAVIOUR) -> CheckResult:
    made = reports.check(name, stage=2 if aspect is Aspect.CONTRACT else 3, aspect=aspect)
    return reports.failed(made, Finding("200", "500", cause="POST articles 500", step=step))


def lead(*results: CheckResult) -> str:
    [issue] = issues_of(results)
    return issue.lead.check.id


def test_failed_assertion_leads_before_failed_step() -> None:
    assert lead(failed("on-the-way", step=True), failed("own")) == "own"


def test_behaviour_leads_before_contract_of_earlier_stage() -> None:
    odd = failed("odd-headers", aspect=Aspect.CONTRACT)
    assert lead(odd, failed("publishing")) == "publishing"


def test_check_that_blocks_others_leads() -> None:
    waiting = CheckResult(reports.check("later"), Verdict.BLOCKED, blocked_by="odd-headers")
    odd = failed("odd-headers", aspect=Aspect.CONTRACT)
    assert lead(odd, failed("publishing"), waiting) == "odd-headers"


def test_stage_with_most_failures_of_the_cause_leads() -> None:
    early = reports.failed(reports.check("early", stage=2), Finding("200", "500", cause="one"))
    later = [
        reports.failed(reports.check(f"later-{n}", stage=5), Finding("200", "500", cause="one"))
        for n in range(2)
    ]
    [issue] = issues_of([early, *later])
    assert (issue.lead.check.id, issue.stage) == ("later-0", 2)
