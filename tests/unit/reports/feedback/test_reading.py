"""Which comments a later run mends, leaves as they are, opens again, or adds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec.structs import replace as with_fields

from tests.support import reports
from worksample.checks import CheckResult, Finding, Verdict
from worksample.grading import Report
from worksample.reports.feedback.model import Feedback, Reply, State
from worksample.reports.feedback.reading import with_run
from worksample.tasks.reviewing.form import Severity


def failure(error: str, *more: str, check: str = "tags") -> CheckResult:
    """Return the failure of a check that found these errors in the server's log."""
    found = [_finding(each) for each in (error, *more)]
    return reports.failed(reports.check(check), *found)


def _finding(error: str) -> Finding:
    return reports.finding(error=f"app.py:{len(error)}: ValueError: {error}")


def passed(check: str = "tags", **words: Any) -> CheckResult:
    return CheckResult(reports.check(check), Verdict.PASS, **words)


def run(number: int, *results: CheckResult) -> Report:
    return reports.report(results, run=f"20261123-10000{number}-aaaa")


def after(*runs: Report, start: Feedback | None = None) -> Feedback:
    feedback = start or Feedback("conduit")
    for each in runs:
        feedback = with_run(feedback, each, {})
    return feedback


def states(feedback: Feedback) -> list[tuple[int, State]]:
    return [(each.number, each.state) for each in feedback.comments]


def test_each_cause_is_a_blocking_comment_with_what_shows_it() -> None:
    (comment,) = after(run(1, failure("lost"))).comments
    assert comment.severity is Severity.BLOCKING
    assert comment.place == "app.py:4"
    assert comment.shown.startswith("POST /api/articles with {")
    assert comment.shown.endswith("→ 500")
    assert (comment.rule, comment.clause) == ("A1", reports.CLAUSES["A1"])
    assert comment.why


def test_passed_check_mends_its_comment() -> None:
    feedback = after(run(1, failure("lost")), run(2, passed()))
    assert states(feedback) == [(1, State.MENDED)]
    assert feedback.comments[0].mended_in == run(2).run


def test_cause_that_is_still_there_stays_open_and_keeps_its_number() -> None:
    first = run(1, failure("lost"), failure("stolen", check="slugs"))
    second = run(2, failure("stolen", check="slugs"), failure("lost"))
    assert [each.title for each in after(first).comments] == [
        each.title for each in after(first, second).comments
    ]
    assert states(after(first, second)) == [(1, State.OPEN), (2, State.OPEN)]


def test_what_was_not_asked_is_not_mended() -> None:
    first = run(1, failure("lost"))
    blocked = CheckResult(reports.check("tags"), Verdict.BLOCKED, blocked_by="slugs")
    for second in (run(2, passed("slugs")), run(2, blocked)):
        assert states(after(first, second)) == [(1, State.OPEN)]


def test_cause_of_two_checks_is_mended_when_both_are_right() -> None:
    both = run(1, failure("lost"), failure("lost", check="slugs"))
    only = run(2, passed())
    assert states(after(both)) == [(1, State.OPEN)]
    assert states(after(both, only)) == [(1, State.OPEN)]
    assert states(after(both, run(2, passed(), passed("slugs")))) == [(1, State.MENDED)]


def test_partial_run_that_shows_the_cause_forgets_no_other_check() -> None:
    both = run(1, failure("lost"), failure("lost", check="slugs"))
    feedback = after(both, run(2, failure("lost")), run(3, passed()))
    assert states(feedback) == [(1, State.OPEN)]


def test_another_failure_of_a_check_that_stopped_at_the_first_hides_it() -> None:
    feedback = after(run(1, failure("lost")), run(2, failure("stolen")))
    assert states(feedback) == [(1, State.OPEN)]
    assert "stolen" in feedback.comments[0].title


def test_check_that_tells_several_failures_mends_them_one_by_one() -> None:
    feedback = after(run(1, failure("lost", "stolen")), run(2, failure("stolen")))
    mended = {each.title.split()[-1]: each.state for each in feedback.comments}
    assert mended == {"lost": State.MENDED, "stolen": State.OPEN}


def test_new_cause_becomes_a_new_comment() -> None:
    feedback = after(run(1, failure("lost")), run(2, passed(), failure("new", check="slugs")))
    assert states(feedback) == [(1, State.MENDED), (2, State.OPEN)]


def test_mended_cause_that_comes_back_is_open_again() -> None:
    feedback = after(run(1, failure("lost")), run(2, passed()), run(3, failure("lost")))
    assert states(feedback) == [(1, State.OPEN)]


def test_another_failure_later_leaves_a_mended_comment_alone() -> None:
    feedback = after(run(1, failure("lost")), run(2, passed()), run(3, failure("stolen")))
    assert states(feedback) == [(1, State.MENDED), (2, State.OPEN)]


def test_two_causes_of_a_run_are_never_told_by_one_comment() -> None:
    second = run(2, failure("lost"), failure("stolen", check="slugs"))
    feedback = after(run(1, failure("lost"), failure("lost", check="slugs")), second)
    assert len(feedback.comments) == 2
    assert {each.title.split()[-1] for each in feedback.comments} == {"lost", "stolen"}


def test_reply_stays_and_answers_the_comment_until_it_is_mended() -> None:
    feedback = after(run(1, failure("lost")))
    answered = replied(feedback, "It cannot get lost.")
    later = after(run(2, failure("lost")), start=answered)
    assert states(later) == [(1, State.ANSWERED)]
    assert [each.text for each in later.comments[0].replies] == ["It cannot get lost."]
    assert states(after(run(2, passed()), start=answered)) == [(1, State.MENDED)]


def replied(feedback: Feedback, text: str) -> Feedback:
    comment = with_fields(feedback.comments[0], replies=(Reply(text, "2026-11-23T10:00+00:00"),))
    return with_fields(feedback, comments=(comment,))


def test_remarks_are_nits_and_mended_by_their_rule() -> None:
    first = replace(reports.remarked(), run=run(1).run)
    (nit,) = after(first).comments
    assert (nit.severity, nit.rule, nit.further) == (Severity.NIT, "R8", 1)
    assert states(after(first, replace(first, run=run(2).run))) == [(1, State.OPEN)]
    assert states(after(first, run(2, passed("one"), passed("two")))) == [(1, State.MENDED)]
