"""Whether a finding that is asked again still shows: said only where it is certain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import Finding
from worksample.grading import Again, compare, replayable
from worksample.probes.exchange import Exchange, Trouble

REGISTERED = reports.exchange(got={"user": {"token": "abc.def.1"}})


def asked(status: int = 200, got: Any = None) -> Exchange:
    """Return an exchange that came back so."""
    return reports.exchange("reads", "GET", "/api/user", status=status, got=got)


def finding(culprit: Exchange, *before: Exchange) -> Finding:
    """Return a finding that blames `culprit`, after the exchanges `before`."""
    story = (*before, culprit)
    return Finding("this", "that", exchanges=story, culprit=len(story) - 1)


def test_the_same_status_and_answer_show_it_still() -> None:
    found = finding(asked(200, {"a": 1}), REGISTERED)
    other_token = reports.exchange(got={"user": {"token": "xyz.def.2"}})
    assert compare(found, [other_token, asked(200, {"a": 1})]) is Again.SHOWS


@pytest.mark.parametrize("got", [b"<html>one", {"detail": "a"}])
def test_a_server_error_shows_whatever_its_body_is(got: Any) -> None:
    assert compare(finding(asked(500, got)), [asked(500, b"another")]) is Again.SHOWS


def test_another_status_no_longer_shows_it() -> None:
    found = finding(asked(200), REGISTERED)
    assert compare(found, [REGISTERED, asked(403)]) is Again.GONE


@pytest.mark.parametrize("status", [401, 404])
def test_what_only_the_first_server_knew_decides_nothing(status: int) -> None:
    assert compare(finding(asked(200)), [asked(status)]) is Again.UNCLEAR


def test_a_story_that_goes_another_way_decides_nothing() -> None:
    found = finding(asked(200), REGISTERED)
    assert compare(found, [asked(422), asked(403)]) is Again.UNCLEAR


def test_a_missing_answer_shows_again_and_goes() -> None:
    closed = reports.broken_exchange(Trouble.CLOSED)
    timed_out = reports.broken_exchange(Trouble.TIMEOUT)
    assert compare(finding(closed), [closed]) is Again.SHOWS
    assert compare(finding(closed), [timed_out]) is Again.GONE
    assert compare(finding(closed), [asked(200)]) is Again.GONE


def test_another_body_under_the_same_status_cannot_be_judged_here() -> None:
    assert compare(finding(asked(200, {"count": 2})), [asked(200, {"count": 1})]) is Again.UNCLEAR
    assert compare(finding(asked(200, b"text")), [asked(200, b"other")]) is Again.UNCLEAR


def test_moments_and_ids_may_differ_in_the_same_answer() -> None:
    then = {"at": "2026-11-23T18:42:12Z", "tags": ["a"], "ok": True}
    now = {**then, "at": "2026-11-24T09:00:00Z"}
    assert compare(finding(asked(200, then)), [asked(200, now)]) is Again.SHOWS
    assert compare(finding(asked(200, then)), [asked(200, {**now, "tags": ["b"]})]) is Again.UNCLEAR


def test_without_a_culprit_the_last_exchange_decides() -> None:
    found = replace(finding(asked(500), REGISTERED), culprit=None)
    assert compare(found, [REGISTERED, asked(500)]) is Again.SHOWS


def test_what_does_not_fit_together_decides_nothing() -> None:
    assert compare(finding(asked(500)), []) is Again.UNCLEAR
    assert compare(replace(finding(asked(500)), culprit=7), [asked(500)]) is Again.UNCLEAR


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
def test_only_plain_requests_can_be_replayed(found: Finding, lab: bool, possible: bool) -> None:
    assert replayable(reports.check("one", lab=lab), found) is possible
