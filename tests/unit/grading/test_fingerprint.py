"""Which findings share a fingerprint, and which do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.support import reports
from worksample.checks import Finding, TimelineStep
from worksample.grading.fingerprint import fingerprint_of
from worksample.grading.priority import issues_of
from worksample.probes.exchange import Exchange

REFUSAL = '401 {"errors":{"email or password":["is wrong"]}}'


def login(status: int = 401) -> Exchange:
    return reports.exchange("signs in", target="/api/users/login", status=status)


def listing(query: str) -> Exchange:
    return reports.exchange("lists", "GET", f"/api/articles?{query}", status=200)


def finding(expected: str, actual: str, exchange: Exchange, **words: Any) -> Finding:
    return Finding(expected, actual, exchanges=(exchange,), **{"culprit": 0, **words})


def test_same_refusal_of_one_operation_shares_fingerprint() -> None:
    one = finding("status 200", REFUSAL, login())
    other = finding("status 200 or 201", REFUSAL, login())
    assert fingerprint_of(one) == fingerprint_of(other) != ""


def test_other_refusal_or_operation_has_other_fingerprint() -> None:
    one = finding("status 200", REFUSAL, login())
    other = finding("status 200", '401 {"detail":"token expired"}', login())
    elsewhere = finding("status 200", REFUSAL, reports.exchange(status=401))
    assert len({fingerprint_of(each) for each in (one, other, elsewhere)}) == 3


def test_no_fingerprint_where_refusal_was_expected() -> None:
    assert fingerprint_of(finding("status 409 or 422", "200 {}", login(200))) == ""
    assert fingerprint_of(finding("status 403", '404 {"x":1}', login(404))) == ""


def test_wrong_values_of_one_subject_share_fingerprint() -> None:
    one = finding("articlesCount: 16", "1", listing("limit=1"), culprit=None)
    other = finding("articlesCount: 3", "0", listing("offset=9"), culprit=None)
    third = finding("the order: 3", "0", listing("offset=9"), culprit=None)
    assert fingerprint_of(one) == fingerprint_of(other) != fingerprint_of(third)


def race(marked: str, **words: Any) -> Finding:
    """Return a race held before the statement `marked`, of two requests `words["asked"]`."""
    request = words.get("asked", "POST /api/users")
    beats = (
        TimelineStep(0, request),
        TimelineStep(0, "SELECT 1 FROM users WHERE username = 'u1'"),
        TimelineStep(1, "SELECT 1 FROM users WHERE username = 'u2'"),
        TimelineStep(0, marked, mark=True),
        TimelineStep(0, "→ 201"),
    )
    method, _, target = request.partition(" ")
    asked = reports.exchange("asks", method, target)
    figures = (reports.timeline(beats=beats),)
    return finding("one of the two is refused: 1", "2", asked, culprit=None, figures=figures)


def test_races_at_same_statement_share_fingerprint() -> None:
    one = race("INSERT INTO users VALUES ('ada', 1)")
    other = race("INSERT INTO users VALUES ('bob', 27)", asked="POST /api/users?again")
    assert fingerprint_of(one) == fingerprint_of(other) != ""


def test_races_at_other_or_no_statement_differ() -> None:
    one = race("INSERT INTO users VALUES (1)")
    elsewhere = race("UPDATE users SET username = $1")
    assert fingerprint_of(one) != fingerprint_of(elsewhere)
    nowhere = finding("one of the two is refused: 1", "2", login(), culprit=None)
    figures = (reports.timeline(beats=(TimelineStep(0, "SELECT 1"),)),)
    assert fingerprint_of(replace(nowhere, figures=figures)) == ""


def test_fingerprint_ignores_generated_words() -> None:
    one = finding("status 200", '422 {"slug":"notes-from-t4zr6qm7j is taken"}', login(422))
    other = finding("status 200", '422 {"slug":"notes-from-vb2kjr2r is taken"}', login(422))
    assert fingerprint_of(one) == fingerprint_of(other) != ""


def test_no_fingerprint_from_html_error_page() -> None:
    page = "422 <!DOCTYPE HTML> <title>422 Unprocessable Entity</title>"
    assert fingerprint_of(finding("status 200", page, login(422))) == ""


def test_no_fingerprint_without_exchanges() -> None:
    assert fingerprint_of(Finding("status 200", REFUSAL)) == ""


def test_issue_with_most_findings_comes_first_in_its_stage() -> None:
    alone = reports.failed(reports.check("alone", stage=5), Finding("a", "b"))
    counts = [
        reports.failed(
            reports.check(f"count-{n}", stage=5),
            finding(f"articlesCount: {n}", "0", listing(f"limit={n}"), culprit=None),
        )
        for n in range(3)
    ]
    issues = issues_of([alone, *counts])
    assert [(issue.lead.check.id, len(issue.others)) for issue in issues] == [
        ("count-0", 2),
        ("alone", 0),
    ]
