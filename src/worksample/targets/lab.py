"""A lab: a target with a private database behind the wire, for destructive experiments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Protocol

from worksample.errors import DatabaseError, InternalError, StartFailed
from worksample.messages import message
from worksample.services import (
    CopyableDatabase,
    Database,
    Resource,
    Server,
    WiredResource,
    first_database,
)
from worksample.stacks.build_plan import BuiltSubmission
from worksample.targets.readiness import probe
from worksample.targets.target import Target
from worksample.wire import Wire

QUIET_SECONDS = 2.0
ANSWER_SECONDS = 10.0
BASELINE_SECONDS = 0.3


class LabFactory(Protocol):
    """Opens labs."""

    def __call__(
        self, original: CopyableDatabase | None = None
    ) -> AbstractAsyncContextManager[Lab]:
        """Open a lab whose database is empty, or a copy of `original` (see `Lab.open`)."""


class Lab:
    """A running server whose traffic to its database passes through a wire, as to other services.

    A check may kill, stop and start `target`. `database` is the database behind `wire`, for
    direct access. `wires` holds that wire and those of other resources, by the name of the
    protocol. Further instances are started from `built`.
    """

    def __init__(
        self,
        built: BuiltSubmission,
        database: Database,
        wire: Wire,
        wires: Mapping[str, Wire],
        target: Target,
        resources: Sequence[Resource],
    ) -> None:
        self.built, self.database, self._resources = built, database, resources
        self.wire, self.wires, self.target = wire, wires, target
        self._stack = AsyncExitStack()
        self._second_instance: Target | None = None
        self._never_idle = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        built: BuiltSubmission,
        servers: Sequence[Server],
        port: int = 0,
        original: CopyableDatabase | None = None,
    ) -> AsyncIterator[Lab]:
        """Create a resource on each server, and start `built` on them; remove all afterwards.

        Each resource that has a wire protocol is behind a wire of its own: the first database on
        `port` or on a free one, which is `wire`, others on free ones. With `original`, the only
        resource of another lab whose server has stopped, a copy of that takes the place of all
        resources, and the release command is not run again. Raises `StartFailed` as `Target.start`
        does, `InternalError` if there is no database, and `DatabaseError` if it cannot be copied.
        """
        creating = [each.create_resource for each in servers]
        if original is not None:
            creating = [original.copy]
        async with AsyncExitStack() as stack:
            created = [await stack.enter_async_context(_dropped(each)) for each in creating]
            if (database := first_database(created)) is None:
                raise InternalError("a lab needs a database")
            wires: dict[str, Wire] = {}
            resources = list[Resource]()
            for each in created:
                if isinstance(each, WiredResource):
                    opening = Wire.open(each, port if each is database else 0)
                    wires[each.protocol] = opened = await stack.enter_async_context(opening)
                    resources.append(opened.resource)
                else:
                    resources.append(each)
            start = Target.start(built, resources, release=original is None)
            target = await stack.enter_async_context(start)
            lab = cls(built, database, wires[database.protocol], wires, target, resources)
            await lab._observe_baseline()
            async with lab._stack:
                yield lab

    @property
    def wired(self) -> bool:
        """Whether the server has used the database behind the wire at least once."""
        return bool(self.wire.connections or self.wire.history)

    @property
    def wants_cpu(self) -> bool:
        """Whether one of the instances computes just now, or would if it got a CPU."""
        return any(each.wants_cpu for each in self._instances)

    @property
    def _instances(self) -> Sequence[Target]:
        return list(filter(None, (self.target, self._second_instance)))

    @property
    def copyable(self) -> CopyableDatabase | None:
        """The database, if another lab can begin with a copy of all that the server has stored.

        None if the server does not use it or depends on other services, too, and if its engine
        cannot copy it.
        """
        alone = self.wired and len(self._resources) == 1
        return self.database if alone and isinstance(self.database, CopyableDatabase) else None

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
            start = Target.start(self.built, self._resources, release=False)
            self._second_instance = await self._stack.enter_async_context(start)
        if not self._second_instance.alive:
            await self._second_instance.restart()
        return self._second_instance

    async def restore(self) -> None:
        """Restore the lab after a check, whatever the check did.

        Afterwards all services are reachable, the wire holds nothing, every instance answers and no
        transaction is open. A server whose connections were cut is restarted, so that a server that
        does not recover by itself fails one check only. Raises `StartFailed` if it does not start.
        """
        for each in self.wires.values():
            each.bring_up()
        idle = (
            not any(each.disturbed for each in self.wires.values())
            and await self._wait_until_idle()
        )
        for instance in self._instances:
            if not (idle and instance.alive and await _is_answering(instance)):
                await instance.kill()
                await instance.begin()
        await self._wait_until_idle()
        for each in self.wires.values():
            each.disturbed = False

    async def _wait_until_idle(self) -> bool:
        """Wait until no transaction is open; return at once if the server always has one open."""
        return not self._never_idle and await self.wire.wait_idle(QUIET_SECONDS)

    async def _observe_baseline(self) -> None:
        self._never_idle = not await self.wire.wait_idle(QUIET_SECONDS)
        await self.wire.learn_background(BASELINE_SECONDS)


@asynccontextmanager
async def _dropped(create: Callable[[], Awaitable[Resource]]) -> AsyncIterator[Resource]:
    """Create a resource, and drop it afterwards."""
    resource = await create()
    try:
        yield resource
    finally:
        with suppress(DatabaseError):  # it is removed with its server anyway
            await resource.drop()


async def _is_answering(target: Target) -> bool:
    result = await probe(target.host, target.port, target.ready or "/", ANSWER_SECONDS)
    return result.status > 0
