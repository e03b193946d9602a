"""Accounts, normalized SQL and transcripts of round trips."""

from __future__ import annotations

import pytest

from worksample.wire import (
    Outcome,
    RoundTrip,
    account,
    by_request,
    transcript,
)
from worksample.wire.postgres import Kind, SqlStatement, normalized_sql
from worksample.wire.postgres.normalization import is_control


def trip(sql: str, begin: float, **known: object) -> RoundTrip:
    rows = int(str(known.pop("rows", 0)))
    tag = str(known.pop("tag", ""))
    made = RoundTrip(1, 1, Kind.SIMPLE, begin, sent=begin, ended=begin + 1, rows=rows)
    made.outcome = Outcome.ANSWERED
    made.add(SqlStatement(sql, executed=True, rows=rows, tag=tag))
    for name, value in known.items():
        setattr(made, name, value)
    return made


def test_account_sums_round_trips_and_lists_repeated_statements() -> None:
    trips = [
        trip("begin", 0, before="I", after="T"),
        trip("select a from t where b = 1", 2, before="T", after="T", rows=1),
        trip("SELECT a FROM t WHERE b = 2", 5, before="T", after="T", rows=2),
        trip("insert into t values (1)", 6, before="T", after="E", error="23505"),
        trip("rollback", 9, before="E", after="I", request="A"),
        trip("update t set a = 1", 10, before="I", after="I", tag="UPDATE 1", request="A"),
    ]
    found = account(trips)
    assert (found.round_trips, found.statements, found.rows, found.writes) == (6, 6, 3, 1)
    assert (found.transactions, found.errors, found.seconds) == (1, ("23505",), 6.0)
    assert found.idle == 1 + 2 + 0 + 2
    assert [(each.shape, each.count, each.rows) for each in found.repeated] == [
        ("select a from t where b = ?", 2, 3)
    ]
    assert {name: each.round_trips for name, each in by_request(trips).items()} == {"A": 2}


def test_running_round_trips_are_not_counted() -> None:
    assert account([trip("select 1", 0, outcome=Outcome.RUNNING)]).round_trips == 0


def test_transcript_is_in_sending_order() -> None:
    a = [
        trip("begin", 0.5, request="A", step=1),
        trip("update t\n  set a = 1", 1, sent=9.0, request="A", step=2, error="40P01"),
        trip("commit", 10, sent=0.0, request="A", step=3, outcome=Outcome.LOST),
    ]
    b = [trip("commit", 5, request="B", step=1, outcome=Outcome.LOST)]
    assert transcript([a, b]).splitlines() == [
        "A 1 begin",
        "  B 1 commit  -> answer lost",
        "A 2 update t set a = 1  -> error 40P01",
        "A 3 commit  -> never sent",
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", "select ?"),
        ("select $1, 'a''b', E'\\'', $$x$$, $t$ $$ $t$, 1.5e3", "select ?..."),
        ('select "Name" from t1 -- why\nwhere a2=3 /* so */;', 'select "Name" from t1 where a2=?'),
        ("insert into t values (1, 'a'), (2, 'b')", "insert into t values (?...)..."),
        ("select a from t where b in ($1,$2)", "select a from t where b in (?...)"),
    ],
)
def test_normalized_sql_has_no_values(sql: str, expected: str) -> None:
    assert normalized_sql(sql) == expected


def test_is_control_matches_transaction_statements_only() -> None:
    assert all(map(is_control, ("BEGIN", " commit;", "ROLLBACK TO a", "start  transaction")))
    assert not any(map(is_control, ("select 1", "endless()", "begin_job()", "")))
