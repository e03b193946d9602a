"""Replies are matched to round trips, also in pipelines."""

from __future__ import annotations

import struct

import pytest

from tests.unit.wire.postgres.harness import (
    BOUND,
    FLUSH,
    NO_DATA,
    PARSED,
    SYNC,
    ProtocolHarness,
    bind,
    complete,
    describe,
    error,
    execute,
    message,
    parse,
    query,
    ready,
    row,
)
from worksample.wire.postgres import Kind
from worksample.wire.postgres.framing import MAX_BODY_READ
from worksample.wire.postgres.statements import MAX_NAMES, UNKNOWN_SQL
from worksample.wire.protocol import ProtocolError
from worksample.wire.round_trips import MAX_STATEMENTS, Outcome


def test_pipelined_syncs_are_separate_round_trips() -> None:
    harness = ProtocolHarness()
    for number in range(3):
        harness.client(parse(f"select {number}"), bind(), execute(), SYNC)
    harness.server(PARSED, BOUND, row(), complete("SELECT 1"), ready("I"))
    harness.server(PARSED, BOUND, error("22012"), ready("I"))
    assert harness.sql() == ["select 0", "select 1"]
    harness.server(PARSED, BOUND, row(), row(b"xyz"), complete("SELECT 2"), ready("I"))
    assert [each.rows for each in harness.closed] == [1, 0, 2]
    assert harness.closed[2].size == 2 * 6 + 1 + 3
    assert [each.error for each in harness.closed] == ["", "22012", ""]


def test_extended_round_trip_counts_rows_per_statement() -> None:
    harness = ProtocolHarness()
    harness.client(parse("begin"), bind(), execute())
    harness.client(parse("select a", "s", (23,)), bind("s", values=(b"1",)), execute(), SYNC)
    harness.server(PARSED, BOUND, complete("BEGIN"), PARSED, BOUND, row(), row())
    harness.server(complete("SELECT 2"), ready("T"))
    (trip,) = harness.closed
    assert [(each.sql, each.rows, each.tag) for each in trip.statements] == [
        ("begin", 0, "BEGIN"),
        ("select a", 2, "SELECT 2"),
    ]
    assert (trip.statements[1].parameters, trip.statements[1].types) == (1, (23,))
    assert (trip.before, trip.after, trip.rows) == ("", "T", 2)


def test_prepared_statement_keeps_the_text_of_its_parse() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select a", "s"), describe("s"), SYNC)
    types = message("t", struct.pack(">HI", 1, 25))
    harness.server(PARSED, types, NO_DATA, ready())
    harness.client(bind("s", "p", (b"v",)), execute("p"), SYNC)
    harness.server(BOUND, complete("SELECT 0"), ready())
    harness.client(message("C", b"Ss\0"), SYNC)
    harness.server(message("3"), ready())
    harness.client(bind("s"), execute(), SYNC)
    harness.server(error("26000"), ready())
    assert harness.sql() == ["select a", "select a", "(no statement)", UNKNOWN_SQL]
    first, second = harness.closed[0].statements[0], harness.closed[1].statements[0]
    assert (first.executed, first.types, second.types) == (False, (25,), (25,))


def test_failed_parse_keeps_the_previous_statement() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select good", "s"), SYNC)
    harness.server(PARSED, ready())
    harness.client(parse("select bad", "s"), SYNC)
    harness.server(error("42P05"), ready())
    harness.client(bind("s"), execute(), SYNC)
    harness.server(BOUND, complete("SELECT 0"), ready())
    assert harness.sql()[-1] == "select good"


def test_portal_is_executed_in_several_round_trips() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select many"), bind(portal="c"), execute("c"), SYNC)
    harness.server(PARSED, BOUND, row(), message("s"), ready("T"))
    harness.client(execute("c"), SYNC)
    harness.server(row(), complete("SELECT 1"), ready("T"))
    assert harness.sql() == ["select many", "select many"]
    assert [each.rows for each in harness.closed] == [1, 1]


def test_flushed_round_trips_end_with_their_replies() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select a"), bind(), execute(), FLUSH)
    harness.server(PARSED, BOUND, row())
    assert not harness.closed
    harness.server(complete("SELECT 1"))
    assert [each.kind for each in harness.closed] == [Kind.FLUSHED]
    assert harness.tracker.state.awaiting_sync
    harness.client(parse("select b"), bind(), execute(), SYNC)
    harness.server(PARSED, BOUND, complete("SELECT 0"), ready())
    assert [each.kind for each in harness.closed] == [Kind.FLUSHED, Kind.EXTENDED]
    assert not harness.tracker.state.awaiting_sync


