"""A shop that stores orders through the wire, without HTTP, with selectable defects."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg

from tests.wire.harness import PsycopgConnection
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.write_operations import Observation, Prepare, WriteOperation
from worksample.sandbox import Exit
from worksample.wire import Wire

TABLES = """
    CREATE TABLE orders (number int);
    CREATE TABLE items (number int, item text)
"""
REQUEST = Request("POST", "/orders")


def answer(status: int) -> Exchange:
    """Return an exchange with this status; for 0, one whose connection was closed."""
    if not status:
        return Exchange(REQUEST, None, Trouble.CLOSED)
    return Exchange(REQUEST, Response(status, (), b""))


class OrderShop:
    """Takes orders, each on its own connection; `ways` are its defects.

    "apart" stores an order and its items in two transactions; "repeats" retries after any
    connection error, without a check whether the order was stored; "hides" answers 201 to a
    failure; "early" answers before the order is stored; "impatient" answers 503 once the wire holds
    a statement of every request. Without "impatient" it waits for the database without a timeout.
    """

    def __init__(self, wire: Wire, *ways: str) -> None:
        self.wire, self.ways = wire, ways
        self.working: set[asyncio.Task[Exchange]] = set()
        self.running = True
        self._numbers = itertools.count(1)
        self.upstream: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Create the tables."""
        async with await psycopg.AsyncConnection.connect(
            self.wire.upstream.url, autocommit=True
        ) as connection:
            await connection.execute(TABLES.encode())

    @property
    def kinds(self) -> dict[str, Prepare]:
        """The kinds of write operations: one."""
        return {"ordering": self._ordering}

    async def read(self) -> Exchange:
        """Send a request that reads."""
        return await self._served(self._read())

    async def write(self) -> Exchange:
        """Send a request that writes."""
        return await self._served(self._order(next(self._numbers)))

    async def burst(self) -> list[Exchange]:
        """Send five concurrent requests that read."""
        return list(await asyncio.gather(*(self.read() for _ in range(5))))

    # The interface of a target.

    exit_description = ""

    async def kill(self) -> None:
        """Abort all requests and background work."""
        self.running = False
        for connection in list(self.wire.connections.values()):
            connection.cut(reset=True)
        tasks = [*self.working, *self.upstream]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.upstream.clear()

    async def begin(self) -> None:
        """Accept requests again."""
        self.running = True

    async def terminate(self) -> Exit | None:
        """Refuse new requests, finish the running ones and exit."""
        self.running = False
        if self.working:
            await asyncio.wait(self.working)
        return Exit(0, None)

    async def _ordering(self) -> WriteOperation:
        number = next(self._numbers)

        async def read() -> Observation:
            async with await psycopg.AsyncConnection.connect(
                self.wire.upstream.url, autocommit=True
            ) as there:
                orders = await _all(there, "SELECT 1 FROM orders WHERE number = %s", number)
                items = await _all(there, "SELECT item FROM items WHERE number = %s", number)
            return Observation({"orders": orders, "items": items})

        return WriteOperation("ordering", lambda: self._served(self._order(number)), read)

    async def _served(self, work: Coroutine[Any, Any, int]) -> Exchange:
        """Serve one request; it is cancelled if the client disconnects or the shop is killed."""
        began = time.monotonic()
        task = asyncio.create_task(self._answered(work))
        self.working.add(task)
        task.add_done_callback(self.working.discard)
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            task.cancel()
            raise
        return replace(answer(0) if task.cancelled() else task.result(), started=began)

    async def _answered(self, work: Coroutine[Any, Any, int]) -> Exchange:
        if not self.running:
            work.close()
            return answer(0)
        try:
            return answer(await (self._unless_held(work) if "impatient" in self.ways else work))
        except psycopg.Error:
            return answer(201 if "hides" in self.ways else 503)

    async def _unless_held(self, work: Coroutine[Any, Any, int]) -> int:
        task = asyncio.create_task(work)
        try:
            while not task.done():
                held = [each for each in self.wire.connections.values() if each.held]
                if len(held) >= len(self.working):
                    return 503
                await asyncio.sleep(0)
            return task.result()
        finally:
            task.cancel()
            await asyncio.wait((task,))

    async def _order(self, number: int) -> int:
        if "early" in self.ways:
            task = asyncio.create_task(self._store(number))
            self.upstream.add(task)
            return 201
        try:
            await self._store(number)
        except psycopg.OperationalError:
            if "repeats" not in self.ways:
                raise
            await self._store(number)
        return 201

    async def _store(self, number: int) -> None:
        async with self._connected() as connection:
            if "apart" in self.ways:
                await connection.execute("INSERT INTO orders VALUES (%s)", [number])
                await connection.execute("INSERT INTO items VALUES (%s, 'pen')", [number])
                return
            async with connection.transaction():
                await connection.execute("INSERT INTO orders VALUES (%s)", [number])
                await connection.execute("INSERT INTO items VALUES (%s, 'pen')", [number])

    async def _read(self) -> int:
        async with self._connected() as connection:
            await connection.execute("SELECT count(*) FROM orders")
        return 200

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[PsycopgConnection]:
        connection = await psycopg.AsyncConnection.connect(self.wire.database.url, autocommit=True)
        try:
            yield connection
        finally:
            await connection.close()


async def _all(connection: PsycopgConnection, sql: str, number: int) -> list[Any]:
    rows = await (await connection.execute(sql.encode(), [number])).fetchall()
    return [value for (value,) in rows]
