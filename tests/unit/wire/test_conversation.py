"""Which round trip an answer belongs to, also where clients do not wait for answers."""

from __future__ import annotations

import struct

import pytest

from tests.unit.wire.talk import (
    BOUND,
    FLUSH,
    NO_DATA,
    PARSED,
    SYNC,
    Talk,
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
from worksample.wire.framing import LOOKED_AT, NotUnderstood
from worksample.wire.statements import MOST_NAMES, UNKNOWN
from worksample.wire.trips import MOST_STATEMENTS, Kind, Outcome


def test_several_syncs_in_flight() -> None:
    talk = Talk()
    for number in range(3):
        talk.client(parse(f"select {number}"), bind(), execute(), SYNC)
    talk.server(PARSED, BOUND, row(), complete("SELECT 1"), ready("I"))
    talk.server(PARSED, BOUND, error("22012"), ready("I"))
    assert talk.sql() == ["select 0", "select 1"]
    talk.server(PARSED, BOUND, row(), row(b"xyz"), complete("SELECT 2"), ready("I"))
    assert [each.rows for each in talk.closed] == [1, 0, 2]
    assert talk.closed[2].size == 2 * 6 + 1 + 3
    assert [each.error for each in talk.closed] == ["", "22012", ""]


def test_a_batch_has_several_statements_and_each_its_rows() -> None:
    talk = Talk()
    talk.client(parse("begin"), bind(), execute())
    talk.client(parse("select a", "s", (23,)), bind("s", values=(b"1",)), execute(), SYNC)
    talk.server(PARSED, BOUND, complete("BEGIN"), PARSED, BOUND, row(), row())
    talk.server(complete("SELECT 2"), ready("T"))
    (trip,) = talk.closed
    assert [(each.sql, each.rows, each.tag) for each in trip.statements] == [
        ("begin", 0, "BEGIN"),
        ("select a", 2, "SELECT 2"),
    ]
    assert (trip.statements[1].parameters, trip.statements[1].types) == (1, (23,))
    assert (trip.before, trip.after, trip.rows) == ("", "T", 2)


def test_a_statement_by_name_has_the_text_of_its_parse() -> None:
    talk = Talk()
    talk.client(parse("select a", "s"), describe("s"), SYNC)
    types = message("t", struct.pack(">HI", 1, 25))
    talk.server(PARSED, types, NO_DATA, ready())
    talk.client(bind("s", "p", (b"v",)), execute("p"), SYNC)
    talk.server(BOUND, complete("SELECT 0"), ready())
    talk.client(message("C", b"Ss\0"), SYNC)
    talk.server(message("3"), ready())
    talk.client(bind("s"), execute(), SYNC)
    talk.server(error("26000"), ready())
    assert talk.sql() == ["select a", "select a", "(no statement)", UNKNOWN]
    first, second = talk.closed[0].statements[0], talk.closed[1].statements[0]
    assert (first.executed, first.types, second.types) == (False, (25,), (25,))


def test_a_parse_that_failed_names_nothing() -> None:
    talk = Talk()
    talk.client(parse("select good", "s"), SYNC)
    talk.server(PARSED, ready())
    talk.client(parse("select bad", "s"), SYNC)
    talk.server(error("42P05"), ready())
    talk.client(bind("s"), execute(), SYNC)
    talk.server(BOUND, complete("SELECT 0"), ready())
    assert talk.sql()[-1] == "select good"


def test_a_portal_can_be_executed_in_several_round_trips() -> None:
    talk = Talk()
    talk.client(parse("select many"), bind(portal="c"), execute("c"), SYNC)
    talk.server(PARSED, BOUND, row(), message("s"), ready("T"))
    talk.client(execute("c"), SYNC)
    talk.server(row(), complete("SELECT 1"), ready("T"))
    assert talk.sql() == ["select many", "select many"]
    assert [each.rows for each in talk.closed] == [1, 1]


def test_parts_of_a_batch_end_with_their_answers() -> None:
    talk = Talk()
    talk.client(parse("select a"), bind(), execute(), FLUSH)
    talk.server(PARSED, BOUND, row())
    assert not talk.closed
    talk.server(complete("SELECT 1"))
    assert [each.kind for each in talk.closed] == [Kind.PART]
    assert talk.conversation.legs.unsynced
    talk.client(parse("select b"), bind(), execute(), SYNC)
    talk.server(PARSED, BOUND, complete("SELECT 0"), ready())
    assert [each.kind for each in talk.closed] == [Kind.PART, Kind.BATCH]
    assert not talk.conversation.legs.unsynced


def test_parts_after_an_error_are_skipped_up_to_the_sync() -> None:
    talk = Talk()
    for name in "abc":
        talk.client(parse(f"select {name}"), bind(), execute(), FLUSH)
    talk.server(PARSED, BOUND, complete("SELECT 0"), error("22012"))
    talk.client(parse("select d"), bind(), execute(), FLUSH)
    assert [each.outcome for each in talk.closed] == [
        Outcome.ANSWERED,
        Outcome.ANSWERED,
        Outcome.SKIPPED,
        Outcome.SKIPPED,
    ]
    talk.client(SYNC)
    talk.server(ready())
    talk.client(query("select e"))
    talk.server(complete("SELECT 0"), ready())
    assert talk.sql()[-2:] == ["(no statement)", "select e"]
    assert not talk.conversation.legs.pending


def test_copy_in_a_batch_has_a_second_sync_that_is_no_round_trip() -> None:
    talk = Talk()
    talk.client(parse("copy t from stdin"), bind(), execute(), SYNC)
    talk.server(PARSED, BOUND, message("G", b"\0\0\0"))
    talk.client(message("d", b"1\n"), message("c"), SYNC)
    talk.server(complete("COPY 1"), ready())
    talk.client(query("select 1"))
    talk.server(row(), complete("SELECT 1"), ready())
    assert talk.sql() == ["copy t from stdin", "select 1"]
    assert talk.closed[0].affected == 1


def test_a_sync_after_copy_in_a_simple_query_is_one() -> None:
    talk = Talk()
    talk.client(query("copy t from stdin"))
    talk.server(message("G", b"\0\0\0"))
    talk.client(message("d", b"1\n"), message("f", b"no\0"))
    talk.server(error("57014"), ready())
    talk.client(SYNC)
    talk.server(ready())
    assert talk.sql() == ["copy t from stdin", "(no statement)"]


def test_a_simple_query_may_hold_several_statements() -> None:
    talk = Talk()
    talk.client(query("begin; insert into t values (1), (2); commit"))
    talk.server(complete("BEGIN"), complete("INSERT 0 2"), complete("COMMIT"), ready())
    (trip,) = talk.closed
    assert trip.statements[0].tag == "BEGIN; INSERT 0 2; COMMIT"
    assert (trip.affected, trip.rows, trip.after) == (2, 0, "I")


def test_messages_out_of_turn_belong_to_nobody() -> None:
    talk = Talk()
    talk.server(message("K", struct.pack(">II", 4711, 1)), message("S", b"a\0b\0"), ready())
    talk.server(message("A", bytes(4) + b"news\0\0"), message("N", b"\0"))
    talk.client(query("select 1"))
    talk.server(message("A", bytes(4) + b"news\0\0"), complete("SELECT 0"), ready())
    talk.server(error("57P01", "shutting down"))
    assert talk.conversation.answering.pid == 4711
    assert talk.conversation.answering.failure == "shutting down"
    assert talk.closed[0].error == ""


def test_a_function_call_is_a_round_trip() -> None:
    talk = Talk()
    talk.client(message("F", struct.pack(">IHHH", 1598, 0, 0, 0)))
    talk.server(message("V", struct.pack(">i", -1)), ready())
    assert talk.sql() == ["(call of function 1598)"]
    assert talk.closed[0].kind is Kind.CALL


def test_what_is_lost_is_told() -> None:
    talk = Talk()
    talk.client(query("commit"))
    talk.conversation.lose()
    assert talk.closed[0].outcome is Outcome.LOST
    assert talk.closed[0].seconds > 0


def test_one_that_prepares_everything_is_forgotten_in_order_of_use() -> None:
    talk = Talk()
    for number in range(MOST_NAMES * 2):
        talk.client(parse(f"select {number}", f"s{number}"), bind("s0"), execute(), SYNC)
        talk.server(PARSED, BOUND, complete("SELECT 0"), ready())
    talk.client(bind("s0"), execute(), bind("s1"), execute(), SYNC)
    talk.server(BOUND, complete("SELECT 0"), error("26000"), ready())
    assert [each.sql for each in talk.closed[-1].statements] == ["select 0", UNKNOWN]
    assert len(talk.conversation.asking.names.prepared) <= MOST_NAMES


def test_of_very_many_statements_the_number_is_kept() -> None:
    talk = Talk()
    talk.client(parse("select a", "s"), *[bind("s"), execute()] * 1000, SYNC)
    talk.server(PARSED, *[BOUND, complete("SELECT 0")] * 1000, ready())
    (trip,) = talk.closed
    assert len(trip.statements) == MOST_STATEMENTS
    assert len(trip.statements) + trip.more == 1000


def test_long_texts_are_cut_and_types_behind_them_unknown() -> None:
    talk = Talk()
    talk.client(parse("select " + "x" * LOOKED_AT, types=(23,)), bind(), execute(), SYNC)
    (statement,) = talk.opened[0].statements
    assert len(statement.sql) == 4000
    assert statement.types == ()


@pytest.mark.parametrize("odd", [b"?\0\0\0\4", b"Q\0\0\0\0", b"\0\0\0\0\0", b"D\0\0\0\6Sx"])
def test_what_is_no_message_is_not_understood(odd: bytes) -> None:
    with pytest.raises(NotUnderstood):
        Talk().client(odd)
