"""Lab checks: who gets which lab, and what happens when labs break, fill up or do not start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tests.engine.stage import FakeTarget, Scene, Stage, World, failing, passing
from worksample.checks import STAYS_UP, CheckResult, Excused, Finding, Unmet, Verdict
from worksample.checks.laboratory import LANES
from worksample.errors import ServiceUnavailable, StartFailed
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.targets import Lab

PASS, FAIL, BLOCKED = Verdict.PASS, Verdict.FAIL, Verdict.BLOCKED


class FakeLab(Lab):
    """A lab that mends as often as `mends` says, and is then beyond it."""

    def __init__(self, number: int, mends: int, *, wired: bool = True) -> None:
        self.number, self._mends = number, mends
        self.target, self.mended = FakeTarget(), 0
        self.database: Any = None
        self.wire: Any = SimpleNamespace(
            troubles=[], history=[], connections={1: None} if wired else {}
        )

    async def mend(self) -> None:
        """See `Lab`."""
        self.mended += 1
        if self.mended > self._mends:
            raise StartFailed("it does not come back")


@dataclass(slots=True)
class Labs:
    """Opens fake labs: at most `most` at once, and beside the first server only if that may be."""

    stage: Stage
    most: int = 100
    beside_the_first: bool = True
    mends: int = 1000
    wired: bool = True
    opened: list[FakeLab] = field(default_factory=list)
    standing: int = 0
    most_standing: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeLab]:
        """Open one; raises `StartFailed` where something is in its way."""
        await asyncio.sleep(0)
        if self.standing >= self.most or (self.stage.target.alive and not self.beside_the_first):
            raise StartFailed("it wants a port that is taken")
        lab = FakeLab(len(self.opened), self.mends, wired=self.wired)
        self.opened.append(lab)
        self.standing += 1
        self.most_standing = max(self.standing, self.most_standing)
        try:
            yield lab
        finally:
            self.standing -= 1


@pytest.fixture
def stage() -> Stage:
    """A stage that can have labs."""
    return Stage(target=FakeTarget())


def play(stage: Stage, labs: Labs, *scenes: Scene, alone: int = 0) -> dict[str, CheckResult]:
    """Ask the scenes in labs as `a`, `b` ..., the last `alone` of them alone."""
    for number, scene in enumerate(scenes):
        name = chr(ord("a") + number)
        stage.check(name, scene, alone=number >= len(scenes) - alone, lab=True)
    stage.labs = labs.open
    found = stage.play()
    assert not labs.standing
    assert set(found) == {STAYS_UP.id, *(check.id for check in stage.checks)}
    del found[STAYS_UP.id]
    return found


def verdicts(found: dict[str, CheckResult]) -> list[Verdict]:
    return [found[name].verdict for name in sorted(found)]


async def taking_turns(world: World) -> None:
    """Let the others go on."""
    for _ in range(5):
        await asyncio.sleep(0)


LATE = Exchange(Request("GET", "/"), None, Trouble.TIMEOUT)
BUSY = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=2.5)
REFUSED = Exchange(Request("GET", "/"), Response(503, (), b""), seconds=0.1)


def late(times: int, exchange: Exchange = LATE) -> Scene:
    """Return a scene whose answer comes too late, so many times."""
    left = [times]

    async def scene(world: World) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise Unmet(Finding("an answer", "none", exchanges=(exchange,), culprit=0))

    return scene


def test_a_few_labs_share_the_checks(stage: Stage) -> None:
    labs = Labs(stage)
    found = play(stage, labs, *[taking_turns] * 9)
    assert verdicts(found) == [PASS] * 9
    assert (len(labs.opened), labs.most_standing) == (LANES, LANES)
    assert sum(lab.mended for lab in labs.opened) == 9


def test_one_lab_begins_at_the_end(stage: Stage) -> None:
    asked = list(play(stage, Labs(stage), *[taking_turns] * 9))
    assert asked.index(sorted(asked)[-1]) < len(asked) - 1


def test_no_more_labs_than_checks(stage: Stage) -> None:
    labs = Labs(stage)
    play(stage, labs, passing)
    assert len(labs.opened) == 1


def test_what_measures_is_asked_with_nothing_beside_it(stage: Stage) -> None:
    labs = Labs(stage)
    beside: list[int] = []

    async def measuring(world: World) -> None:
        beside.append(labs.standing)

    play(stage, labs, *[taking_turns] * 4, measuring, measuring, alone=2)
    assert beside == [1, 1]


def test_the_first_server_makes_room(stage: Stage) -> None:
    labs = Labs(stage, beside_the_first=False)
    found = play(stage, labs, *[taking_turns] * 5)
    assert verdicts(found) == [PASS] * 5
    assert not stage.target.alive


def test_one_lab_answers_all_where_no_other_fits_beside_it(stage: Stage) -> None:
    labs = Labs(stage, most=1, beside_the_first=False)
    found = play(stage, labs, *[taking_turns] * 5, taking_turns, alone=1)
    assert verdicts(found) == [PASS] * 6
    assert labs.most_standing == 1


def test_a_copy_that_never_starts_blocks_every_question_once(stage: Stage) -> None:
    labs = Labs(stage, most=0)
    found = play(stage, labs, passing, passing, passing, passing, alone=1)
    assert verdicts(found) == [BLOCKED] * 4
    assert all("it wants a port that is taken" in each.reason for each in found.values())
    assert not any(each.excused for each in found.values())


def test_a_lab_beyond_mending_keeps_the_answer_and_another_is_opened(stage: Stage) -> None:
    labs = Labs(stage, mends=1)
    found = play(stage, labs, *[failing()] * 2, *[taking_turns] * 4)
    assert verdicts(found) == [FAIL] * 2 + [PASS] * 4
    assert len(labs.opened) > 3


def test_after_too_many_ruins_the_rest_is_blocked_and_nothing_is_lost(stage: Stage) -> None:
    labs = Labs(stage, mends=0)
    found = play(stage, labs, *[passing] * 10, passing, alone=1)
    assert verdicts(found).count(BLOCKED) >= 4
    assert {PASS, BLOCKED} == set(verdicts(found))
    assert found["k"].verdict is BLOCKED
    assert "it does not come back" in found["k"].reason


def test_what_was_only_late_is_asked_once_more(stage: Stage) -> None:
    found = play(stage, Labs(stage), late(1), late(2), passing)
    assert verdicts(found) == [PASS, FAIL, PASS]


def test_a_server_that_was_busy_for_long_is_asked_once_more(stage: Stage) -> None:
    found = play(stage, Labs(stage), late(1, BUSY), late(2, BUSY), late(1, REFUSED))
    assert verdicts(found) == [PASS, FAIL, FAIL]


def test_late_again_and_again_is_not_asked_again_for_ever(stage: Stage) -> None:
    scene, labs = late(100), Labs(stage, most=1)
    play(stage, labs, *[scene] * 9)
    assert sum(lab.mended for lab in labs.opened) == 9 + 3


def test_what_was_found_out_too_slowly_is_found_out_anew_for_all(stage: Stage) -> None:
    made: list[int] = []
    judged: list[int] = []

    async def survey() -> int:
        made.append(len(made))
        return made[-1]

    async def judging(world: World) -> None:
        judged.append(await once(world, survey))
        if judged[-1] == 0:
            await late(1)(world)

    found = play(stage, Labs(stage, most=1), judging, judging, judging)
    assert verdicts(found) == [PASS] * 3
    assert judged == [0, 1, 1, 1]


async def once(world: World, survey: Any) -> Any:
    from worksample.checks import World as Real

    return await Real(world.arena, world.session, world.rng).once("survey", survey)


def test_a_server_that_connects_late_is_asked_something_first(stage: Stage) -> None:
    labs = Labs(stage, wired=False)
    woken: list[Any] = []

    def learn(world: World) -> None:
        woken.append(world.arena.lab)
        assert world.arena.lab is not None
        world.arena.lab.wire.history.append(None)

    stage.learn = learn
    play(stage, labs, passing)
    assert woken == labs.opened


def test_what_was_wrong_on_the_wire_is_said(stage: Stage) -> None:
    async def scene(world: World) -> None:
        assert world.arena.lab is not None
        world.arena.lab.wire.troubles.append("nobody understood a word")

    play(stage, Labs(stage), scene)
    assert "nobody understood a word" in stage.notes


def test_an_excuse_stays_one(stage: Stage) -> None:
    async def scene(world: World) -> None:
        raise Excused("no wire here")

    found = play(stage, Labs(stage), scene)
    assert (found["a"].verdict, found["a"].excused) == (BLOCKED, True)


def test_our_own_fault_ends_the_run_with_its_own_words(stage: Stage) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[FakeLab]:
        raise ServiceUnavailable("PostgreSQL is gone")
        yield

    stage.check("a", passing, lab=True)
    stage.labs = broken
    with pytest.raises(ServiceUnavailable, match="PostgreSQL is gone"):
        stage.play()


def test_a_survey_is_made_once_and_its_exception_shared(stage: Stage) -> None:
    made: list[None] = []

    async def survey() -> None:
        made.append(None)
        await asyncio.sleep(0)
        raise Unmet(Finding("a survey", "nothing"))

    async def judging(world: World) -> None:
        await once(world, survey)

    found = play(stage, Labs(stage), judging, judging, judging)
    assert verdicts(found) == [FAIL] * 3
    assert len(made) == 1


def test_who_waits_for_a_survey_that_was_given_up_is_undecided(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksample.checks.asking.LONGEST_CHECK", 0.05)

    async def judging(world: World) -> None:
        await once(world, asyncio.Event().wait)

    found = play(stage, Labs(stage), judging, judging)
    assert verdicts(found) == [Verdict.UNDECIDED] * 2
