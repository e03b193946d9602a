"""A counter behind the wire, without HTTP: what races ask, done right or wrong in chosen ways."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import cast

import psycopg

from tests.wire.scenes import Link, link, rows
from tests.wire.shop import answer
from worksample.checks import Answer, Dialect, Race, World
from worksample.probes.exchange import Exchange
from worksample.wire import Wire

Doing = Callable[[Link], Awaitable[None]]


class Counter:
    """Two numbers, `a` and `b`; each request has a connection of its own.

    `alone` lets one request in at a time (a lock in memory), `again` repeats one that PostgreSQL
    has undone (a deadlock).
    """

    def __init__(self, wire: Wire, *, alone: bool = False, again: bool = False) -> None:
        self._wire, self._again = wire, again
        self._turn = asyncio.Semaphore(1 if alone else 100)

    async def ask(self, doing: Doing) -> Exchange:
        """Do something in a transaction: 200, or 500 if PostgreSQL has undone it."""
        async with self._turn:
            try:
                await self._do(doing)
            except psycopg.Error:
                return answer(500)
            return answer(200)

    async def _do(self, doing: Doing) -> None:
        for last in (not self._again, True):
            try:
                async with link(self._wire, autocommit=False) as connection:
                    await doing(connection)
                    await connection.commit()
                return
            except psycopg.errors.DeadlockDetected:
                if last:
                    raise

    async def begin(self) -> None:
        """Set both numbers to 0."""
        async with link(self._wire, direct=True) as connection:
            await rows(connection, "create table if not exists counter(name text, n int)")
            await rows(connection, "truncate counter")
            await rows(connection, "insert into counter values ('a', 0), ('b', 0)")

    async def look(self) -> dict[str, int]:
        """Return both numbers."""
        async with link(self._wire, direct=True) as connection:
            return dict(await rows(connection, "select name, n from counter order by name"))

    async def race(self, first: Doing, second: Doing) -> Race:
        """Two requests on fresh numbers."""
        await self.begin()
        return Race(
            first=lambda: self._answer(first), second=lambda: self._answer(second), look=self.look
        )

    async def _answer(self, doing: Doing) -> Answer:
        return Answer(await self.ask(doing), Dialect())


async def read_and_write(connection: Link) -> None:
    """Count up with a moment in between."""
    ((n,),) = await rows(connection, "select n from counter where name = 'a'")
    await rows(connection, "update counter set n = %s where name = 'a'", n + 1)


async def hold_and_write(connection: Link) -> None:
    """Count up, with the row held."""
    ((n,),) = await rows(connection, "select n from counter where name = 'a' for update")
    await rows(connection, "update counter set n = %s where name = 'a'", n + 1)


async def no_such_column(connection: Link) -> None:
    """Fail."""
    await rows(connection, "select nothing_of_this_name from counter")


def add_to(*names: str) -> Doing:
    """Return what counts these up, in this order."""

    async def adding(connection: Link) -> None:
        for name in names:
            await rows(connection, "update counter set n = n + 1 where name = %s", name)

    return adding


def world_of(wire: Wire) -> World:
    """As much of a world as a race needs."""
    remarks: list[str] = []
    world = SimpleNamespace(
        wire=wire,
        arena=SimpleNamespace(lab=SimpleNamespace(wired=True)),
        session=SimpleNamespace(exchanges=[]),
        rng=random.Random(7),
        remarks=remarks,
        remark=remarks.append,
    )
    return cast(World, world)
