"""The program of a service: another port if one is taken, and the end of its log if it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from tests.support.mariadb import needs_mariadb
from worksample.errors import ServiceUnavailable
from worksample.sandbox.ports import free_port
from worksample.services import programs
from worksample.services.mysql.server import MariadbServer
from worksample.services.postgres.server import PostgresServer
from worksample.services.programs import PortTaken, on_a_free_port

Start = Callable[[], AbstractAsyncContextManager[Any]]


@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    """Listen on a port of 127.0.0.1; yield its number."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("service", "start"),
    [
        pytest.param("postgres", PostgresServer.start, id="PostgreSQL"),
        pytest.param("mysql", MariadbServer.run, id="MariaDB", marks=needs_mariadb),
    ],
)
def test_another_port_is_tried_where_one_was_taken(
    service: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with listening() as taken:
            free = free_port()
            ports = iter((taken, free))
            monkeypatch.setattr(
                f"worksample.services.{service}.server.free_port", lambda: next(ports)
            )
            async with start() as server:
                assert server.admin.port == free
                await (await server.create_resource()).drop()

    asyncio.run(scene())


def test_no_port_is_tried_for_ever() -> None:
    attempts: list[int] = []

    async def launch() -> None:
        attempts.append(1)
        raise PortTaken("Address already in use")

    with pytest.raises(PortTaken):
        asyncio.run(on_a_free_port(launch))
    assert len(attempts) == programs.PORT_ATTEMPTS


def test_other_failures_are_not_tried_again() -> None:
    attempts: list[int] = []

    async def launch() -> None:
        attempts.append(1)
        raise ServiceUnavailable("no memory")

    with pytest.raises(ServiceUnavailable, match="no memory"):
        asyncio.run(on_a_free_port(launch))
    assert len(attempts) == 1
