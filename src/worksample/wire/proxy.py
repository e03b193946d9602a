"""The proxy between a target and a service: trace, hold, delay, cut and drop traffic."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from worksample.errors import CheckError, InternalError
from worksample.messages import message
from worksample.services import Database, WaitingSessions, WiredResource
from worksample.wire.attribution import Attribution
from worksample.wire.background import Background
from worksample.wire.condition import Condition
from worksample.wire.connection import Connection
from worksample.wire.gate import Fault, Gate
from worksample.wire.interception import ConnectionLost, Interception
from worksample.wire.listener import Listener
from worksample.wire.locks import LockWait, NoLocks, lock_wait
from worksample.wire.problems import Problems
from worksample.wire.protocol import WireProtocol, protocol_named
from worksample.wire.round_trips import RoundTrip
from worksample.wire.traces import Trace

MAX_HISTORY = 20_000
POLL_SECONDS = 0.001


class Wire:
    """The proxy in front of one database, or of another resource of a service.

    `resource` is what to give to a target: the same resource, reached through the proxy, which
    listens at `address`. `history` holds the last 20 000 round trips that have ended, oldest first;
    `connections` the open connections by number; `problems` messages about connections that failed
    or could not be parsed; `background` the statements recorded by `learn_background`. `disturbed`
    is True once Worksample has cut a connection or withheld a reply; the caller resets it.
    """

    def __init__(
        self, upstream: WiredResource, protocol: WireProtocol, address: tuple[str, int]
    ) -> None:
        self.history: deque[RoundTrip] = deque(maxlen=MAX_HISTORY)
        self.connections: dict[int, Connection] = {}
        self.problems = Problems()
        self.address = address
        self._upstream, self.resource = upstream, upstream.at(*address)
        self.background = Background(lambda number: number in self.connections)
        self._attribution = Attribution(self.background)
        self._listener: Listener | None = None
        self._condition = Condition()
        self._protocol = protocol
        self._locks = upstream.lock_monitor() if isinstance(upstream, Database) else NoLocks()
        self._fault_tasks: set[asyncio.Task[None]] = set()
        self.disturbed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, upstream: WiredResource, port: int = 0) -> AsyncIterator[Wire]:
        """Listen on the loopback port `port`, or on a free one if it is 0.

        All connections are closed when the block ends. Raises `UserError` if the resource requires
        TLS or its host name does not resolve, and `OSError` if another program listens on `port`.
        """
        protocol = protocol_named(upstream.protocol)
        async with Listener.open(*protocol.server_address(upstream.url), port) as listener:
            wire = cls(upstream, protocol, listener.address)
            wire._listener = listener
            listener.serve(wire._connected)
            try:
                yield wire
            finally:
                await listener.close()
                await wire._close()

    @property
    def database(self) -> Database:
        """`resource`, where that is a database."""
        return _database(self.resource)

    @property
    def upstream(self) -> Database:
        """The database behind the proxy, reached directly."""
        return _database(self._upstream)

    @asynccontextmanager
    async def trace(self, name: str, gate: Gate | None = None) -> AsyncIterator[Trace]:
        """Record the round trips that begin within the block as those of the request `name`.

        Background round trips and those that began before are not recorded. `gate` decides which
        fault to inject into each round trip; those still held when the block ends are released.
        Traces may overlap: `Attribution` says how round trips are attributed then.
        """
        trace = Trace(name, gate, self._condition, self._wait_for_lock)
        self._attribution.open.append(trace)
        try:
            yield trace
        finally:
            trace.open = False
            self._attribution.open.remove(trace)
            for interception in trace.interceptions.values():
                interception.release()

    async def learn_background(self, seconds: float, trips: int = 0) -> Background:
        """Record background statements for `seconds`, or until `trips` round trips have ended.

        Send no requests to the server meanwhile. Raises `CheckError` within a trace.
        """
        if self._attribution.open or self._attribution.learning:
            raise CheckError(
                "learn_background() was called within a trace or another learn_background()",
                hint="call it before wire.trace()",
            )
        self._attribution.learning, self._attribution.learned = True, 0
        try:
            async with asyncio.timeout(seconds):
                await self._condition.wait_for(lambda: 0 < trips <= self._attribution.learned)
        except TimeoutError:
            pass
        finally:
            self._attribution.learning = False
        return self.background

    async def wait_idle(self, seconds: float) -> bool:
        """Wait until no round trip is pending and no transaction open; return False on timeout."""
        try:
            async with asyncio.timeout(seconds):
                await self._condition.wait_for(
                    lambda: all(c.tracker.idle for c in self.connections.values())
                )
        except TimeoutError:
            return False
        return True

    def take_down(self, *, reset: bool = True) -> None:
        """Simulate an outage: cut all connections (by RST or FIN) and refuse new ones."""
        self.disturbed = True
        if self._listener is not None:
            self._listener.pause()
        for connection in list(self.connections.values()):
            connection.cut(reset=reset)

    def reject_connections(self) -> Callable[[], int]:
        """Simulate an outage in which new connections are accepted and closed at once.

        Return a function that returns how many connections were rejected since the call.
        """
        listener = self._listener
        if listener is None:
            return lambda: 0
        self.take_down()
        listener.reject()
        before = listener.rejected_count
        return lambda: listener.rejected_count - before

    def bring_up(self) -> None:
        """End a simulated outage: accept connections again."""
        if self._listener is not None:
            self._listener.resume()

    async def wait_for_lock(self, number: int) -> LockWait | None:
        """Wait until the database reports that the connection `number` waits for a lock.

        Return None once no reply is outstanding on it. Raises `DatabaseError` if the database
        cannot be queried.
        """
        while (found := self.connections.get(number)) and found.awaiting_reply:
            if wait := self._lock_wait(number, await self._locks.waiting()):
                return wait
            await asyncio.sleep(POLL_SECONDS)
        return None

    def round_trip_started(self, connection: Connection, trip: RoundTrip) -> bool:
        """See `Observer`: attribute the round trip and inject the fault that its gate decides."""
        trace = self._attribution.assign(connection, trip)
        if trace is None:
            return False
        fault = trace.gate.decide(trip)
        if fault is not None:
            trip.fault = fault.name
            interception = trace.interceptions[trip.step] = Interception(
                connection, trip, self._condition
            )
            self._run(self._apply(fault, interception))
        self._condition.notify_all()
        return fault is not None

    def round_trip_ended(self, connection: Connection, trip: RoundTrip) -> None:
        """See `Observer`."""
        self.history.append(trip)
        self.problems.connects_without_tls()
        self._attribution.round_trip_ended(trip)
        self._condition.notify_all()

    def connection_closed(self, connection: Connection) -> None:
        """See `Observer`."""
        self.connections.pop(connection.number, None)
        self.disturbed = self.disturbed or connection.was_cut or connection.replies_withheld
        self._attribution.forget(connection.number)
        self.problems.inspect(connection)
        self._condition.notify_all()

    def _connected(self, number: int, client: socket.socket, server: socket.socket) -> None:
        connection = self.connections[number] = Connection(
            number, client, server, self._protocol, self
        )
        connection.start()

    def _numbers(self) -> dict[int, int]:
        return {each.tracker.session_id: number for number, each in self.connections.items()}

    async def _wait_for_lock(self, trace: Trace) -> LockWait:
        """Wait until a round trip of `trace` waits for a lock that a held request holds."""
        while True:
            await self._condition.wait_for(lambda: trace.waiting and not trace.holding)
            waiting = await self._locks.waiting()
            for number in trace.running_on():
                if (wait := self._lock_wait(number, waiting)) and self._blocked_by_held(wait):
                    return wait
            await asyncio.sleep(POLL_SECONDS)

    def _lock_wait(self, number: int, waiting: WaitingSessions) -> LockWait | None:
        found = self.connections.get(number)
        return lock_wait(waiting, found.tracker.session_id, self._numbers()) if found else None

    def _blocked_by_held(self, wait: LockWait) -> bool:
        owners = [self._attribution.owner(number) for number in wait.blockers]
        return any(owner is not None and owner.holding for owner in owners)

    async def _apply(self, fault: Fault, interception: Interception) -> None:
        """Run the fault; however it ends, the round trip is not left held."""
        try:
            await fault.apply(interception)
        except ConnectionLost:
            pass
        except Exception as error:
            self.problems.add(
                message(
                    "the fault {fault} failed and was skipped (internal error): {error}",
                    fault=fault.name,
                    error=repr(error),
                )
            )
        finally:
            if interception.held:
                interception.connection.release()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._fault_tasks.add(task)
        task.add_done_callback(self._fault_tasks.discard)

    async def _close(self) -> None:
        for connection in list(self.connections.values()):
            connection.cut(reset=False)
        tasks = list(self._fault_tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._locks.close()


def _database(resource: WiredResource) -> Database:
    if not isinstance(resource, Database):
        raise InternalError("this wire leads to no database")
    return resource
