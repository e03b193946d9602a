"""Shops with one thing left: servers of a few lines, each with its own way of selling it."""

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
    """A server behind the wire; `exchanges` are all that were asked of it.

    `one_at_a_time` lets a request begin only when the one before has ended.
    """

    def __init__(self, wire: Wire, *, one_at_a_time: bool = False) -> None:
        self.wire, self.exchanges = wire, list[Exchange]()
        self._door = asyncio.Semaphore(1 if one_at_a_time else 1000)

    async def open(self) -> None:
        """Put one thing and two shelves onto the market."""
        async with connect(self.wire, direct=True) as connection:
            await rows(connection, "create table if not exists item(stock int)")
            await rows(connection, "create table if not exists sale(item int)")
            await rows(connection, "create table if not exists shelf(name text, moved int)")
            await rows(connection, "truncate item, sale, shelf")
            await rows(connection, "insert into item values (1)")
            await rows(connection, "insert into shelf values ('left', 0), ('right', 0)")

    async def ask(self, target: str, work: Sell) -> Exchange:
        """Answer a request by `work`, on a connection of its own."""
        started = time.monotonic()
        async with self._door:
            status = await self._status(work)
        seconds = time.monotonic() - started
        exchange = Exchange(
            Request("POST", target),
            Response(status, (), b"{}"),
            label=f"somebody asks for {target}",
            started=started,
            seconds=seconds,
        )
        self.exchanges.append(exchange)
        return exchange

    async def sales(self) -> int:
        """Say how many were sold, past the wire."""
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
    """Look whether there is one left, then sell it."""
    ((stock,),) = await rows(connection, "select stock from item")
    return await _sold(connection) if stock else SOLD_OUT


async def sell_locked(connection: PsycopgConnection) -> int:
    """The same, holding the row from the look on."""
    ((stock,),) = await rows(connection, "select stock from item for update")
    return await _sold(connection) if stock else SOLD_OUT


async def sell_or_fail(connection: PsycopgConnection) -> int:
    """Look, then take what is left; that nothing may be left any more is not expected."""
    ((stock,),) = await rows(connection, "select stock from item")
    if not stock:
        return SOLD_OUT
    taken = await rows(connection, "update item set stock = 0 where stock > 0 returning stock")
    return SOLD if taken else FAILED


async def sell_with_nowait(connection: PsycopgConnection) -> int:
    """The same, never waiting for the row: it asks again a little later, 200 times."""
    for _ in range(200):
        try:
            ((stock,),) = await rows(connection, "select stock from item for update nowait")
        except psycopg.errors.LockNotAvailable:
            await connection.rollback()
            await asyncio.sleep(0.01)
        else:
            return await _sold(connection) if stock else SOLD_OUT
    return FAILED


def sell_in_autocommit(*prepares: int) -> Sell:
    """Return a careless sale with one moment in it; the n-th has a round trip more before it.

    As drivers do that prepare a statement when it was asked often enough.
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
    """Return a request that touches shelves in the order given, and holds each to the end."""

    async def work(connection: PsycopgConnection) -> int:
        for shelf in shelves:
            await rows(connection, "update shelf set moved = moved + 1 where name = %s", shelf)
        return OK

    return work


async def _sold(connection: PsycopgConnection) -> int:
    await rows(connection, "update item set stock = 0")
    await rows(connection, "insert into sale values (1)")
    return SOLD
