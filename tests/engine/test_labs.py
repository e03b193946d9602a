"""Lab checks: who gets which lab, and what happens when labs break, fill up or do not start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tests.engine.harness import CheckFunction, EngineHarness, FakeTarget, World, failing, passing
from worksample.checks import STAYS_UP, CheckFailed, CheckResult, Finding, Skipped, Verdict
from worksample.checks.lab_pool import MAX_LABS
from worksample.errors import ServiceUnavailable, StartFailed
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.targets import Lab

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


class FakeLab(Lab):
    """A lab that mends as often as `restores` says, and is then beyond it."""

    def __init__(self, number: int, restores: int, *, wired: bool = True) -> None:
        self.number, self._restores = number, restores
        self.target, self.restored = FakeTarget(), 0
        self.database: Any = None
        self.wire: Any = SimpleNamespace(
            problems=[], history=[], connections={1: None} if wired else {}
        )

    async def restore(self) -> None:
        """See `Lab`."""
        self.restored += 1
        if self.restored > self._restores:
            raise StartFailed("it does not come back")


@dataclass(slots=True)
class LabFactory:
    """Opens fake labs: at most `limit` at once, and beside the first server only if that may be."""

    stage: EngineHarness
    limit: int = 100
    beside_target: bool = True
    restores: int = 1000
    wired: bool = True
    opened: list[FakeLab] = field(default_factory=list)
    open_count: int = 0
    peak_open: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeLab]:
        """Open one; raises `StartFailed` where something is in its way."""
        await asyncio.sleep(0)
        if self.open_count >= self.limit or (self.stage.target.alive and not self.beside_target):
            raise StartFailed("it wants a port that is taken")
        lab = FakeLab(len(self.opened), self.restores, wired=self.wired)
        self.opened.append(lab)
        self.open_count += 1
        self.peak_open = max(self.open_count, self.peak_open)
        try:
            yield lab
        finally:
            self.open_count -= 1


@pytest.fixture
def stage() -> EngineHarness:
    """A stage that can have labs."""
    return EngineHarness(target=FakeTarget())


def run(
    stage: EngineHarness, labs: LabFactory, *scenes: CheckFunction, alone: int = 0
) -> dict[str, CheckResult]:
    """Ask the scenes in labs as `a`, `b` ..., the last `alone` of them alone."""
    for number, check_function in enumerate(scenes):
        name = chr(ord("a") + number)
        stage.check(name, check_function, alone=number >= len(scenes) - alone, lab=True)
    stage.labs = labs.open
    found = stage.run()
    assert not labs.open_count
    assert set(found) == {STAYS_UP.id, *(check.id for check in stage.checks)}
    del found[STAYS_UP.id]
    return found


def verdicts(found: dict[str, CheckResult]) -> list[Verdict]:
    return [found[name].verdict for name in sorted(found)]


async def yielding(world: World) -> None:
    """Let the others go on."""
    for _ in range(5):
        await asyncio.sleep(0)


TIMED_OUT = Exchange(Request("GET", "/"), None, Trouble.TIMEOUT)
SLOW_503 = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=2.5)
FAST_503 = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=0.1)


def failing_times(times: int, exchange: Exchange = TIMED_OUT) -> CheckFunction:
    """Return a scene whose answer comes too late, so many times."""
    left = [times]

    async def check_function(world: World) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise CheckFailed(Finding("an answer", "none", exchanges=(exchange,), culprit=0))

    return check_function


def test_checks_are_distributed_over_max_labs(stage: EngineHarness) -> None:
    labs = LabFactory(stage)
    found = run(stage, labs, *[yielding] * 9)
    assert verdicts(found) == [PASS] * 9
    assert (len(labs.opened), labs.peak_open) == (MAX_LABS, MAX_LABS)
    assert sum(lab.restored for lab in labs.opened) == 9


def test_every_second_lab_takes_checks_from_the_end(stage: EngineHarness) -> None:
    asked = list(run(stage, LabFactory(stage), *[yielding] * 9))
    assert asked.index(sorted(asked)[-1]) < len(asked) - 1


def test_opens_no_more_labs_than_checks(stage: EngineHarness) -> None:
    labs = LabFactory(stage)
    run(stage, labs, passing)
    assert len(labs.opened) == 1


def test_alone_check_runs_while_no_other_lab_is_open(stage: EngineHarness) -> None:
    labs = LabFactory(stage)
    beside: list[int] = []

    async def measuring(world: World) -> None:
        beside.append(labs.open_count)

    run(stage, labs, *[yielding] * 4, measuring, measuring, alone=2)
    assert beside == [1, 1]


def test_stops_the_target_when_a_lab_cannot_start_beside_it(stage: EngineHarness) -> None:
    labs = LabFactory(stage, beside_target=False)
    found = run(stage, labs, *[yielding] * 5)
    assert verdicts(found) == [PASS] * 5
    assert not stage.target.alive


def test_one_lab_runs_all_checks_when_a_second_cannot_start(stage: EngineHarness) -> None:
    labs = LabFactory(stage, limit=1, beside_target=False)
    found = run(stage, labs, *[yielding] * 5, yielding, alone=1)
    assert verdicts(found) == [PASS] * 6
    assert labs.peak_open == 1


def test_lab_that_never_starts_blocks_every_check(stage: EngineHarness) -> None:
    labs = LabFactory(stage, limit=0)
    found = run(stage, labs, passing, passing, passing, passing, alone=1)
    assert verdicts(found) == [BLOCKED] * 4
    assert all("it wants a port that is taken" in each.reason for each in found.values())
    assert not any(each.excused for each in found.values())


def test_keeps_the_result_and_opens_another_lab_when_restore_fails(stage: EngineHarness) -> None:
    labs = LabFactory(stage, restores=1)
    found = run(stage, labs, *[failing()] * 2, *[yielding] * 4)
    assert verdicts(found) == [FAIL] * 2 + [PASS] * 4
    assert len(labs.opened) > 3


def test_blocks_the_remaining_checks_after_too_many_broken_labs(stage: EngineHarness) -> None:
    labs = LabFactory(stage, restores=0)
    found = run(stage, labs, *[passing] * 10, passing, alone=1)
    assert verdicts(found).count(BLOCKED) >= 4
    assert {PASS, BLOCKED} == set(verdicts(found))
    assert found["k"].verdict is BLOCKED
    assert "it does not come back" in found["k"].reason


def test_runs_timed_out_check_once_more(stage: EngineHarness) -> None:
    found = run(stage, LabFactory(stage), failing_times(1), failing_times(2), passing)
    assert verdicts(found) == [PASS, FAIL, PASS]


def test_runs_check_once_more_after_slow_503(stage: EngineHarness) -> None:
    found = run(
        stage,
        LabFactory(stage),
        failing_times(1, SLOW_503),
        failing_times(2, SLOW_503),
        failing_times(1, FAST_503),
    )
    assert verdicts(found) == [PASS, FAIL, FAIL]


def test_stops_repeating_after_consecutive_timeouts(stage: EngineHarness) -> None:
    check_function, labs = failing_times(100), LabFactory(stage, limit=1)
    run(stage, labs, *[check_function] * 9)
    assert sum(lab.restored for lab in labs.opened) == 9 + 3


def test_repeated_check_computes_shared_values_again(stage: EngineHarness) -> None:
    made: list[int] = []
    judged: list[int] = []

    async def compute() -> int:
        made.append(len(made))
        return made[-1]

    async def using_shared(world: World) -> None:
        judged.append(await once_per_run(world, compute))
        if judged[-1] == 0:
            await failing_times(1)(world)

    found = run(stage, LabFactory(stage, limit=1), using_shared, using_shared, using_shared)
    assert verdicts(found) == [PASS] * 3
    assert judged == [0, 1, 1, 1]


async def once_per_run(world: World, compute: Any) -> Any:
    from worksample.checks import World as Real

    return await Real(world.context, world.session, world.rng).once_per_run("survey", compute)


def test_detects_dialect_in_a_lab_that_has_not_used_the_wire(stage: EngineHarness) -> None:
    labs = LabFactory(stage, wired=False)
    woken: list[Any] = []

    def detect_dialect(world: World) -> None:
        woken.append(world.context.lab)
        assert world.context.lab is not None
        world.context.lab.wire.history.append(None)

    stage.detect_dialect = detect_dialect
    run(stage, labs, passing)
    assert woken == labs.opened


def test_wire_troubles_become_run_notes(stage: EngineHarness) -> None:
    async def check_function(world: World) -> None:
        assert world.context.lab is not None
        world.context.lab.wire.problems.append("nobody understood a word")

    run(stage, LabFactory(stage), check_function)
    assert "nobody understood a word" in stage.notes


def test_skipped_lab_check_stays_excused(stage: EngineHarness) -> None:
    async def check_function(world: World) -> None:
        raise Skipped("no wire here")

    found = run(stage, LabFactory(stage), check_function)
    assert (found["a"].verdict, found["a"].excused) == (BLOCKED, True)


def test_service_unavailable_aborts_the_run(stage: EngineHarness) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[FakeLab]:
        raise ServiceUnavailable("PostgreSQL is gone")
        yield

    stage.check("a", passing, lab=True)
    stage.labs = broken
    with pytest.raises(ServiceUnavailable, match="PostgreSQL is gone"):
        stage.run()


def test_once_per_run_shares_its_exception(stage: EngineHarness) -> None:
    made: list[None] = []

    async def compute() -> None:
        made.append(None)
        await asyncio.sleep(0)
        raise CheckFailed(Finding("a survey", "nothing"))

    async def using_shared(world: World) -> None:
        await once_per_run(world, compute)

    found = run(stage, LabFactory(stage), using_shared, using_shared, using_shared)
    assert verdicts(found) == [FAIL] * 3
    assert len(made) == 1


def test_waiting_for_cancelled_shared_value_is_undecided(
    stage: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksample.checks.check_runner.LONGEST_CHECK", 0.05)

    async def using_shared(world: World) -> None:
        await once_per_run(world, asyncio.Event().wait)

    found = run(stage, LabFactory(stage), using_shared, using_shared)
    assert verdicts(found) == [Verdict.UNDECIDED] * 2