def test_flushed_round_trips_after_error_are_skipped_until_sync() -> None:
    harness = ProtocolHarness()
    for name in "abc":
        harness.client(parse(f"select {name}"), bind(), execute(), FLUSH)
    harness.server(PARSED, BOUND, complete("SELECT 0"), error("22012"))
    harness.client(parse("select d"), bind(), execute(), FLUSH)
    assert [each.outcome for each in harness.closed] == [
        Outcome.ANSWERED,
        Outcome.ANSWERED,
        Outcome.SKIPPED,
        Outcome.SKIPPED,
    ]
    harness.client(SYNC)
    harness.server(ready())
    harness.client(query("select e"))
    harness.server(complete("SELECT 0"), ready())
    assert harness.sql()[-2:] == ["(no statement)", "select e"]
    assert not harness.tracker.state.pending


def test_second_sync_after_copy_in_extended_query_is_ignored() -> None:
    harness = ProtocolHarness()
    harness.client(parse("copy t from stdin"), bind(), execute(), SYNC)
    harness.server(PARSED, BOUND, message("G", b"\0\0\0"))
    harness.client(message("d", b"1\n"), message("c"), SYNC)
    harness.server(complete("COPY 1"), ready())
    harness.client(query("select 1"))
    harness.server(row(), complete("SELECT 1"), ready())
    assert harness.sql() == ["copy t from stdin", "select 1"]
    assert harness.closed[0].affected == 1


def test_sync_after_copy_in_simple_query_is_a_round_trip() -> None:
    harness = ProtocolHarness()
    harness.client(query("copy t from stdin"))
    harness.server(message("G", b"\0\0\0"))
    harness.client(message("d", b"1\n"), message("f", b"no\0"))
    harness.server(error("57014"), ready())
    harness.client(SYNC)
    harness.server(ready())
    assert harness.sql() == ["copy t from stdin", "(no statement)"]


def test_simple_query_with_several_statements_is_one_round_trip() -> None:
    harness = ProtocolHarness()
    harness.client(query("begin; insert into t values (1), (2); commit"))
    harness.server(complete("BEGIN"), complete("INSERT 0 2"), complete("COMMIT"), ready())
    (trip,) = harness.closed
    assert trip.statements[0].tag == "BEGIN; INSERT 0 2; COMMIT"
    assert (trip.affected, trip.rows, trip.after) == (2, 0, "I")


def test_asynchronous_messages_belong_to_no_round_trip() -> None:
    harness = ProtocolHarness()
    harness.server(message("K", struct.pack(">II", 4711, 1)), message("S", b"a\0b\0"), ready())
    harness.server(message("A", bytes(4) + b"news\0\0"), message("N", b"\0"))
    harness.client(query("select 1"))
    harness.server(message("A", bytes(4) + b"news\0\0"), complete("SELECT 0"), ready())
    harness.server(error("57P01", "shutting down"))
    assert harness.tracker.backend.pid == 4711
    assert harness.tracker.backend.failure == "shutting down"
    assert harness.closed[0].error == ""


def test_function_call_is_a_round_trip() -> None:
    harness = ProtocolHarness()
    harness.client(message("F", struct.pack(">IHHH", 1598, 0, 0, 0)))
    harness.server(message("V", struct.pack(">i", -1)), ready())
    assert harness.sql() == ["(call of function 1598)"]
    assert harness.closed[0].kind is Kind.FUNCTION_CALL


def test_lost_connection_ends_pending_round_trips() -> None:
    harness = ProtocolHarness()
    harness.client(query("commit"))
    harness.tracker.lose()
    assert harness.closed[0].outcome is Outcome.LOST
    assert harness.closed[0].seconds > 0


def test_least_recently_used_prepared_statement_is_evicted() -> None:
    harness = ProtocolHarness()
    for number in range(MAX_NAMES * 2):
        harness.client(parse(f"select {number}", f"s{number}"), bind("s0"), execute(), SYNC)
        harness.server(PARSED, BOUND, complete("SELECT 0"), ready())
    harness.client(bind("s0"), execute(), bind("s1"), execute(), SYNC)
    harness.server(BOUND, complete("SELECT 0"), error("26000"), ready())
    assert [each.sql for each in harness.closed[-1].statements] == ["select 0", UNKNOWN_SQL]
    assert len(harness.tracker.frontend.names.prepared) <= MAX_NAMES


def test_statements_above_the_limit_are_only_counted() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select a", "s"), *[bind("s"), execute()] * 1000, SYNC)
    harness.server(PARSED, *[BOUND, complete("SELECT 0")] * 1000, ready())
    (trip,) = harness.closed
    assert len(trip.statements) == MAX_STATEMENTS
    assert len(trip.statements) + trip.omitted == 1000


def test_long_sql_is_truncated_and_its_types_are_unknown() -> None:
    harness = ProtocolHarness()
    harness.client(parse("select " + "x" * MAX_BODY_READ, types=(23,)), bind(), execute(), SYNC)
    (statement,) = harness.opened[0].statements
    assert len(statement.sql) == 4000
    assert statement.types == ()


@pytest.mark.parametrize("odd", [b"?\0\0\0\4", b"Q\0\0\0\0", b"\0\0\0\0\0", b"D\0\0\0\6Sx"])
def test_malformed_message_raises_protocol_error(odd: bytes) -> None:
    with pytest.raises(ProtocolError):
        ProtocolHarness().client(odd)
