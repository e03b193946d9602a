"""The protocol of Valkey, tracked from bytes alone, however the network splits them."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from worksample.wire.protocol import ProtocolError
from worksample.wire.resp import Command, ProtocolTracker
from worksample.wire.round_trips import Outcome, RoundTrip

#: What client ("C") and server ("S") say in turns, without secrets in it.
DIALOGUE: list[tuple[str, bytes]] = [
    ("C", b"*3\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n"),
    ("S", b"%1\r\n$5\r\nproto\r\n:3\r\n"),
    ("C", b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100\r\n" + b"\r\n*$" * 25 + b"\r\n"),
    ("S", b"+OK\r\n"),
    ("C", b"*2\r\n$6\r\nclient\r\n$2\r\nid\r\nget a\r\n\r\n*0\r\nGET b\r\n"),
    ("S", b":7\r\n$100\r\n" + b"\r\n*$" * 25 + b"\r\n"),
    ("S", b">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n_\r\n"),
    ("C", b"*2\r\n$7\r\nHGETALL\r\n$1\r\nh\r\n"),
    ("S", b"|1\r\n+ttl\r\n:1\r\n%2\r\n+a\r\n*2\r\n,1.5\r\n#t\r\n"),
    ("S", b"|1\r\n+x\r\n*0\r\n+b\r\n~1\r\n(1234567\r\n"),
    ("C", b"*5\r\n$4\r\nEVAL\r\n$3\r\nxyz\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n"),
    ("S", b"!9\r\nERR oh no\r\n"),
    ("C", b"*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n$1\r\nb\r\n"),
    ("S", b">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n"),
    ("S", b">3\r\n$7\r\nmessage\r\n$1\r\na\r\n$5\r\nhello\r\n"),
    ("C", b"MULTI\r\nINCR n\r\nEXEC\r\n"),
    ("S", b"+OK\r\n+QUEUED\r\n*1\r\n:1\r\n"),
]  # fmt: skip
COMMANDS = [
    *("HELLO", "SET", "CLIENT ID", "GET", "GET", "HGETALL"),
    *("EVAL", "SUBSCRIBE", "MULTI", "INCR", "EXEC"),
]


class Session:
    """A tracker and what it reported; bytes that it does not consume are passed again."""

    def __init__(self) -> None:
        self.ended: list[RoundTrip] = []
        self.tracker = ProtocolTracker(1, lambda trip: False, self.ended.append, lambda: 0.0)
        self.rest = {"C": b"", "S": b""}

    def feed(self, side: str, data: bytes) -> None:
        scanner = self.tracker.requests if side == "C" else self.tracker.replies
        whole = self.rest[side] + data
        self.rest[side] = whole[scanner.scan(whole) :]

    def summary(self) -> list[tuple[object, ...]]:
        return [
            (*(each.sql, each.keys, each.sent, each.size, each.rows, each.executed), trip.error)
            for trip in self.ended
            for each in trip.statements
            if isinstance(each, Command)
        ]


def played(dialogue: Iterable[tuple[str, bytes]]) -> Session:
    session = Session()
    for side, data in dialogue:
        session.feed(side, data)
    assert session.rest == {"C": b"", "S": b""}
    return session


def test_dialogue_is_tracked() -> None:
    session = played(DIALOGUE)
    assert [each[0] for each in session.summary()] == COMMANDS
    assert all(trip.outcome is Outcome.ANSWERED for trip in session.ended)
    assert session.tracker.idle
    by_name = {each.sql: each for trip in session.ended for each in trip.statements}
    assert [trip.error for trip in session.ended if trip.error] == ["ERR"]
    assert isinstance(evaluated := by_name["EVAL"], Command)
    assert (evaluated.keys, by_name["HGETALL"].rows) == (2, 4)
    assert by_name["INCR"].executed
    assert [(trip.before, trip.after) for trip in session.ended[-3:]] == [
        *(("I", "T"), ("T", "T"), ("T", "I"))
    ]


def test_every_split_is_tracked_alike() -> None:
    whole = played(DIALOGUE).summary()
    single = [(side, data[i : i + 1]) for side, data in DIALOGUE for i in range(len(data))]
    assert played(single).summary() == whole
    for index, (side, data) in enumerate(DIALOGUE):
        for at in range(1, len(data)):
            halves = [(side, data[:at]), (side, data[at:])]
            dialogue = [*DIALOGUE[:index], *halves, *DIALOGUE[index + 1 :]]
            assert played(dialogue).summary() == whole, (side, data[:at])


def test_held_command_stops_the_scan_before_it() -> None:
    begun: list[str] = []

    def begin(trip: RoundTrip) -> bool:
        begun.append(str(trip))
        return str(trip) == "SET"

    tracker = ProtocolTracker(1, begin, lambda trip: None)
    data = b"PING\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\nGET a\r\n"
    end = tracker.requests.scan(data)
    assert data[: tracker.requests.stopped] == b"PING\r\n"
    assert begun == ["PING", "SET"]
    assert tracker.requests.scan(data, end) == len(data)
    assert begun == ["PING", "SET", "GET"]


@pytest.mark.parametrize(
    ("side", "data"),
    [
        ("C", b"*1\r\n+PING\r\n"),
        ("C", b"*x\r\n"),
        ("C", b"*" + b"1" * 40),
        ("C", b"*1\r\n$-1\r\n"),
        ("C", b"x" * 70_000),
        ("C", b"MONITOR\r\n"),
        ("C", b"*3\r\n$6\r\nclient\r\n$5\r\nreply\r\n$3\r\noff\r\n"),
        ("S", b"hello\r\n"),
        ("S", b"+OK\r\n"),
        ("S", b"$?\r\n"),
        ("S", b"*1\r\n" * 1000),
        ("S", b"+" + b"x" * 70_000),
    ],
)
def test_rejects_what_cannot_be_tracked(side: str, data: bytes) -> None:
    with pytest.raises(ProtocolError):
        Session().feed(side, data)


def test_random_bytes_are_tracked_or_rejected() -> None:
    random = Random(7)
    alphabet = b"*$>%|~+-:_#,(!=0123456789\r\n\r\n\"' aGET"
    for _ in range(3000):
        data = bytes(random.choices(alphabet, k=random.randint(1, 60)))
        for side in "CS":
            session = Session()
            try:
                if side == "S":
                    session.feed("C", b"GET a\r\n" * 20)
                session.feed(side, data)
            except ProtocolError:
                continue


def test_farewell_of_the_server_is_no_reply() -> None:
    session = Session()
    step = session.tracker.server_handshake(b"-ERR max number of clients reached\r\n")
    assert step.done
    session.feed("S", step.rest)
    assert not session.ended


def test_lost_connection_ends_pending_commands() -> None:
    session = Session()
    session.feed("C", b"BLPOP a 0\r\n")
    assert not session.tracker.idle
    session.tracker.lose()
    assert [trip.outcome for trip in session.ended] == [Outcome.LOST]
