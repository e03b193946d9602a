"""Two instances of the server on one database behave like one server.

Races between the two are pairs of writes with `across_instances` (see `races`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from worksample.checks import Answer, Aspect, World, expect
from worksample.checks.suite import Suite
from worksample.messages import message

TWELVE_FACTOR = "The Twelve-Factor App VI: processes are stateless and share nothing"
SHARED_STATE_HINT = (
    "State in the memory of one instance is unknown to the other: keep it in the database."
)


class Shared(Protocol):
    """What two instances share. `other` is the world of the second one."""

    async def sessions(self, other: Any) -> Sequence[Answer]:
        """Sign in at each instance, ask the other one with that token; return the answers."""

    def changes(self, other: Any) -> AsyncIterator[None]:
        """Create, change and delete something, at either instance; yield after each change."""

    async def view(self, world: Any) -> Mapping[str, Any]:
        """Return by name what the instance of `world` shows of it."""


SUITE = Suite[Shared](
    "two-instances",
    Shared,
    aspect=Aspect.CONCURRENCY,
    skills=("concurrency", "distributed-systems", "relational-databases"),
    cites=TWELVE_FACTOR,
)


@SUITE.check(
    title="Whoever signed in at one copy of the server is signed in at the other",
    why="Behind a load balancer every second click asks for the password again.",
    hint="Use the same signing key in all instances, or keep sessions in the database.",
    lab=True,
)
async def a_token_is_good_at_both_copies(world: World, shared: Shared) -> None:
    for answer in await shared.sessions(await world.second_instance()):
        expect(answer).ok(because="the other instance issued the token")


@SUITE.check(
    title="What one copy of the server stores, the other shows at once",
    why="After saving, one reload shows the old text and the next one the new text: no one trusts "
    "such a service.",
    hint=SHARED_STATE_HINT,
    lab=True,
)
async def what_one_copy_stores_the_other_shows(world: World, shared: Shared) -> None:
    other = await world.second_instance()
    async for _ in shared.changes(other):
        mine, theirs = await shared.view(world), await shared.view(other)
        for name in mine:
            expect(theirs.get(name), message("{name} at the other instance", name=name)).equals(
                mine[name]
            )
