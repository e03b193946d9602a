"""Which failures come together as one cause, and how the cause is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support import reports
from worksample.checks import BAD_TOKEN, Aspect, CheckResult, Finding, Verdict
from worksample.grading.priority import Issue, issues_of
from worksample.probes.exchange import Exchange

TAKEN = "app/users.py:9: UniqueViolation: duplicate key"
LONG = "app/posts.py:4: DataError: value too long"


def failing(method: str = "PUT", target: str = "/api/user", **words: Any) -> Exchange:
    return reports.exchange("asks", method, target, **{"status": 500, **words})


def error(logged: str = "", exchange: Exchange | None = None, **words: Any) -> Finding:
    shown = exchange or failing()
    return Finding("status 200", "500", exchanges=(shown,), culprit=0, error=logged, **words)


def failed(name: str, *findings: Finding, aspect: Aspect = Aspect.BEHAVIOUR) -> CheckResult:
    return reports.failed(reports.check(name, aspect=aspect), *findings)


def groups(*results: CheckResult) -> list[list[str]]:
    return sorted(sorted(each.check.id for each in issue.failures) for issue in issues_of(results))


def only(*results: CheckResult) -> Issue:
    [issue] = issues_of(results)
    return issue


def test_different_errors_of_one_operation_are_different_causes() -> None:
    assert groups(failed("a", error(TAKEN)), failed("b", error(LONG))) == [["a"], ["b"]]


def test_one_error_of_several_operations_is_one_cause_that_lists_them() -> None:
    users = [failing("POST", f"/api/{name}") for name in ("a", "b", "c")]
    issue = only(*(failed(f"check-{n}", error(LONG, each)) for n, each in enumerate(users)))
    assert issue.operations == ("POST /api/a", "POST /api/b", "POST /api/c")
    assert issue.title == (
        "POST /api/a answers 500: DataError: value too long (and 2 more operations)"
    )


def test_unknown_error_joins_the_only_cause_that_failed_there_in_that_way() -> None:
    assert groups(failed("a", error(TAKEN)), failed("b", error())) == [["a", "b"]]
    other = error(exchange=failing(got={"detail": "no such table"}))
    assert groups(failed("a", error(TAKEN)), failed("b", other)) == [["a"], ["b"]]


def test_unknown_error_is_told_apart_where_several_causes_failed() -> None:
    known = failed("a", error(TAKEN)), failed("b", error(LONG)), failed("c", error(LONG))
    assert groups(*known, failed("d", error())) == [["a"], ["b", "c"], ["d"]]
    assert groups(*known, failed("d", error(step=True))) == [["a"], ["b", "c", "d"]]


def test_request_of_another_check_joins_the_cause_that_this_check_tells() -> None:
    shown = failing(sent={"user": {"bio": "x"}})
    known = failed("a", error(TAKEN, shown)), failed("b", error(LONG)), failed("c", error(LONG))
    everything = failed("all", error(exchange=shown, observed=True), aspect=Aspect.CONTRACT)
    assert groups(*known, everything) == [["a", "all"], ["b", "c"]]


def test_findings_of_one_check_may_have_several_causes() -> None:
    hostile = failed("hostile", error(TAKEN), error(LONG), aspect=Aspect.CONTRACT)
    assert groups(hostile, failed("b", error(LONG))) == [["b", "hostile"], ["hostile"]]


def test_findings_to_which_their_check_gave_several_causes_stay_together() -> None:
    kill = failed("kill", Finding("all", "half", cause="publish"), Finding("a", "b", cause="edit"))
    assert groups(kill) == [["kill", "kill"]]


def test_cause_is_named_by_what_is_wrong() -> None:
    found = error("app/users.py:9: KeyError: 'password'", difference="without `password`")
    assert only(failed("a-bio-can-be-changed", found)).title == (
        "PUT /api/user without `password` answers 500: KeyError: 'password'"
    )


def test_check_names_the_cause_that_no_request_shows() -> None:
    assert only(failed("two-marks-count", Finding("7 marks", "5"))).title == "Two marks count"


def test_blocked_checks_belong_to_one_cause_only() -> None:
    waiting = CheckResult(reports.check("later"), Verdict.BLOCKED, blocked_by="hostile")
    issues = issues_of([failed("hostile", error(TAKEN), error(LONG)), waiting])
    assert sorted(issue.blocked for issue in issues) == [(), ("later",)]


def hostile(name: str, target: str = "/api/user", **words: Any) -> Finding:
    return error(exchange=failing(target=target, **words), inputs=(name,))


def test_one_input_that_fails_at_several_operations_is_one_cause() -> None:
    places = [hostile("NUL in the path", f"/api/{name}") for name in ("a", "b", "c")]
    issue = only(failed("odd-paths", *places, aspect=Aspect.CONTRACT))
    assert issue.title == "PUT /api/a with NUL in the path answers 500 (and 2 more operations)"
    other = hostile("a quote in the path", "/api/a")
    assert len(issues_of([failed("odd-paths", *places, other)])) == 2


def test_hostile_input_is_another_cause_than_what_fails_for_plain_requests() -> None:
    assert groups(failed("a", error(TAKEN)), failed("odd", hostile("NUL"))) == [["a"], ["odd"]]


def test_bad_token_refused_with_500_is_one_cause_whoever_sends_it() -> None:
    forged = error(exchange=failing("GET"), difference=BAD_TOKEN)
    odd = replace(hostile("Authorization: x", "/api/feed"), difference=BAD_TOKEN)
    issue = only(failed("forged", forged, aspect=Aspect.SECURITY), failed("odd", odd))
    assert issue.title.startswith("PUT /api/feed with a bad token answers 500")


def test_hostile_input_without_an_answer_is_named() -> None:
    silent = replace(hostile("a text of 2 MB"), exchanges=(reports.broken_exchange(),))
    assert only(failed("large", silent)).title == (
        "GET /api/articles with a text of 2 MB: connection closed before the answer was complete"
    )


def test_hostile_input_that_is_accepted_is_named() -> None:
    assert only(failed("no-json", hostile("an empty body", status=200))).title == (
        "PUT /api/user with an empty body answers 200 instead of 4xx"
    )


def test_request_of_another_check_joins_what_failed_at_its_place() -> None:
    shown = error(exchange=failing(target="/api/a", got={"x": 1}), observed=True)
    places = failed("odd", hostile("NUL", "/api/a"))
    assert groups(places, failed("all", shown, aspect=Aspect.CONTRACT)) == [["all", "odd"]]


def test_wrong_value_names_the_cause_in_ordinary_use() -> None:
    found = Finding("articlesCount: 16", "1", exchanges=(failing("GET", "/api/x", status=200),))
    assert only(failed("a-count-counts", found)).title == (
        "GET /api/x: articlesCount: expected 16, got 1"
    )
    crowd = failed("a-crowd-counts", found, aspect=Aspect.CONCURRENCY)
    assert only(crowd).title == "A crowd counts"


def allowed(expected: str, target: str) -> Finding:
    return Finding(expected, "200", exchanges=(failing("GET", target, status=200),), culprit=0)


def test_missing_rules_of_which_nothing_is_known_are_causes_of_their_own() -> None:
    one, other = allowed("status 404", "/nowhere"), allowed("status 409 or 422", "/api/users")
    assert groups(failed("a", one), failed("b", other)) == [["a"], ["b"]]


def test_request_of_another_check_joins_the_page_that_is_answered_instead() -> None:
    page = {"status": 200, "got": b"<!doctype html>"}
    unknown = Finding("status 404", "200", exchanges=(failing("GET", "/x", **page),), culprit=0)
    observed = replace(unknown, exchanges=(failing("GET", "/api/a", **page),), observed=True)
    observed = replace(observed, expected="a response that matches the schema", cause="a")
    assert groups(failed("unknown", unknown), failed("all", observed)) == [["all", "unknown"]]
    elsewhere = failed("b", allowed("status 404", "/y"))
    assert groups(elsewhere, failed("all", observed)) == [["all"], ["b"]]


def test_unknown_error_joins_the_cause_whose_requests_differ_in_the_same_way() -> None:
    named, plain = error(TAKEN, difference="with `name`"), error(LONG)
    vague = failed("c", error(difference="with `name`"))
    assert groups(failed("a", named), failed("b", plain), vague) == [["a", "c"], ["b"]]


def test_tokens_that_are_bad_in_several_ways_are_one_cause_where_one_line_fails() -> None:
    place = "app/tokens.py:36: jwt"
    ways = [f"{place}.{name}" for name in ("DecodeError: padding", "InvalidAlgorithmError: none")]
    assert groups(*(failed(each[-4:], error(each, difference=BAD_TOKEN)) for each in ways)) == [
        ["none", "ding"][::-1]
    ]
