"""When a reply is complete: what MariaDB's own clients and others ask for beyond the usual."""

from __future__ import annotations

from typing import Any

import pytest

from worksample.wire.mysql import ProtocolTracker, normalized_sql
from worksample.wire.mysql.capabilities import CACHE_METADATA, DEPRECATE_EOF, PROGRESS
from worksample.wire.mysql.statements import SqlStatement
from worksample.wire.protocol import ProtocolError
from worksample.wire.round_trips import Outcome, RoundTrip

OK = bytes.fromhex("00 00 00 02 00 00 00")
OK_IN_TRANSACTION = bytes.fromhex("00 01 00 03 00 00 00")
EOF = bytes.fromhex("fe 00 00 02 00")
EOF_WITH_CURSOR = bytes.fromhex("fe 00 00 42 00")
MORE = bytes.fromhex("00 05 00 0a 00 00 00")
OK_AS_EOF = bytes.fromhex("fe 00 00 02 00 00 00")
COLUMN = b"\x03def" + bytes(20)
ROW = b"\x011"
PROGRESS_REPORT = b"\xff\xff\xff\x01\x01\x02\x00\x00\x00\x05alter"
QUERY, PREPARE, EXECUTE, CLOSE, FETCH = b"\x03", b"\x16", b"\x17", b"\x19", b"\x1c"


def error(code: int) -> bytes:
    return b"\xff" + code.to_bytes(2, "little") + b"#HY000it failed"


def prepared(number: int, columns: int, parameters: int) -> bytes:
    return b"\0" + b"".join(
        value.to_bytes(size, "little")
        for value, size in ((number, 4), (columns, 2), (parameters, 2), (0, 1), (0, 2))
    )


class Dialogue:
    """A connection whose client and server are logged in, with `capabilities` in common."""

    def __init__(self, capabilities: int = 0) -> None:
        self.ended: list[RoundTrip] = []
        self.tracker = ProtocolTracker(1, lambda trip: False, self.ended.append)
        self.tracker.state.capabilities = capabilities
        self.tracker.state.in_transaction = False

    def send(self, payload: bytes) -> None:
        """Send a command of the client."""
        data = len(payload).to_bytes(3, "little") + b"\0" + payload
        assert self.tracker.requests.scan(data) == len(data)

    def reply(self, *payloads: bytes) -> None:
        """Send packets of the server."""
        for number, payload in enumerate(payloads, 1):
            data = len(payload).to_bytes(3, "little") + bytes([number % 256]) + payload
            assert self.tracker.replies.scan(data) == len(data)

    @property
    def last(self) -> RoundTrip:
        """The only round trip that has ended since the last call."""
        [trip] = self.ended
        self.ended.clear()
        return trip


def test_rows_end_with_the_packet_that_the_client_chose() -> None:
    for capabilities, answer in (
        (0, (b"\x01", COLUMN, EOF, ROW, ROW, EOF)),
        (DEPRECATE_EOF, (b"\x01", COLUMN, ROW, ROW, OK_AS_EOF)),
    ):
        dialogue = Dialogue(capabilities)
        dialogue.send(QUERY + b"SELECT 1")
        dialogue.reply(*answer[:-1])
        assert not dialogue.ended
        dialogue.reply(answer[-1])
        assert (dialogue.last.rows, dialogue.tracker.idle) == (2, True)


def test_several_results_are_one_reply() -> None:
    dialogue = Dialogue()
    dialogue.send(QUERY + b"UPDATE a SET b = 1; UPDATE c SET d = 2")
    dialogue.reply(MORE)
    assert not dialogue.ended
    dialogue.reply(OK_IN_TRANSACTION)
    trip = dialogue.last
    assert (trip.affected, trip.after) == (6, "T")
    assert trip.statements[0].tag.split("; ")[:2] == ["UPDATE", "UPDATE"]


@pytest.mark.parametrize("eof", [True, False])
def test_definitions_that_the_client_knows_are_left_out(eof: bool) -> None:
    dialogue = Dialogue(CACHE_METADATA | (0 if eof else DEPRECATE_EOF))
    ends = (EOF,) if eof else ()
    dialogue.send(QUERY + b"SELECT 1")
    dialogue.reply(b"\x01\x01", COLUMN, *ends, ROW, EOF if eof else OK_AS_EOF)
    assert dialogue.last.rows == 1
    dialogue.send(EXECUTE + bytes(9))
    dialogue.reply(b"\x01\x00", *ends, ROW, ROW, EOF if eof else OK_AS_EOF)
    assert dialogue.last.rows == 2


def test_report_of_progress_is_no_end() -> None:
    dialogue = Dialogue(PROGRESS)
    dialogue.send(QUERY + b"ALTER TABLE t ADD c int")
    dialogue.reply(PROGRESS_REPORT, PROGRESS_REPORT)
    assert not dialogue.ended
    dialogue.reply(OK)
    assert dialogue.last.error == ""


def test_cursor_is_opened_and_fetched_in_round_trips_of_their_own() -> None:
    dialogue = Dialogue()
    dialogue.send(EXECUTE + bytes(9))
    dialogue.reply(b"\x01", COLUMN, EOF_WITH_CURSOR)
    assert dialogue.last.rows == 0
    dialogue.send(FETCH + bytes(8))
    dialogue.reply(b"\0\0\1", b"\0\0\2", EOF_WITH_CURSOR)
    assert dialogue.last.rows == 2


