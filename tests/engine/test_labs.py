"""Tests of `LabPool`: distribution of checks over labs, and labs that break or do not start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.engine.harness import CheckFunction, EngineHarness, FakeTarget, World, failing, passing
from worksample.checks import STAYS_UP, CheckFailed, CheckResult, Finding, Skipped, Verdict
from worksample.checks.lab_pool import MAX_LABS, MAX_SLOW_LABS
from worksample.checks.pace import Pace
from worksample.checks.schedule import GivenOrder, Schedule
from worksample.errors import ServiceUnavailable, StartFailed
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.targets import Lab
from worksample.wire import RoundTrip

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


class FakeLab(Lab):
    """A lab that can be restored `restores` times and fails afterwards."""

    def __init__(self, number: int, restores: int, *, wired: bool = True) -> None:
        self.number, self._restores = number, restores
        self.target, self.restored = FakeTarget(), 0
        self.database: Any = None
        self.wire: Any = SimpleNamespace(
            problems=[], history=[], connections={1: None} if wired else {}
        )
        self.wires: Any = {"postgres": self.wire}

    async def restore(self) -> None:
        """See `Lab`."""
        self.restored += 1
        if self.restored > self._restores:
            raise StartFailed("it does not start again")


@dataclass(slots=True)
class LabFactory:
    """Opens fake labs, at most `limit` at a time; `beside_target`: also while the target runs."""

    harness: EngineHarness
    limit: int = 100
    beside_target: bool = True
    restores: int = 1000
    wired: bool = True
    opened: list[FakeLab] = field(default_factory=list)
    open_count: int = 0
    peak_open: int = 0

    @asynccontextmanager
    async def open(self, original: Any = None) -> AsyncIterator[FakeLab]:
        """Open a lab; raise `StartFailed` if there is a conflict."""
        await asyncio.sleep(0)
        if self.open_count >= self.limit or (self.harness.target.alive and not self.beside_target):
            raise StartFailed("port already in use")
        lab = FakeLab(len(self.opened), self.restores, wired=self.wired)
        self.opened.append(lab)
        self.open_count += 1
        self.peak_open = max(self.open_count, self.peak_open)
        try:
            yield lab
        finally:
            self.open_count -= 1


@pytest.fixture
def harness() -> EngineHarness:
    """A harness for `run`."""
    return EngineHarness(target=FakeTarget())


def run(
    harness: EngineHarness,
    labs: LabFactory,
    *functions: CheckFunction,
    alone: int = 0,
    beside: Sequence[str] = (),
) -> dict[str, CheckResult]:
    """Run the functions as lab checks `a`, `b` ...; the last `alone` of them are `alone` checks.

    `beside` names the checks of the harness that run, too; results of lab checks are returned.
    """
    for number, check_function in enumerate(functions):
        name = chr(ord("a") + number)
        harness.check(name, check_function, alone=number >= len(functions) - alone, lab=True)
    harness.labs = labs.open
    found = harness.run()
    assert not labs.open_count
    assert set(found) == {STAYS_UP.id, *(check.id for check in harness.checks)}
    for name in (STAYS_UP.id, *beside):
        del found[name]
    return found


def verdicts(found: dict[str, CheckResult]) -> list[Verdict]:
    return [found[name].verdict for name in sorted(found)]


async def yielding(world: World) -> None:
    """Yield to the other checks a few times."""
    for _ in range(5):
        await asyncio.sleep(0)


TIMED_OUT = Exchange(Request("GET", "/"), None, Trouble.TIMEOUT)
SLOW_503 = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=2.5)
FAST_503 = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=0.1)


def failing_times(times: int, exchange: Exchange = TIMED_OUT) -> CheckFunction:
    """Return a check function that fails with `exchange` the first `times` times."""
    left = [times]

    async def check_function(world: World) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise CheckFailed(Finding("a response", "none", exchanges=(exchange,), culprit=0))

    return check_function


def test_checks_are_distributed_over_max_labs(harness: EngineHarness) -> None:
    labs = LabFactory(harness)
    found = run(harness, labs, *[yielding] * 9)
    assert verdicts(found) == [PASS] * 9
    assert (len(labs.opened), labs.peak_open) == (MAX_LABS, MAX_LABS)
    assert sum(lab.restored for lab in labs.opened) == 9


def test_slow_server_gets_more_labs(harness: EngineHarness) -> None:
    harness.pace = Pace(read=0.05)
    labs = LabFactory(harness)
    run(harness, labs, *[yielding] * (2 * MAX_SLOW_LABS))
    assert labs.peak_open == MAX_SLOW_LABS


def test_longest_check_begins_first(harness: EngineHarness) -> None:
    harness.schedule = Schedule({"d": 5.0, "b": 2.0})
    order = list(run(harness, LabFactory(harness, limit=1), *[yielding] * 4))
    assert order == ["d", "b", "a", "c"]


def test_opens_no_more_labs_than_checks(harness: EngineHarness) -> None:
    labs = LabFactory(harness)
    run(harness, labs, passing)
    assert len(labs.opened) == 1


def test_alone_check_runs_while_no_other_lab_is_open(harness: EngineHarness) -> None:
    labs = LabFactory(harness)
    beside: list[int] = []

    async def measuring(world: World) -> None:
        beside.append(labs.open_count)

    run(harness, labs, *[yielding] * 4, measuring, measuring, alone=2)
    assert beside == [1, 1]
    assert len(labs.opened) == MAX_LABS, "one of the labs should stay open for these checks"


def test_a_slow_server_is_asked_the_longest_and_the_shortest_first(harness: EngineHarness) -> None:
    harness.pace = Pace(read=0.05)
    names = "abcdefghijklmnopqrst"
    harness.schedule = Schedule({name: 40.0 - number for number, name in enumerate(names)})
    begun: list[str] = []

    def beginning(name: str) -> CheckFunction:
        async def check_function(world: World) -> None:
            begun.append(name)
            if len(begun) == MAX_SLOW_LABS:
                all_labs_begun.set()
            await all_labs_begun.wait()

        return check_function

    all_labs_begun = asyncio.Event()
    run(harness, LabFactory(harness), *map(beginning, names))
    assert set(begun[:MAX_SLOW_LABS]) == set("abcdef" + "qrst")


def test_stops_the_target_when_a_lab_cannot_start_beside_it(harness: EngineHarness) -> None:
    labs = LabFactory(harness, beside_target=False)
    found = run(harness, labs, *[yielding] * 5)
    assert verdicts(found) == [PASS] * 5
    assert not harness.target.alive


def test_one_lab_runs_all_checks_when_a_second_cannot_start(harness: EngineHarness) -> None:
    labs = LabFactory(harness, limit=1, beside_target=False)
    found = run(harness, labs, *[yielding] * 5, yielding, alone=1)
    assert verdicts(found) == [PASS] * 6
    assert labs.peak_open == 1


def test_lab_that_never_starts_blocks_every_check(harness: EngineHarness) -> None:
    labs = LabFactory(harness, limit=0)
    found = run(harness, labs, passing, passing, passing, passing, alone=1)
    assert verdicts(found) == [BLOCKED] * 4
    assert all("port already in use" in each.reason for each in found.values())
    assert not any(each.excused for each in found.values())


def test_keeps_the_result_and_opens_another_lab_when_restore_fails(harness: EngineHarness) -> None:
    labs = LabFactory(harness, restores=1)
    found = run(harness, labs, *[failing()] * 2, *[yielding] * 4)
    assert verdicts(found) == [FAIL] * 2 + [PASS] * 4
    assert len(labs.opened) > 3


def test_blocks_the_remaining_checks_after_too_many_broken_labs(harness: EngineHarness) -> None:
    labs = LabFactory(harness, restores=0)
    found = run(harness, labs, *[passing] * 10, passing, alone=1)
    assert verdicts(found).count(BLOCKED) >= 4
    assert {PASS, BLOCKED} == set(verdicts(found))
    assert found["k"].verdict is BLOCKED
    assert "it does not start again" in found["k"].reason


def test_runs_timed_out_check_once_more(harness: EngineHarness) -> None:
    found = run(harness, LabFactory(harness), failing_times(1), failing_times(2), passing)
    assert verdicts(found) == [PASS, FAIL, PASS]


def test_runs_check_once_more_after_slow_503(harness: EngineHarness) -> None:
    found = run(
        harness,
        LabFactory(harness),
        failing_times(1, SLOW_503),
        failing_times(2, SLOW_503),
        failing_times(1, FAST_503),
    )
    assert verdicts(found) == [PASS, FAIL, FAIL]


def test_stops_repeating_after_consecutive_timeouts(harness: EngineHarness) -> None:
    check_function, labs = failing_times(100), LabFactory(harness, limit=1)
    run(harness, labs, *[check_function] * 9)
    assert sum(lab.restored for lab in labs.opened) == 9 + 3


def test_repeated_check_computes_shared_values_again(harness: EngineHarness) -> None:
    calls: list[int] = []
    values: list[int] = []

    async def compute() -> int:
        calls.append(len(calls))
        return calls[-1]

    async def using_shared(world: World) -> None:
        values.append(await once_per_run(world, compute))
        if values[-1] == 0:
            await failing_times(1)(world)

    found = run(harness, LabFactory(harness, limit=1), using_shared, using_shared, using_shared)
    assert verdicts(found) == [PASS] * 3
    assert values == [0, 0, 0, 1, 1, 1]


def test_a_timed_out_check_runs_again_with_no_lab_beside_it(harness: EngineHarness) -> None:
    labs = LabFactory(harness)
    open_labs: list[int] = []

    async def timing_out(world: World) -> None:
        open_labs.append(labs.open_count)
        if len(open_labs) == 1:
            await failing_times(1)(world)

    found = run(harness, labs, timing_out, *[yielding] * 8)
    assert set(verdicts(found)) == {PASS}
    assert open_labs[1:] == [1]


def test_an_alone_check_that_timed_out_runs_again(harness: EngineHarness) -> None:
    found = run(harness, LabFactory(harness), passing, failing_times(1), failing_times(2), alone=2)
    assert verdicts(found) == [PASS, PASS, FAIL]


def measure(harness: EngineHarness, *raised: Exception) -> tuple[Verdict, list[bool]]:
    """Run a check that measures beside eight others; each of its first runs raises one of these.

    Returns its verdict, and for each of its runs whether other labs were open.
    """
    labs, left, beside = LabFactory(harness), list(raised), list[bool]()

    async def measuring(world: World) -> None:
        await yielding(world)
        beside.append(labs.open_count > 1)
        if left:
            raise left.pop(0)

    for number in range(8):
        harness.check(f"other{number}", yielding, lab=True)
    harness.check("measuring", measuring, lab=True)
    harness.checks[-1] = replace(harness.checks[-1], repeated_alone=True)
    harness.labs = labs.open
    return harness.run()["measuring"].verdict, beside


WAITED = CheckFailed(Finding("no waiting", "waited"))


def test_a_measuring_check_that_passes_beside_others_runs_once(harness: EngineHarness) -> None:
    assert measure(harness) == (PASS, [True])


@pytest.mark.parametrize("disturbed", [WAITED, Skipped("the machine was too busy")])
def test_a_measuring_check_that_does_not_pass_beside_others_is_repeated_alone(
    harness: EngineHarness, disturbed: Exception
) -> None:
    assert measure(harness, disturbed) == (PASS, [True, False])


def test_a_measuring_check_that_does_not_pass_alone_fails(harness: EngineHarness) -> None:
    assert measure(harness, WAITED, WAITED) == (FAIL, [True, False])


async def once_per_run(world: World, compute: Any) -> Any:
    from worksample.checks import World as Real

    return await Real(world.context, world.session, world.rng).once_per_run("value", compute)


def test_detects_dialect_in_a_lab_that_has_not_used_the_wire(harness: EngineHarness) -> None:
    labs = LabFactory(harness, wired=False)
    contexts_seen: list[Any] = []

    def detect_dialect(world: World) -> None:
        contexts_seen.append(world.context.lab)
        assert world.context.lab is not None
        world.context.lab.wire.history.append(cast(RoundTrip, None))

    harness.detect_dialect = detect_dialect
    run(harness, labs, passing)
    assert contexts_seen == labs.opened


def test_wire_troubles_become_run_notes(harness: EngineHarness) -> None:
    async def check_function(world: World) -> None:
        assert world.context.lab is not None
        world.context.lab.wire.problems.append("unknown message type")

    run(harness, LabFactory(harness), check_function)
    assert "unknown message type" in harness.notes


def test_skipped_lab_check_stays_excused(harness: EngineHarness) -> None:
    async def check_function(world: World) -> None:
        raise Skipped("no wire")

    found = run(harness, LabFactory(harness), check_function)
    assert (found["a"].verdict, found["a"].excused) == (BLOCKED, True)


def test_service_unavailable_aborts_the_run(harness: EngineHarness) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[FakeLab]:
        raise ServiceUnavailable("PostgreSQL is gone")
        yield  # type: ignore[unreachable]

    harness.check("a", passing, lab=True)
    harness.labs = broken
    with pytest.raises(ServiceUnavailable, match="PostgreSQL is gone"):
        harness.run()


@pytest.mark.parametrize("in_order", [False, True])
def test_check_does_not_keep_a_lab_for_what_another_one_makes(
    harness: EngineHarness, in_order: bool
) -> None:
    """Its lab runs other checks meanwhile, unless the order of checks is fixed."""
    made, begun, ended = asyncio.Event(), list[str](), list[str]()

    async def compute() -> int:
        await made.wait()
        return 7

    def sharing(name: str) -> CheckFunction:
        async def check_function(world: World) -> None:
            begun.append(name)
            assert await once_per_run(world, compute) == 7
            ended.append(name)

        return check_function

    async def others(world: World) -> None:
        await yielding(world)
        ended.append("other")
        if in_order or ended == ["other"] * 4:
            made.set()

    if in_order:
        harness.schedule = GivenOrder()
    shared = [sharing(name) for name in "abc"]
    labs = LabFactory(harness, limit=3 if in_order else 2)
    found = run(harness, labs, *shared[:2], *[others] * 4, shared[2])
    assert verdicts(found) == [PASS] * 7
    if in_order:
        assert len(begun) == 3
    else:
        assert ended[:4] == ["other"] * 4
        assert len(begun) > 3


def test_once_per_run_shares_its_exception(harness: EngineHarness) -> None:
    calls: list[None] = []

    async def compute() -> None:
        calls.append(None)
        await asyncio.sleep(0)
        raise CheckFailed(Finding("a value", "nothing"))

    async def using_shared(world: World) -> None:
        await once_per_run(world, compute)

    found = run(harness, LabFactory(harness), using_shared, using_shared, using_shared)
    assert verdicts(found) == [FAIL] * 3
    assert len(calls) == 1


def test_waiting_for_cancelled_shared_value_is_undecided(
    harness: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksample.checks.check_runner.CHECK_TIMEOUT", 0.05)

    async def using_shared(world: World) -> None:
        await once_per_run(world, asyncio.Event().wait)

    found = run(harness, LabFactory(harness), using_shared, using_shared)
    assert verdicts(found) == [Verdict.UNDECIDED] * 2
