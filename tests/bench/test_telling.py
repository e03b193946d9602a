"""How bench/realism.py assigns the issues of a report to planted causes."""

from __future__ import annotations

import pytest
from causes import Cause
from telling import CATCH_ALL, compare

from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.grading.fingerprint import NOTHING
from worksample.grading.grouping import Failure
from worksample.grading.priority import Issue
from worksample.probes.exchange import Exchange, Request, Response


def cause(name: str, found_by: str, status: int = 500, shows: str = "") -> Cause:
    return Cause(
        id=name,
        wrong=f"{name} is wrong",
        operations=("POST /api/things",),
        stage=1,
        weight="the rest",
        found_by=tuple(found_by.split()),
        status=status,
        shows=shows,
    )


def issue(
    check: str, status: int = 500, method: str = "POST", log: str = "", culprit: int | None = 0
) -> Issue:
    request = Request(method, "/api/things?x=1", body=b"{}")
    exchange = Exchange(request, Response(status, (), b""))
    finding = Finding("a thing", "none", exchanges=(exchange,), culprit=culprit, log=log)
    asked = Check(id=check, title=check, aspect=Aspect.BEHAVIOUR, stage=1, clause="T1", why="")
    result = CheckResult(asked, Verdict.FAIL, findings=(finding,))
    return Issue(Failure(result, finding, NOTHING), (), ())


def test_tells_a_cause_by_check_operation_and_status() -> None:
    account = compare([issue("a")], [cause("one", "a b")])
    assert [told.id for told, _ in account.told] == ["one"]
    assert not (account.missed or account.repeated or account.invented)


@pytest.mark.parametrize(
    "other",
    [issue("c"), issue("a", status=400), issue("a", method="PUT")],
    ids=["another check", "another status", "another operation"],
)
def test_invents_what_no_cause_explains(other: Issue) -> None:
    account = compare([other], [cause("one", "a b")])
    assert account.invented == (other,)
    assert [missed.id for missed in account.missed] == ["one"]


def test_a_check_on_all_answers_repeats_what_others_tell() -> None:
    everything = CATCH_ALL[0]
    account = compare([issue(everything)], [cause("one", f"a {everything}")])
    assert len(account.missed) == len(account.repeated) == 1
    assert not (account.told or account.invented)


def test_an_issue_is_known_by_the_finding_that_leads_it() -> None:
    mixed = Issue(issue("c").lead, (issue("a").lead,), ())
    assert compare([mixed], [cause("one", "a")]).invented == (mixed,)


def test_an_issue_tells_one_cause_only() -> None:
    account = compare([issue("a")], [cause("one", "a"), cause("two", "a")])
    assert len(account.told) == len(account.missed) == 1


def test_a_second_issue_of_a_told_cause_is_repeated() -> None:
    account = compare([issue("a"), issue("b")], [cause("one", "a b")])
    assert len(account.told) == len(account.repeated) == 1
    assert not account.invented


def test_the_order_of_issues_does_not_matter() -> None:
    causes = [cause("one", "a b"), cause("two", "a")]
    for issues in ([issue("a"), issue("b")], [issue("b"), issue("a")]):
        assert len(compare(issues, causes).told) == 2


def test_what_a_cause_shows_must_be_in_the_finding() -> None:
    shown = cause("one", "a", shows="KeyError")
    assert compare([issue("a", log="KeyError: 'x'")], [shown]).told
    assert compare([issue("a", log="TypeError")], [shown]).invented


def test_without_a_culprit_any_exchange_shows_the_operation() -> None:
    assert compare([issue("a", culprit=None)], [cause("one", "a")]).told
