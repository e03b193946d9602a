"""Clients that use TLS or other protocols, send very large messages, or disconnect early."""

from __future__ import annotations

import asyncio
import struct
import sys
import tracemalloc
from urllib.parse import urlsplit

import asyncpg
import psycopg
import pytest

from tests.wire.harness import connect, rows, run_scene
from worksample.errors import UserError
from worksample.services.postgres import Database, ManagedPostgres, PostgresServer
from worksample.services.postgres.login import Login
from worksample.wire import Wire

LARGE = 100_000_000
MAX_TRACED_BYTES = 8_000_000
LARGE_CLIENT = """
import psycopg, sys
size = int(sys.argv[2])
with psycopg.connect(sys.argv[1]) as connection:
    (length,), = connection.execute("select length(%s)", ["x" * size]).fetchall()
    (text,), = connection.execute("select repeat('y', %s)", [size]).fetchall()
    literal = connection.execute("select length('" + "z" * size + "')").fetchone()
    print(length, len(text), literal[0])
"""


async def exchange(wire: Wire, sent: bytes) -> bytes:
    """Send bytes and EOF, and return all bytes received."""
    parts = urlsplit(wire.database.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(sent)
    writer.write_eof()
    try:
        return await reader.read()
    except ConnectionError:
        return b"reset"
    finally:
        writer.close()
        while wire.connections:
            await asyncio.sleep(0)


def test_client_that_requires_tls_is_reported_with_a_hint(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        for _ in range(3):
            with pytest.raises(psycopg.OperationalError, match="SSL"):
                await psycopg.AsyncConnection.connect(f"{wire.database.url}?sslmode=require")
        with pytest.raises(ConnectionError, match="SSL"):
            await asyncpg.connect(wire.database.url, ssl="require")
        while wire.connections:
            await asyncio.sleep(0)
        (trouble,) = wire.problems
        assert "requested an encrypted connection" in trouble
        assert "sslmode=disable" in trouble and "ssl: false" in trouble

    run_scene(server, scene)


def test_client_that_tries_again_without_tls_has_no_problem(server: PostgresServer) -> None:
    """pgx asks for TLS on one connection, and goes on without it on another."""

    async def scene(wire: Wire) -> None:
        with pytest.raises(psycopg.OperationalError, match="SSL"):
            await psycopg.AsyncConnection.connect(f"{wire.database.url}?sslmode=require")
        while wire.connections:
            await asyncio.sleep(0)
        assert wire.problems
        plain = f"{wire.database.url}?sslmode=disable"
        async with await psycopg.AsyncConnection.connect(plain) as connection:
            assert await rows(connection, "select 1") == [(1,)]
            assert not wire.problems

    run_scene(server, scene)


def test_client_that_prefers_tls_falls_back_to_plaintext(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        url = f"{wire.database.url}?sslmode=prefer&gssencmode=prefer"
        async with await psycopg.AsyncConnection.connect(url) as connection:
            assert await rows(connection, "select 1") == [(1,)]
        assert not wire.problems

    run_scene(server, scene)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), "sslnegotiation=direct"),
        (struct.pack(">IHH", 8, 2, 0), "protocol version 2.0"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "without being parsed"),
        (struct.pack(">II", 46, 196608) + b"user\0a\0replication\0database\0database\0b\0\0", ""),
    ],
)
def test_unsupported_traffic_is_passed_through_and_reported(
    server: PostgresServer, sent: bytes, words: str
) -> None:
    async def scene(wire: Wire) -> None:
        upstream = urlsplit(wire.upstream.url)
        reader, writer = await asyncio.open_connection(upstream.hostname, upstream.port)
        writer.write(sent)
        writer.write_eof()
        try:
            direct = await reader.read()
        except ConnectionError:
            direct = b"reset"
        writer.close()
        assert await exchange(wire, sent) == direct
        (trouble,) = wire.problems
        assert words in trouble

    run_scene(server, scene)


def test_clients_that_disconnect_early_leave_nothing(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        assert await exchange(wire, b"") == b""
        assert await exchange(wire, b"\0\0\0") == b""
        assert not wire.problems

    run_scene(server, scene)


def test_large_messages_are_streamed_in_bounded_memory(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        tracemalloc.start()
        try:
            client = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", LARGE_CLIENT, wire.database.url, str(LARGE)),
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await client.communicate()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert output.split() == [str(LARGE).encode()] * 3
        assert most < MAX_TRACED_BYTES
        assert wire.history[2].size > LARGE
        assert max(len(each.sql) for trip in wire.history for each in trip.statements) == 4000

    run_scene(server, scene)


def test_sixty_connections_open_and_close(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        async def one(number: int) -> None:
            async with connect(wire) as connection:
                assert await rows(connection, "select %s::int", number) == [(number,)]

        for start in range(0, 60, 20):
            await asyncio.gather(*map(one, range(start, start + 20)))
        assert len({each.connection for each in wire.history}) == 60

    run_scene(server, scene)


def test_login_failure_is_passed_through(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        for url in (wire.database.url, wire.upstream.url):
            password = urlsplit(url).password or ""
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                await psycopg.AsyncConnection.connect(url.replace(password, "wrong"))

    run_scene(server, scene)


def test_connections_break_when_postgres_stops_and_work_after_restart() -> None:
    async def main() -> None:
        async with ManagedPostgres.run() as own:
            database = await own.create_resource()
            async with Wire.open(database) as wire:
                connection = await psycopg.AsyncConnection.connect(wire.database.url)
                await own.stop()
                with pytest.raises(psycopg.OperationalError):
                    await rows(connection, "select 1")
                await connection.close()
                with pytest.raises(psycopg.OperationalError):
                    await psycopg.AsyncConnection.connect(wire.database.url)
                await own.launch()
                async with connect(wire) as again:
                    assert await rows(again, "select 1") == [(1,)]

    asyncio.run(main())


def test_upstream_that_requires_tls_raises_user_error() -> None:
    async def main() -> None:
        login = Login("localhost", 5432, "a", "b", {"sslmode": "verify-full"})
        with pytest.raises(UserError, match="TLS"):
            async with Wire.open(Database("c", login, login)):
                raise AssertionError("it must not open")

    asyncio.run(main())
