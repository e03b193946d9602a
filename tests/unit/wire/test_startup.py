"""What the first packet of a client wants, and where a target is sent."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from worksample.services.support.pg_databases import Database, Login
from worksample.wire import Proxied
from worksample.wire.startup import Wish, read_opening


def packet(code: int, body: bytes = b"") -> bytes:
    return struct.pack(">II", len(body) + 8, code) + body


@dataclass(frozen=True)
class Case:
    data: bytes
    wish: Wish


@pytest.mark.parametrize(
    "case",
    [
        Case(b"", Wish.MORE),
        Case(packet(196608, b"user\0a\0\0")[:-1], Wish.MORE),
        Case(packet(196608, b"user\0a\0\0") + b"rest", Wish.TALK),
        Case(packet(196610, b"user\0a\0\0"), Wish.TALK),
        Case(packet(196608, b"user\0a\0replication\0on\0\0"), Wish.UNKNOWN),
        Case(packet(196608, b"user\0a\0replication\0false\0\0"), Wish.TALK),
        Case(packet(131072), Wish.UNKNOWN),
        Case(packet(80877102, bytes(8)), Wish.CANCEL),
        Case(packet(80877103), Wish.ENCRYPT),
        Case(packet(80877104), Wish.ENCRYPT),
        Case(b"\x16\x03\x01", Wish.UNKNOWN),
        Case(b"GET / HTTP/1.1\r\n", Wish.UNKNOWN),
        Case(b"\0\0\0\1\0\0\0\0", Wish.UNKNOWN),
    ],
)
def test_the_first_packet_says_what_is_wanted(case: Case) -> None:
    assert read_opening(case.data).wish is case.wish


def test_the_parameters_are_read() -> None:
    found = read_opening(packet(196608, b"user\0a\0application_name\0my app\0\0"))
    assert found.parameters == {"user": "a", "application_name": "my app"}


def test_only_the_address_is_the_wires() -> None:
    login = Login("db.example", 5433, "us er", "p@ss:w/d", {"connect_timeout": "3"})
    behind = Database("app", login, login)
    proxied = Proxied(behind, ("127.0.0.1", 4444))
    assert proxied.url == "postgresql://us%20er:p%40ss%3Aw%2Fd@127.0.0.1:4444/app?connect_timeout=3"
    assert proxied.environment == {
        **behind.environment,
        "DATABASE_URL": proxied.url,
        "PGHOST": "127.0.0.1",
        "PGPORT": "4444",
    }
    assert proxied.placeholders["postgres.port"] == "4444"
    assert set(proxied.placeholders) == set(behind.placeholders)
    assert (proxied.name, proxied.admin_url) == ("app", behind.admin_url)
