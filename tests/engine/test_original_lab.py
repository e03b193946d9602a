"""The original of the labs: what is prepared once is found in each lab, or labs begin empty."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.engine.harness import EngineHarness, FakeTarget, World
from tests.engine.test_labs import FakeLab, LabFactory, run, yielding
from worksample.checks.lab_pool import MAX_LABS
from worksample.errors import DatabaseError, StartFailed
from worksample.services.postgres.databases import Database
from worksample.services.postgres.login import Login
from worksample.stacks import Settings

ACCOUNTS = ("ann", "bob")
LOGIN = Login("127.0.0.1", 1, "app", "secret", {})


class StoppableTarget(FakeTarget):
    """A target that ends when it is stopped."""

    async def stop(self) -> None:
        self.die()


@dataclass(slots=True)
class CopyingLabs(LabFactory):
    """Opens fake labs with a database; `copying` fails with an error if there is one.

    originals: what each lab was opened with.
    """

    copying: Exception | None = None
    in_use: bool = True
    services: int = 1
    originals: list[Any] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, original: Any = None) -> AsyncIterator[FakeLab]:
        self.originals.append(original)
        if original is not None and self.copying is not None:
            raise self.copying
        async with super(CopyingLabs, self).open() as lab:
            lab.target = StoppableTarget()
            lab.database = Database(f"app_{lab.number}", LOGIN, LOGIN)
            lab._resources = [lab.database] * self.services
            lab.wire.take_down = lambda: None
            lab.wire.connections = {1: None} if self.in_use else {}
            yield lab


@pytest.fixture
def harness() -> EngineHarness:
    """A harness whose world prepares accounts."""
    return EngineHarness(target=FakeTarget(), prepared=ACCOUNTS)


def seen_by_checks(harness: EngineHarness, labs: LabFactory, *beside: str) -> list[Any]:
    """Return what each of nine lab checks finds prepared; `beside` names other checks."""
    seen: list[Any] = []

    async def looking(world: World) -> None:
        seen.append(world.context.server_state.get("prepared"))
        await yielding(world)

    run(harness, labs, *[looking] * 9, beside=beside)
    return seen


def test_each_lab_begins_with_a_copy_of_the_original(harness: EngineHarness) -> None:
    labs = CopyingLabs(harness)
    assert seen_by_checks(harness, labs) == [ACCOUNTS] * 9
    original, *others = labs.originals
    assert original is None
    assert others == [labs.opened[0].database] * len(others)
    assert labs.peak_open == MAX_LABS + 1
    assert not labs.opened[0].target.alive


def test_original_is_prepared_while_hostile_checks_run(harness: EngineHarness) -> None:
    labs = CopyingLabs(harness)

    async def waits_for_a_lab(world: World) -> None:
        async with asyncio.timeout(5):
            while not labs.opened:
                await asyncio.sleep(0)

    harness.hostile("garbage", waits_for_a_lab)
    assert seen_by_checks(harness, labs, "garbage") == [ACCOUNTS] * 9


def test_labs_are_open_before_the_hostile_checks_end(harness: EngineHarness) -> None:
    labs = CopyingLabs(harness)

    async def waits_for_all_labs(world: World) -> None:
        async with asyncio.timeout(5):
            while len(labs.opened) < 1 + MAX_LABS:
                await asyncio.sleep(0)

    harness.hostile("garbage", waits_for_all_labs)
    assert seen_by_checks(harness, labs, "garbage") == [ACCOUNTS] * 9
    assert len(labs.opened) == 1 + MAX_LABS


def test_world_that_prepares_nothing_has_no_original(harness: EngineHarness) -> None:
    harness.prepared = ()
    labs = CopyingLabs(harness)
    assert seen_by_checks(harness, labs) == [None] * 9
    assert (labs.originals, labs.peak_open) == ([None] * MAX_LABS, MAX_LABS)


@pytest.mark.parametrize("error", [DatabaseError("in use"), StartFailed("tables exist")])
def test_labs_begin_empty_where_a_copy_does_not_start(
    harness: EngineHarness, error: Exception
) -> None:
    labs = CopyingLabs(harness, copying=error)
    assert seen_by_checks(harness, labs) == [None] * 9


@pytest.mark.parametrize("stored", [{"in_use": False}, {"services": 2}])
def test_labs_begin_empty_where_the_server_stores_elsewhere(
    harness: EngineHarness, stored: dict[str, Any]
) -> None:
    labs = CopyingLabs(harness, **stored)
    assert seen_by_checks(harness, labs) == [None] * 9
    assert set(labs.originals) == {None}


def test_labs_begin_empty_where_no_lab_starts_beside_the_target(harness: EngineHarness) -> None:
    labs = CopyingLabs(harness, beside_target=False)
    assert seen_by_checks(harness, labs) == [None] * 9


def test_server_on_a_fixed_port_has_no_original(harness: EngineHarness) -> None:
    harness.target.built.settings = Settings(port=1)  # type: ignore[misc]
    labs = CopyingLabs(harness)
    assert seen_by_checks(harness, labs) == [None] * 9
    assert labs.peak_open == 1
