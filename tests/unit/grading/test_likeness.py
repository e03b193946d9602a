"""Which failures look alike, and which only seem to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support import reports
from worksample.checks import Beat, Finding
from worksample.grading.likeness import likeness_of
from worksample.grading.priority import groups_of
from worksample.probes.exchange import Exchange

REFUSAL = '401 {"errors":{"email or password":["is wrong"]}}'


def login(status: int = 401) -> Exchange:
    return reports.exchange("signs in", target="/api/users/login", status=status)


def listing(query: str) -> Exchange:
    return reports.exchange("lists", "GET", f"/api/articles?{query}", status=200)


def finding(expected: str, actual: str, exchange: Exchange, **words: Any) -> Finding:
    return Finding(expected, actual, exchanges=(exchange,), **{"culprit": 0, **words})


def test_one_operation_that_refuses_in_the_same_words_is_one_cause() -> None:
    one = finding("status 200", REFUSAL, login())
    other = finding("status 200 or 201", REFUSAL, login())
    assert likeness_of(one) == likeness_of(other) != ""


def test_another_refusal_or_another_operation_is_another_cause() -> None:
    one = finding("status 200", REFUSAL, login())
    other = finding("status 200", '401 {"detail":"token expired"}', login())
    elsewhere = finding("status 200", REFUSAL, reports.exchange(status=401))
    assert len({likeness_of(each) for each in (one, other, elsewhere)}) == 3


def test_what_should_have_been_refused_tells_nothing() -> None:
    assert likeness_of(finding("status 409 or 422", "200 {}", login(200))) == ""
    assert likeness_of(finding("status 403", '404 {"x":1}', login(404))) == ""


def test_one_operation_that_is_wrong_about_one_value_is_one_cause() -> None:
    one = finding("articlesCount: 16", "1", listing("limit=1"), culprit=None)
    other = finding("articlesCount: 3", "0", listing("offset=9"), culprit=None)
    third = finding("the order: 3", "0", listing("offset=9"), culprit=None)
    assert likeness_of(one) == likeness_of(other) != likeness_of(third)


def race(marked: str, **words: Any) -> Finding:
    """Return a race that is held before the statement `marked`, of two `words["asked"]`."""
    request = words.get("asked", "POST /api/users")
    beats = (
        Beat(0, request),
        Beat(0, "SELECT 1 FROM users WHERE username = 'u1'"),
        Beat(1, "SELECT 1 FROM users WHERE username = 'u2'"),
        Beat(0, marked, mark=True),
        Beat(0, "→ 201"),
    )
    method, _, target = request.partition(" ")
    asked = reports.exchange("asks", method, target)
    drawn = (reports.timeline(beats=beats),)
    return finding("what one after the other brings: 1", "2", asked, culprit=None, figures=drawn)


def test_the_same_statements_that_race_at_the_same_place_are_one_cause() -> None:
    one = race("INSERT INTO users VALUES ('ada', 1)")
    other = race("INSERT INTO users VALUES ('bob', 27)", asked="POST /api/users?again")
    assert likeness_of(one) == likeness_of(other) != ""


def test_another_place_or_none_is_another_race() -> None:
    one = race("INSERT INTO users VALUES (1)")
    elsewhere = race("UPDATE users SET username = $1")
    assert likeness_of(one) != likeness_of(elsewhere)
    nowhere = finding("what one after the other brings: 1", "2", login(), culprit=None)
    drawn = (reports.timeline(beats=(Beat(0, "SELECT 1"),)),)
    assert likeness_of(replace(nowhere, figures=drawn)) == ""


def test_made_up_words_do_not_tell_findings_apart() -> None:
    one = finding("status 200", '422 {"slug":"notes-from-t4zr6qm7j is taken"}', login(422))
    other = finding("status 200", '422 {"slug":"notes-from-vb2kjr2r is taken"}', login(422))
    assert likeness_of(one) == likeness_of(other) != ""


def test_a_page_of_the_framework_tells_nothing() -> None:
    page = "422 <!DOCTYPE HTML> <title>422 Unprocessable Entity</title>"
    assert likeness_of(finding("status 200", page, login(422))) == ""


def test_without_requests_nothing_tells() -> None:
    assert likeness_of(Finding("status 200", REFUSAL)) == ""


def test_the_cause_that_explains_most_comes_first() -> None:
    alone = reports.failed(reports.check("alone", stage=1), Finding("a", "b"))
    counts = [
        reports.failed(
            reports.check(f"count-{n}", stage=5),
            finding(f"articlesCount: {n}", "0", listing(f"limit={n}"), culprit=None),
        )
        for n in range(3)
    ]
    groups = groups_of([alone, *counts])
    assert [(group.lead.check.id, len(group.others)) for group in groups] == [
        ("count-0", 2),
        ("alone", 0),
    ]
