"""What may have come of a deed: the judges, on histories made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from worksample.probes.deeds import Attempt, Known, Seen, normal, writes
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.places import places_of
from worksample.probes.storing import (
    broken_promises,
    doubles,
    halves,
    parts,
    slow_to_recover,
    stubborn,
)
from worksample.wire import Kind, RoundTrip, Statement

BEFORE, AFTER = {"articles": []}, {"articles": [{"tags": ["a", "b"]}]}
HALF = {"articles": [{"tags": []}]}
TWICE = {"articles": [{"tags": ["a", "b"]}, {"tags": ["a", "b"]}]}
REQUEST = Request("POST", "/articles")


def answered(status: int) -> Exchange:
    """An exchange with this answer; none for 0."""
    if not status:
        return Exchange(REQUEST, None, Trouble.CLOSED)
    return Exchange(REQUEST, Response(status, (), b""))


KNOWN = Known("publishing", answered(201), BEFORE, AFTER, ())


def attempt(status: int, state: Any, again: int | None = None, back: float | None = 0.0) -> Attempt:
    """A deed that was answered so, and of which this is there."""
    seen = None if state is None else Seen(state)
    repeated = None if again is None else answered(again)
    return Attempt(KNOWN, "cut", 1, answered(status), seen, repeated, back)


@pytest.mark.parametrize("status", [0, 201, 503])
def test_all_of_it_is_always_right(status: int) -> None:
    history = [attempt(status, AFTER, 422)]
    assert not (broken_promises(history) or halves(history) or doubles(history))
    assert not stubborn(history)


@pytest.mark.parametrize("status", [0, 409, 503])
def test_nothing_is_right_without_a_success(status: int) -> None:
    history = [attempt(status, BEFORE, 201)]
    assert not (broken_promises(history) or halves(history) or doubles(history))
    assert not stubborn(history)


def test_a_success_of_which_nothing_is_there_is_a_broken_promise() -> None:
    history = [attempt(201, BEFORE), attempt(201, AFTER)]
    assert broken_promises(history) == history[:1]
    assert not halves(history)


@pytest.mark.parametrize("status", [0, 201, 503])
def test_a_half_is_never_right(status: int) -> None:
    history = [attempt(status, HALF)]
    assert halves(history) == history
    assert not doubles(history)


def test_the_same_twice_is_a_double_and_no_half() -> None:
    history = [attempt(201, TWICE)]
    assert doubles(history) == history
    assert not halves(history)


def test_what_nobody_could_see_is_not_judged() -> None:
    history = [attempt(201, None)]
    assert not (broken_promises(history) or halves(history) or doubles(history))


@pytest.mark.parametrize(("state", "again"), [(AFTER, 503), (BEFORE, 0), (BEFORE, 422)])
def test_a_refusal_is_stubborn_where_nothing_is_there(state: Any, again: int) -> None:
    history = [attempt(503, state, again)]
    assert stubborn(history) == history


def test_who_never_recovers_is_slow() -> None:
    history = [attempt(503, None, back=None), attempt(503, AFTER, back=9.0)]
    assert slow_to_recover(history, 10.0) == history[:1]
    assert slow_to_recover(history, 5.0) == history


def test_what_is_there_and_what_is_not() -> None:
    assert parts(attempt(0, AFTER)) == (["articles.1.tags.1", "articles.1.tags.2"], [])
    assert parts(attempt(0, BEFORE)) == ([], ["articles.1.tags.1", "articles.1.tags.2"])
    one = {"articles": [{"tags": ["a"]}]}
    assert parts(attempt(0, one)) == (["articles.1.tags.1"], ["articles.1.tags.2"])


def test_values_get_the_names_of_their_roles() -> None:
    shown = {"id": 7, "title": "Notes", "by": [{"name": "ann", "bio": None}], "n": 1}
    names = {"Notes": "<title>", "ann": "<author>"}
    assert normal(shown, names, ("id",)) == {
        "title": "<title>",
        "by": [{"name": "<author>", "bio": None}],
        "n": 1,
    }


def trip(step: int, sql: str) -> RoundTrip:
    """A round trip that asks `sql`."""
    made = RoundTrip(1, step, Kind.SIMPLE, 0.0, step=step)
    made.add(Statement(sql, executed=True))
    return made


def test_what_writes() -> None:
    wrote = ["INSERT INTO t", "with a as (delete from t) select 1", "commit", "COPY t FROM STDIN"]
    read = ["BEGIN", "SELECT updated_at FROM inserted", "ROLLBACK", "SET x = 1"]
    assert [writes(trip(1, sql)) for sql in wrote] == [True] * 4
    assert [writes(trip(1, sql)) for sql in read] == [False] * 4


def test_a_crash_matters_from_the_first_write_on() -> None:
    trips = tuple(
        trip(n, sql) for n, sql in enumerate(["SELECT 1", "BEGIN", "INSERT", "SELECT 2"], 1)
    )
    places = places_of(trips)
    assert Known("", answered(200), 0, 1, trips).telling == [places[3], places[4]]
    assert Known("", answered(200), 0, 1, trips[:2]).telling == []