@pytest.mark.parametrize(("capabilities", "ends"), [(0, 1), (DEPRECATE_EOF, 0)])
def test_prepared_statement_is_known_by_its_number(capabilities: int, ends: int) -> None:
    dialogue = Dialogue(capabilities)
    dialogue.send(PREPARE + b"SELECT a, b FROM t WHERE c = ?")
    dialogue.reply(prepared(7, 2, 1), COLUMN, *[EOF] * ends, COLUMN, COLUMN)
    assert len(dialogue.ended) == 1 - ends
    dialogue.reply(*[EOF] * ends)
    assert not dialogue.last.statements[0].executed
    dialogue.send(EXECUTE + b"\x07\0\0\0" + bytes(5))
    dialogue.reply(OK)
    [statement] = dialogue.last.statements
    assert (statement.sql, statement.parameters) == ("SELECT a, b FROM t WHERE c = ?", 1)
    dialogue.send(CLOSE + b"\x07\0\0\0")
    dialogue.send(EXECUTE + b"\x07\0\0\0" + bytes(5))
    dialogue.reply(error(1243))
    assert "unknown text" in dialogue.last.statements[0].sql


def test_statement_without_values_and_columns_is_prepared_by_one_packet() -> None:
    dialogue = Dialogue()
    dialogue.send(PREPARE + b"COMMIT")
    dialogue.reply(prepared(1, 0, 0))
    assert dialogue.last.outcome is Outcome.ANSWERED


def test_statement_is_executed_before_its_number_is_known() -> None:
    dialogue = Dialogue()
    dialogue.send(PREPARE + b"INSERT INTO t VALUES (?)")
    dialogue.send(EXECUTE + b"\xff\xff\xff\xff" + bytes(5))
    assert dialogue.tracker.pipelined
    dialogue.reply(prepared(3, 0, 1), COLUMN, EOF)
    dialogue.reply(OK_IN_TRANSACTION)
    first, second = dialogue.ended
    assert first.statements[0].sql == second.statements[0].sql
    assert (first.statements[0].executed, second.statements[0].executed) == (False, True)
    assert second.statements[0].changed_rows


@pytest.mark.parametrize(("code", "after"), [(1062, "T"), (1205, "T"), (1213, "I"), (1020, "I")])
def test_error_leaves_or_ends_the_transaction(code: int, after: str) -> None:
    dialogue = Dialogue()
    dialogue.send(QUERY + b"INSERT INTO t VALUES (1)")
    dialogue.reply(OK_IN_TRANSACTION)
    assert dialogue.last.after == "T"
    dialogue.send(QUERY + b"INSERT INTO t VALUES (1)")
    dialogue.reply(error(code))
    trip = dialogue.last
    assert (trip.error, trip.message, trip.before, trip.after) == (
        str(code),
        "it failed",
        "T",
        after,
    )
    assert not trip.statements[0].writes


def test_farewell_of_the_server_belongs_to_nothing() -> None:
    dialogue = Dialogue()
    dialogue.reply(error(1927))
    assert not dialogue.ended


@pytest.mark.parametrize(("sent", "got"), [(b"", OK), (QUERY + b"LOAD DATA LOCAL", b"\xfbfile")])
def test_what_cannot_be_followed_is_forwarded(sent: bytes, got: bytes) -> None:
    dialogue = Dialogue()
    if sent:
        dialogue.send(sent)
    with pytest.raises(ProtocolError):
        dialogue.reply(got)


def test_command_of_unknown_type_is_forwarded() -> None:
    with pytest.raises(ProtocolError, match="0x12"):
        Dialogue().send(b"\x12")


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        (
            "SELECT `A` FROM `t` WHERE b = 'it''s' AND c = 5",
            "select `A` from `t` where b = ? and c = ?",
        ),
        ('SELECT "a \\" b" -- why', "select ?"),
        ("SELECT 1 # why\n FROM t", "select ? from t"),
        ("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "insert into t values (?...)..."),
        ("SELECT a -1", "select a -?"),
    ],
)
def test_shape_has_no_values(sql: str, shape: str) -> None:
    assert normalized_sql(sql) == shape


@pytest.mark.parametrize(
    ("sql", "facts"),
    [
        ("SET autocommit=0", {"is_control": True, "is_housekeeping": True}),
        ("START TRANSACTION", {"is_control": True, "is_housekeeping": True}),
        ("SELECT @@version", {"is_control": False, "is_housekeeping": True}),
        ("SET NAMES utf8mb4", {"is_control": False, "is_housekeeping": True}),
        ("SELECT a FROM t", {"is_control": False, "is_housekeeping": False, "writes": False}),
        ("REPLACE INTO t VALUES (1)", {"writes": True, "is_housekeeping": False}),
        ("DROP TABLE t", {"writes": True, "changed_rows": False}),
    ],
)
def test_text_tells_what_a_statement_does(sql: str, facts: dict[str, Any]) -> None:
    statement = SqlStatement(sql, executed=True)
    statement.succeed()
    assert {name: getattr(statement, name) for name in facts} == facts
