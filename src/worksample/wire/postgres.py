"""Stand between a target and its PostgreSQL: see, account for, hold, delay and cut what passes."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from worksample.errors import CheckError
from worksample.services import Database
from worksample.wire.background import Background
from worksample.wire.connection import Connection
from worksample.wire.door import Door
from worksample.wire.gate import Fault, Gate
from worksample.wire.locks import Locks, LockWait, Waiting, lock_wait
from worksample.wire.news import News
from worksample.wire.passage import Gone, Passage
from worksample.wire.proxied import Proxied
from worksample.wire.traces import Trace
from worksample.wire.trips import RoundTrip
from worksample.wire.troubles import Troubles
from worksample.wire.watching import Watching

MOST_KEPT = 20_000
BETWEEN_QUESTIONS = 0.001


class Wire:
    """The wire of one database.

    `database` is what a target gets in its place. `history` holds the last 20 000 round trips that
    have ended, oldest first; `connections` those that are open, by number; `troubles` what went
    wrong, in words; `background` what the server does by itself, once that was learned;
    `disturbed` says that a connection was cut, or robbed of its answers, by us.
    """

    def __init__(self, database: Database, address: tuple[str, int]) -> None:
        self.history: deque[RoundTrip] = deque(maxlen=MOST_KEPT)
        self.connections: dict[int, Connection] = {}
        self.troubles = Troubles()
        self.database = Proxied(database, address)
        self.background = Background(lambda number: number in self.connections)
        self._watching = Watching(self.background)
        self._door: Door | None = None
        self._news = News()
        self._locks = Locks(database)
        self._playing: set[asyncio.Task[None]] = set()
        self.disturbed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database) -> AsyncIterator[Wire]:
        """Listen on a port of the loopback; every connection is cut when the block ends.

        Raises `UserError` for a database that must be reached over TLS.
        """
        async with Door.open(database.url) as door:
            wire = cls(database, door.address)
            wire._door = door
            door.welcome(wire._enter)
            try:
                yield wire
            finally:
                await door.close()
                await wire._close()

    @asynccontextmanager
    async def watch(self, name: str, gate: Gate | None = None) -> AsyncIterator[Trace]:
        """Attribute what begins within the block to the request `name`.

        What is already running, or the server's own, is not. `gate` decides what befalls each of
        its round trips; those still held when the block ends are released. See `Watching` for
        several at once.
        """
        trace = Trace(name, gate, self._news, self._stuck)
        self._watching.open.append(trace)
        try:
            yield trace
        finally:
            trace.open = False
            self._watching.open.remove(trace)
            for passage in trace.passages.values():
                passage.release()

    async def learn_background(self, seconds: float, trips: int = 0) -> Background:
        """Learn what the server asks by itself: for so long, or until so many round trips ended.

        Nothing may be asked of the server meanwhile. Raises `CheckError` within a watch.
        """
        if self._watching.open or self._watching.learning:
            raise CheckError("learn_background() while a request is watched", hint="do it before")
        self._watching.learning, self._watching.learned = True, 0
        try:
            async with asyncio.timeout(seconds):
                await self._news.until(lambda: 0 < trips <= self._watching.learned)
        except TimeoutError:
            pass
        finally:
            self._watching.learning = False
        return self.background

    async def quiet(self, seconds: float) -> bool:
        """Wait until nothing is asked and no transaction is open; False if that takes longer."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.until(lambda: all(c.idle for c in self.connections.values()))
        except TimeoutError:
            return False
        return True

    def away(self, *, reset: bool = True) -> None:
        """The database goes away: every connection ends (with RST or FIN), new ones are refused."""
        self.disturbed = True
        if self._door is not None:
            self._door.bar()
        for connection in list(self.connections.values()):
            connection.cut(reset=reset)

    def late(self) -> Callable[[], int]:
        """The database is not there yet: whoever connects is sent away at once.

        Returns a function that tells how many were.
        """
        door = self._door
        if door is None:
            return lambda: 0
        self.away()
        door.send_away()
        before = door.turned_away
        return lambda: door.turned_away - before

    def back(self) -> None:
        """The database is there again."""
        if self._door is not None:
            self._door.unbar()

    async def waits_for_lock(self, number: int) -> LockWait | None:
        """Wait until PostgreSQL says that the connection waits for a lock.

        None if it has nothing to answer there (any more). Raises `psycopg.Error` if it cannot be
        asked.
        """
        while (found := self.connections.get(number)) and found.asking:
            if wait := self._lock_wait(number, await self._locks.waiting()):
                return wait
            await asyncio.sleep(BETWEEN_QUESTIONS)
        return None

    def opens(self, connection: Connection, trip: RoundTrip) -> bool:
        """A round trip begins: say whose it is, and ask that one's gate."""
        trace = self._watching.assign(connection, trip)
        if trace is None:
            return False
        fault = trace.gate.decide(trip)
        if fault is not None:
            trip.fault = fault.name
            passage = trace.passages[trip.step] = Passage(connection, trip, self._news)
            self._run(self._play(fault, passage))
        self._news.wake()
        return fault is not None

    def closes(self, connection: Connection, trip: RoundTrip) -> None:
        """A round trip is over."""
        self.history.append(trip)
        self._watching.over(trip)
        self._news.wake()

    def ended(self, connection: Connection) -> None:
        """A connection is gone."""
        self.connections.pop(connection.number, None)
        self.disturbed = self.disturbed or connection.severed or connection.mute
        self._watching.forget(connection.number)
        self.troubles.look(connection)
        self._news.wake()

    def _enter(self, number: int, client: socket.socket, server: socket.socket) -> None:
        connection = self.connections[number] = Connection(number, client, server, self)
        connection.begin()

    def _numbers(self) -> dict[int, int]:
        return {each.pid: number for number, each in self.connections.items()}

    async def _stuck(self, trace: Trace) -> LockWait:
        """Wait until a round trip of it waits for a lock that a held request has."""
        while True:
            await self._news.until(lambda: trace.waiting and not trace.holding)
            waiting = await self._locks.waiting()
            for number in trace.running_on():
                if (wait := self._lock_wait(number, waiting)) and self._by_held(wait):
                    return wait
            await asyncio.sleep(BETWEEN_QUESTIONS)

    def _lock_wait(self, number: int, waiting: Waiting) -> LockWait | None:
        found = self.connections.get(number)
        return lock_wait(waiting, found.pid, self._numbers()) if found else None

    def _by_held(self, wait: LockWait) -> bool:
        owners = [self._watching.owner(number) for number in wait.blockers]
        return any(owner is not None and owner.holding for owner in owners)

    async def _play(self, fault: Fault, passage: Passage) -> None:
        """Let the fault have its way; whatever it does, the server is not left hanging."""
        try:
            await fault.play(passage)
        except Gone:
            pass
        except Exception as error:
            self.troubles.note(f"our fault {fault.name} failed and was left out: {error!r}")
        finally:
            if passage.held:
                passage.connection.release()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    async def _close(self) -> None:
        for connection in list(self.connections.values()):
            connection.cut(reset=False)
        tasks = list(self._playing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._locks.close()
