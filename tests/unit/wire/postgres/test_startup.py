"""Startup packets, and the address of a proxied database."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from worksample.services.postgres.databases import Database
from worksample.services.postgres.login import Login
from worksample.wire.postgres.startup import StartupKind, read_startup_packet


def packet(code: int, body: bytes = b"") -> bytes:
    return struct.pack(">II", len(body) + 8, code) + body


@dataclass(frozen=True)
class Case:
    data: bytes
    kind: StartupKind


@pytest.mark.parametrize(
    "case",
    [
        Case(b"", StartupKind.INCOMPLETE),
        Case(packet(196608, b"user\0a\0\0")[:-1], StartupKind.INCOMPLETE),
        Case(packet(196608, b"user\0a\0\0") + b"rest", StartupKind.STARTUP),
        Case(packet(196610, b"user\0a\0\0"), StartupKind.STARTUP),
        Case(packet(196608, b"user\0a\0replication\0on\0\0"), StartupKind.UNSUPPORTED),
        Case(packet(196608, b"user\0a\0replication\0false\0\0"), StartupKind.STARTUP),
        Case(packet(131072), StartupKind.UNSUPPORTED),
        Case(packet(80877102, bytes(8)), StartupKind.CANCEL),
        Case(packet(80877103), StartupKind.ENCRYPTION),
        Case(packet(80877104), StartupKind.ENCRYPTION),
        Case(b"\x16\x03\x01", StartupKind.DIRECT_TLS),
        Case(b"GET / HTTP/1.1\r\n", StartupKind.UNSUPPORTED),
        Case(b"\0\0\0\1\0\0\0\0", StartupKind.UNSUPPORTED),
    ],
)
def test_kind_of_startup_packet(case: Case) -> None:
    assert read_startup_packet(case.data).kind is case.kind


def test_startup_parameters_are_parsed() -> None:
    found = read_startup_packet(packet(196608, b"user\0a\0application_name\0my app\0\0"))
    assert found.parameters == {"user": "a", "application_name": "my app"}


def test_proxied_database_changes_only_the_address() -> None:
    login = Login("db.example", 5433, "us er", "p@ss:w/d", {"connect_timeout": "3"})
    upstream = Database("app", login, login)
    proxied = upstream.at("127.0.0.1", 4444)
    assert proxied.url == "postgresql://us%20er:p%40ss%3Aw%2Fd@127.0.0.1:4444/app?connect_timeout=3"
    assert proxied.environment == {
        **upstream.environment,
        "DATABASE_URL": proxied.url,
        "PGHOST": "127.0.0.1",
        "PGPORT": "4444",
    }
    assert proxied.placeholders["postgres.port"] == "4444"
    assert set(proxied.placeholders) == set(upstream.placeholders)
    assert (proxied.name, proxied.admin_url) == ("app", upstream.admin_url)
