"""A shop with one item in stock, and request handlers that sell it correctly or not."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import psycopg

from tests.wire.harness import PsycopgConnection, connect, rows
from worksample.probes.exchange import Exchange, Request, Response
from worksample.wire import Wire

SOLD, SOLD_OUT = 201, 409
OK, FAILED = 200, 500

Sell = Callable[[PsycopgConnection], Awaitable[int]]


class StockShop:
    """A server behind the wire; `exchanges` holds all its exchanges.

    If `one_at_a_time` is True, it serves one request at a time.
    """

    def __init__(self, wire: Wire, *, one_at_a_time: bool = False) -> None:
        self.wire, self.exchanges = wire, list[Exchange]()
        self._slots = asyncio.Semaphore(1 if one_at_a_time else 1000)

    async def open(self) -> None:
        """Create one item in stock and two shelves."""
        async with connect(self.wire, direct=True) as connection:
            await rows(connection, "create table if not exists item(stock int)")
            await rows(connection, "create table if not exists sale(item int)")
            await rows(connection, "create table if not exists shelf(name text, moved int)")
            await rows(connection, "truncate item, sale, shelf")
            await rows(connection, "insert into item values (1)")
            await rows(connection, "insert into shelf values ('left', 0), ('right', 0)")

    async def ask(self, target: str, work: Sell) -> Exchange:
        """Handle a request with `work`, on its own connection."""
        started = time.monotonic()
        async with self._slots:
            status = await self._status(work)
        seconds = time.monotonic() - started
        exchange = Exchange(
            Request("POST", target),
            Response(status, (), b"{}"),
            label=f"POST {target}",
            started=started,
            seconds=seconds,
        )
        self.exchanges.append(exchange)
        return exchange

    async def sales(self) -> int:
        """Return the number of sales, past the wire."""
        async with connect(self.wire, direct=True) as connection:
            ((count,),) = await rows(connection, "select count(*) from sale")
            return int(count)

    async def _status(self, work: Sell) -> int:
        async with connect(self.wire, autocommit=False) as connection:
            try:
                status = await work(connection)
                await connection.commit()
            except psycopg.Error:
                return FAILED
            return status


async def sell_without_lock(connection: PsycopgConnection) -> int:
    """Read the stock without a lock, then sell."""
    ((stock,),) = await rows(connection, "select stock from item")
    return await _sold(connection) if stock else SOLD_OUT


async def sell_locked(connection: PsycopgConnection) -> int:
    """Read the stock FOR UPDATE, then sell."""
    ((stock,),) = await rows(connection, "select stock from item for update")
    return await _sold(connection) if stock else SOLD_OUT


async def sell_or_fail(connection: PsycopgConnection) -> int:
    """Read the stock, then sell in one atomic UPDATE, but answer 500 if that updates no row."""
    ((stock,),) = await rows(connection, "select stock from item")
    if not stock:
        return SOLD_OUT
    taken = await rows(connection, "update item set stock = 0 where stock > 0 returning stock")
    return SOLD if taken else FAILED


async def sell_with_nowait(connection: PsycopgConnection) -> int:
    """Read the stock FOR UPDATE NOWAIT, retrying until it has the row, then sell."""
    while True:
        try:
            ((stock,),) = await rows(connection, "select stock from item for update nowait")
        except psycopg.errors.LockNotAvailable:
            await connection.rollback()
            await asyncio.sleep(0.01)
        else:
            return await _sold(connection) if stock else SOLD_OUT


def sell_in_autocommit(*prepares: int) -> Sell:
    """Return a handler that sells without a lock, in two autocommit statements.

    The requests numbered in `prepares` execute one more round trip, as drivers do that prepare a
    statement once it was executed often enough.
    """
    numbers = itertools.count(1)

    async def work(connection: PsycopgConnection) -> int:
        await connection.set_autocommit(True)
        if next(numbers) in prepares:
            await rows(connection, "select 'prepared'")
        ((stock,),) = await rows(connection, "select stock from item")
        if not stock:
            return SOLD_OUT
        taken = "with taken as (update item set stock = 0) insert into sale values (1)"
        await rows(connection, taken)
        return SOLD

    return work


def update_shelves(*shelves: str) -> Sell:
    """Return a handler that updates (and so locks) the shelves in the given order."""

    async def work(connection: PsycopgConnection) -> int:
        for shelf in shelves:
            await rows(connection, "update shelf set moved = moved + 1 where name = %s", shelf)
        return OK

    return work


async def _sold(connection: PsycopgConnection) -> int:
    await rows(connection, "update item set stock = 0")
    await rows(connection, "insert into sale values (1)")
    return SOLD
