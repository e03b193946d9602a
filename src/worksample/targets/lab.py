"""A target of its own, on a database of its own, behind the wire: everything may be done to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

import psycopg

from worksample.errors import StartFailed
from worksample.services.base import Database
from worksample.services.postgres import PostgresServer
from worksample.stacks.build_plan import BuiltSubmission
from worksample.targets.readiness import probe
from worksample.targets.target import Target
from worksample.wire import Wire

QUIET_SECONDS = 2.0
ANSWER_SECONDS = 10.0
BASELINE_SECONDS = 0.3

LabFactory = Callable[[], AbstractAsyncContextManager["Lab"]]


class Lab:
    """A running server whose every word with PostgreSQL passes the wire.

    `target` may be killed, stopped and started; `database` is what lies behind the wire, into
    which we look directly. `built` is what further copies are started from.
    """

    def __init__(
        self,
        built: BuiltSubmission,
        server: PostgresServer,
        database: Database,
        wire: Wire,
        target: Target,
    ) -> None:
        self.built, self.server, self.database = built, server, database
        self.wire, self.target = wire, target
        self._stack = AsyncExitStack()
        self._second_instance: Target | None = None
        self._never_idle = False

    @classmethod
    @asynccontextmanager
    async def open(cls, built: BuiltSubmission, server: PostgresServer) -> AsyncIterator[Lab]:
        """Make a database, put the wire before it, start the server on it; all gone afterwards.

        Raises `StartFailed` as `Target.start` does.
        """
        database = await server.create_database()
        try:
            async with (
                Wire.open(database) as wire,
                Target.start(built, [wire.database]) as target,
            ):
                lab = cls(built, server, database, wire, target)
                await lab._observe_baseline()
                async with lab._stack:
                    yield lab
        finally:
            with suppress(psycopg.Error):  # then it goes with its server
                await database.drop()

    @property
    def wired(self) -> bool:
        """Whether the server was ever seen to use the database that it was given."""
        return bool(self.wire.connections or self.wire.history)

    async def second_instance(self) -> Target:
        """Return a second copy of the server on the same database, started when first wanted.

        Raises `StartFailed`, also where the server listens on a port of its own choice.
        """
        if self._second_instance is None:
            if self.built.settings.port:
                raise StartFailed(
                    f"a second copy cannot start: the server always listens on port "
                    f"{self.built.settings.port}",
                    hint="let it read PORT from the environment",
                )
            start = Target.start(self.built, [self.wire.database], release=False)
            self._second_instance = await self._stack.enter_async_context(start)
        if not self._second_instance.alive:
            await self._second_instance.restart()
        return self._second_instance

    async def restore(self) -> None:
        """Bring everything back to how it should be, whatever was done to it.

        The database is there, nothing is held, every copy runs and answers, no transaction is
        open. A server whose connections were cut is started anew: whether it recovers by itself
        is one check's question, and not the next one's trouble. Raises `StartFailed` if it does
        not start.
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
        """Wait until no transaction is open; a server that always has one is not waited for."""
        return not self._never_idle and await self.wire.wait_idle(QUIET_SECONDS)

    async def _observe_baseline(self) -> None:
        self._never_idle = not await self.wire.wait_idle(QUIET_SECONDS)
        await self.wire.learn_background(BASELINE_SECONDS)


async def _is_answering(target: Target) -> bool:
    answer = await probe(target.host, target.port, target.ready or "/", ANSWER_SECONDS)
    return answer.status > 0
