"""The result of a replay: reproduced, not reproduced, or inconclusive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import Finding
from worksample.grading import ReplayResult, compare, replayable
from worksample.probes.exchange import Exchange, Trouble
from worksample.probes.http.trimming import trimmed

REGISTERED = reports.exchange(got={"user": {"token": "abc.def.1"}})


def response(status: int = 200, got: Any = None) -> Exchange:
    """Return an exchange with this response."""
    return reports.exchange("reads", "GET", "/api/user", status=status, got=got)


def finding(culprit: Exchange, *before: Exchange) -> Finding:
    """Return a finding that blames `culprit`, after the exchanges `before`."""
    story = (*before, culprit)
    return Finding("this", "that", exchanges=story, culprit=len(story) - 1)


def test_same_status_and_body_reproduce_finding() -> None:
    found = finding(response(200, {"a": 1}), REGISTERED)
    other_token = reports.exchange(got={"user": {"token": "xyz.def.2"}})
    assert compare(found, [other_token, response(200, {"a": 1})]) is ReplayResult.REPRODUCED


@pytest.mark.parametrize("got", [b"<html>one", {"detail": "a"}])
def test_server_error_reproduces_finding_with_any_body(got: Any) -> None:
    assert (
        compare(finding(response(500, got)), [response(500, b"another")]) is ReplayResult.REPRODUCED
    )


def test_other_status_does_not_reproduce_finding() -> None:
    found = finding(response(200), REGISTERED)
    assert compare(found, [REGISTERED, response(403)]) is ReplayResult.NOT_REPRODUCED


@pytest.mark.parametrize("status", [401, 404])
def test_status_of_unknown_resource_is_inconclusive(status: int) -> None:
    assert compare(finding(response(200)), [response(status)]) is ReplayResult.INCONCLUSIVE


def test_other_outcome_before_culprit_is_inconclusive() -> None:
    found = finding(response(200), REGISTERED)
    assert compare(found, [response(422), response(403)]) is ReplayResult.INCONCLUSIVE


def test_compares_trouble_where_no_response_came() -> None:
    closed = reports.broken_exchange(Trouble.CLOSED)
    timed_out = reports.broken_exchange(Trouble.TIMEOUT)
    assert compare(finding(closed), [closed]) is ReplayResult.REPRODUCED
    assert compare(finding(closed), [timed_out]) is ReplayResult.NOT_REPRODUCED
    assert compare(finding(closed), [response(200)]) is ReplayResult.NOT_REPRODUCED


def test_other_body_with_same_status_is_inconclusive() -> None:
    assert (
        compare(finding(response(200, {"count": 2})), [response(200, {"count": 1})])
        is ReplayResult.INCONCLUSIVE
    )
    assert (
        compare(finding(response(200, b"text")), [response(200, b"other")])
        is ReplayResult.INCONCLUSIVE
    )


@pytest.mark.parametrize(
    ("got", "result"),
    [(b"long and more", ReplayResult.REPRODUCED), (b"lone", ReplayResult.INCONCLUSIVE)],
)
def test_compares_the_part_of_a_body_that_was_kept(got: bytes, result: ReplayResult) -> None:
    found = finding(trimmed(response(200, b"long and so on"), 8))
    assert compare(found, [response(200, got)]) is result


def test_cannot_replay_finding_that_lost_requests() -> None:
    check = reports.check("one")
    assert replayable(check, reports.finding())
    assert not replayable(check, reports.finding(omitted_exchanges=1))


def test_ignores_generated_values_in_body() -> None:
    then = {"at": "2026-11-23T18:42:12Z", "tags": ["a"], "ok": True}
    now = {**then, "at": "2026-11-24T09:00:00Z"}
    assert compare(finding(response(200, then)), [response(200, now)]) is ReplayResult.REPRODUCED
    assert (
        compare(finding(response(200, then)), [response(200, {**now, "tags": ["b"]})])
        is ReplayResult.INCONCLUSIVE
    )


def test_compares_last_exchange_without_culprit() -> None:
    found = replace(finding(response(500), REGISTERED), culprit=None)
    assert compare(found, [REGISTERED, response(500)]) is ReplayResult.REPRODUCED


def test_mismatched_exchanges_are_inconclusive() -> None:
    assert compare(finding(response(500)), []) is ReplayResult.INCONCLUSIVE
    assert (
        compare(replace(finding(response(500)), culprit=7), [response(500)])
        is ReplayResult.INCONCLUSIVE
    )


@pytest.mark.parametrize(
    ("found", "lab", "possible"),
    [
        (reports.finding(), False, True),
        (reports.finding(), True, False),
        (reports.finding(figures=(reports.growth(),)), False, False),
        (reports.finding(exchanges=(), culprit=None), False, False),
    ],
    ids=["plain requests", "of a lab", "with a figure", "without requests"],
)
def test_only_plain_requests_are_replayable(found: Finding, lab: bool, possible: bool) -> None:
    assert replayable(reports.check("one", lab=lab), found) is possible
