"""A lab: a target with a private database behind the wire, for destructive experiments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

from worksample.errors import DatabaseError, StartFailed
from worksample.messages import message
from worksample.services import Database, DatabaseServer
from worksample.stacks.build_plan import BuiltSubmission
from worksample.targets.readiness import probe
from worksample.targets.target import Target
from worksample.wire import Wire

QUIET_SECONDS = 2.0
ANSWER_SECONDS = 10.0
BASELINE_SECONDS = 0.3

LabFactory = Callable[[], AbstractAsyncContextManager["Lab"]]


class Lab:
    """A running server whose database traffic passes through the wire.

    A check may kill, stop and start `target`. `database` is the database behind the wire, for
    direct access. Further instances are started from `built`.
    """

    def __init__(
        self,
        built: BuiltSubmission,
        database: Database,
        wire: Wire,
        target: Target,
    ) -> None:
        self.built, self.database = built, database
        self.wire, self.target = wire, target
        self._stack = AsyncExitStack()
        self._second_instance: Target | None = None
        self._never_idle = False

    @classmethod
    @asynccontextmanager
    async def open(cls, built: BuiltSubmission, server: DatabaseServer) -> AsyncIterator[Lab]:
        """Create a database behind the wire and start the server on it; remove both afterwards.

        Raises `StartFailed` as `Target.start` does.
        """
        database = await server.create_database()
        try:
            async with (
                Wire.open(database) as wire,
                Target.start(built, [wire.database]) as target,
            ):
                lab = cls(built, database, wire, target)
                await lab._observe_baseline()
                async with lab._stack:
                    yield lab
        finally:
            with suppress(DatabaseError):  # the database is removed with its server anyway
                await database.drop()

    @property
    def wired(self) -> bool:
        """Whether the server has used the database behind the wire at least once."""
        return bool(self.wire.connections or self.wire.history)

    async def second_instance(self) -> Target:
        """Return a second instance of the server on the same database; start it on first use.

        Raises `StartFailed`, also if the server always listens on the same port.
        """
        if self._second_instance is None:
            if self.built.settings.port:
                raise StartFailed(
                    message(
                        "a second instance cannot start: the server always listens on port {port}",
                        port=self.built.settings.port,
                    ),
                    hint="read the port from the variable PORT",
                )
            start = Target.start(self.built, [self.wire.database], release=False)
            self._second_instance = await self._stack.enter_async_context(start)
        if not self._second_instance.alive:
            await self._second_instance.restart()
        return self._second_instance

    async def restore(self) -> None:
        """Restore the lab after a check, whatever the check did.

        Afterwards the database is reachable, the wire holds nothing, every instance answers and no
        transaction is open. A server whose connections were cut is restarted, so that a server that
        does not recover by itself fails one check only. Raises `StartFailed` if it does not start.
        """
        self.wire.bring_up()
        idle = not self.wire.disturbed and await self._wait_until_idle()
        for each in filter(None, (self.target, self._second_instance)):
            if not (idle and each.alive and await _is_answering(each)):
                await each.kill()
                await each.begin()
        await self._wait_until_idle()
        self.wire.disturbed = False

    async def _wait_until_idle(self) -> bool:
        """Wait until no transaction is open; return at once if the server always has one open."""
        return not self._never_idle and await self.wire.wait_idle(QUIET_SECONDS)

    async def _observe_baseline(self) -> None:
        self._never_idle = not await self.wire.wait_idle(QUIET_SECONDS)
        await self.wire.learn_background(BASELINE_SECONDS)


async def _is_answering(target: Target) -> bool:
    result = await probe(target.host, target.port, target.ready or "/", ANSWER_SECONDS)
    return result.status > 0
