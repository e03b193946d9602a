"""Judges of durability and atomicity, and the helpers for write operations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from worksample.probes.durability import (
    duplicate_writes,
    failed_retries,
    lost_writes,
    partial_writes,
    slow_to_recover,
    unclear_writes,
)
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.hold_points import hold_points_of
from worksample.probes.write_operations import Attempt, Baseline, Observation, normalize, writes
from worksample.wire import RoundTrip
from worksample.wire.postgres import Kind, SqlStatement

BEFORE: dict[str, Any] = {"articles": []}
AFTER = {"articles": [{"tags": ["a", "b"]}]}
PARTIAL: dict[str, Any] = {"articles": [{"tags": []}]}
DUPLICATE = {"articles": [{"tags": ["a", "b"]}, {"tags": ["a", "b"]}]}
REQUEST = Request("POST", "/articles")


def exchange_with(status: int) -> Exchange:
    """Return an exchange with this status; 0 for no response."""
    if not status:
        return Exchange(REQUEST, None, Trouble.CLOSED)
    return Exchange(REQUEST, Response(status, (), b""))


BASELINE = Baseline("publishing", exchange_with(201), BEFORE, AFTER, ())


def attempt(
    status: int, state: Any, retry: int | None = None, recovery_seconds: float | None = 0.0
) -> Attempt:
    """Return an attempt with the status of its answer and of its retry, and the observed state."""
    observed = None if state is None else Observation(state)
    retried = None if retry is None else exchange_with(retry)
    answer = exchange_with(status)
    return Attempt(BASELINE, "cut", 1, answer, observed, retried, recovery_seconds)


@pytest.mark.parametrize("status", [0, 201, 503])
def test_complete_write_is_never_a_finding(status: int) -> None:
    history = [attempt(status, AFTER, 422)]
    assert not (lost_writes(history) or partial_writes(history) or duplicate_writes(history))
    assert not failed_retries(history)


@pytest.mark.parametrize("status", [0, 409, 503])
def test_missing_write_is_allowed_without_success(status: int) -> None:
    history = [attempt(status, BEFORE, 201)]
    assert not (lost_writes(history) or partial_writes(history) or duplicate_writes(history))
    assert not failed_retries(history)


def test_acknowledged_but_missing_write_is_lost() -> None:
    history = [attempt(201, BEFORE), attempt(201, AFTER)]
    assert lost_writes(history) == history[:1]
    assert not partial_writes(history)


@pytest.mark.parametrize("status", [0, 201, 503])
def test_partial_write_is_always_a_finding(status: int) -> None:
    history = [attempt(status, PARTIAL)]
    assert partial_writes(history) == history
    assert not duplicate_writes(history)


def test_duplicate_write_is_not_partial() -> None:
    history = [attempt(201, DUPLICATE)]
    assert duplicate_writes(history) == history
    assert not partial_writes(history)


def test_unobserved_write_is_not_judged() -> None:
    history = [attempt(201, None)]
    assert not (lost_writes(history) or partial_writes(history) or duplicate_writes(history))


@pytest.mark.parametrize(("state", "retry"), [(AFTER, 503), (BEFORE, 0), (BEFORE, 422)])
def test_refused_retry_is_a_finding_when_nothing_was_stored(state: Any, retry: int) -> None:
    history = [attempt(503, state, retry)]
    assert failed_retries(history) == history


def test_server_that_never_recovers_is_slow_to_recover() -> None:
    history = [attempt(503, None, recovery_seconds=None), attempt(503, AFTER, recovery_seconds=9.0)]
    assert slow_to_recover(history, 10.0) == history[:1]
    assert slow_to_recover(history, 5.0) == history


@pytest.mark.parametrize("status", [0, 201, 503])
def test_unclear_write_is_neither_partial_nor_complete(status: int) -> None:
    history = [attempt(status, {"articles": [{"tags": ["a", "b"]}], "offers": ["x"]})]
    assert unclear_writes(history) == history
    assert not (lost_writes(history) or partial_writes(history) or duplicate_writes(history))


@pytest.mark.parametrize("state", [BEFORE, AFTER, PARTIAL, DUPLICATE, None])
def test_clear_write_is_not_unclear(state: Any) -> None:
    assert not unclear_writes([attempt(201, state)])


def test_number_that_moved_twice_is_a_duplicate() -> None:
    counted = replace(BASELINE, before={"marked": False, "n": 4}, after={"marked": True, "n": 5})
    history = [replace(attempt(0, {"marked": True, "n": 6}), baseline=counted)]
    assert duplicate_writes(history) == history
    assert not partial_writes(history) + unclear_writes(history)


def test_article_that_an_edit_loses_is_partial() -> None:
    edited = replace(BASELINE, before={"articles": [{"n": 1}]}, after={"articles": [{"n": 2}]})
    history = [replace(attempt(0, BEFORE), baseline=edited)]
    assert partial_writes(history) == history
    assert not unclear_writes(history) + duplicate_writes(history)


def test_normalize_keeps_what_is_promised_and_replaces_values_by_role_names() -> None:
    state = {"shown": {"id": 7, "title": "Notes", "by": [{"name": "ann", "seen": 3}]}, "n": 1}
    names = {"Notes": "<title>", "ann": "<author>"}
    assert normalize(state, names, ("title", "by", "name")) == {
        "shown": {"title": "<title>", "by": [{"name": "<author>"}]},
        "n": 1,
    }


def trip(step: int, sql: str) -> RoundTrip:
    """Return a round trip that executes `sql`."""
    made = RoundTrip(1, step, Kind.SIMPLE, 0.0, step=step)
    made.add(SqlStatement(sql, executed=True))
    return made


def test_writes_recognises_writing_statements() -> None:
    writing = ["INSERT INTO t", "with a as (delete from t) select 1", "commit", "COPY t FROM STDIN"]
    reading = ["BEGIN", "SELECT updated_at FROM inserted", "ROLLBACK", "SET x = 1"]
    assert [writes(trip(1, sql)) for sql in writing] == [True] * 4
    assert [writes(trip(1, sql)) for sql in reading] == [False] * 4


def test_crash_points_start_at_first_write() -> None:
    trips = tuple(
        trip(n, sql) for n, sql in enumerate(["SELECT 1", "BEGIN", "INSERT", "SELECT 2"], 1)
    )
    hold_points = hold_points_of(trips)
    assert Baseline("", exchange_with(200), 0, 1, trips).crash_points == [
        hold_points[3],
        hold_points[4],
    ]
    assert Baseline("", exchange_with(200), 0, 1, trips[:2]).crash_points == []
