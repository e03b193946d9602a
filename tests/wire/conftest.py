"""Fixtures for the tests of the wire: one server of each database for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from tests.wire.harness import LOOPS
from worksample.services.mysql import MariadbServer
from worksample.services.postgres import PostgresServer


@pytest.fixture(params=LOOPS)
def loop(request: pytest.FixtureRequest) -> str:
    """The event loop on which the wire runs: asyncio and uvloop."""
    return str(request.param)


@pytest.fixture(scope="package")
def server() -> Iterator[PostgresServer]:
    """A running server; each test creates its own database on it."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            yield runner.run(stack.enter_async_context(PostgresServer.start()))
        finally:
            runner.run(stack.aclose())


@pytest.fixture(scope="package")
def mariadb() -> Iterator[MariadbServer]:
    """A running MariaDB; its tests are marked with `needs_mariadb`."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            yield runner.run(stack.enter_async_context(MariadbServer.run()))
        finally:
            runner.run(stack.aclose())
