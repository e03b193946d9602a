"""How a race is run: both orders one after the other, then every order that statements allow."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from worksample.checks.answer import Answer
from worksample.checks.outcome import Skipped
from worksample.checks.races import Outcome, Race, RaceFactory
from worksample.checks.world import World
from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint, HoldPointTracker
from worksample.probes.interleavings import interleave, run_serially
from worksample.probes.schedules import RequestState, Schedule, ScheduleRun, Timeouts

MOST_STEPS = 40
MOST_PATIENCE = 2.0
TIMES_A_REQUEST = 5.0
#: A server may give up what is held for long; what fails then is tried again, held for less.
LONG_HELD = 1.0
#: No patience came to its end where the last word of PostgreSQL was that a constraint is violated
#: (class 23) or that the transaction was undone for another one (class 40).
CONFLICTS = ("23", "40")
ATTEMPTS = 3
#: So many schedules in a row in which the other one never came to the database: from then on it
#: is given but a moment, to be next in line when the first goes on.
SHUT_OUT = 3
A_MOMENT = 0.03
#: Where nothing can be held: so many bursts of so many pairs each.
BURSTS = 4
PAIRS_AT_ONCE = 8
_LIMITED = "the server's own limiter (429) keeps requests out: switch it off for this run"

Runner = Callable[[Race, "Asked"], Awaitable[ScheduleRun | None]]


class Asked:
    """The two requests of a race, which remember what was answered."""

    def __init__(self, race: Race) -> None:
        self.answers: dict[int, Answer] = {}
        self._race = race

    @property
    def asks(self) -> tuple[Callable[[], Awaitable[Exchange]], Callable[[], Awaitable[Exchange]]]:
        """Both, as a probe asks them."""
        return (lambda: self._ask(0)), (lambda: self._ask(1))

    async def _ask(self, actor: int) -> Exchange:
        ask = self._race.second if actor else self._race.first
        answer = self.answers[actor] = await ask()
        return answer.exchange


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a race: what came of it, all its exchanges, and how it was played.

    Not `conclusive` is one that failed because a request had been held for so long: our doing.
    """

    outcome: Outcome
    answers: tuple[Answer, Answer]
    exchanges: tuple[Exchange, ...]
    execution: ScheduleRun | None = None
    conclusive: bool = True


class RaceRunner:
    """Runs the races of a scene on the world's server; `with_wire` says whether it can search."""

    def __init__(self, world: World, new_race: RaceFactory, with_wire: bool) -> None:
        self._world, self._scene = world, new_race
        self.with_wire = with_wire
        self.serializes_requests = False
        self._patience = Timeouts()
        self._undisturbed: dict[int, Mapping[int, HoldPoint]] = {}

    async def serial(self, leader: int) -> Trial:
        """Ask the leader (0 or 1), then the other, on fresh data."""
        trial = await self._run(lambda race, asked: self._in_turn(asked, leader))
        assert trial is not None
        if trial.execution is not None:
            self._undisturbed[leader] = trial.execution.hold_points
        slowest = max(answer.exchange.seconds for answer in trial.answers)
        idle = min(max(self._patience.idle, TIMES_A_REQUEST * slowest), MOST_PATIENCE)
        self._patience = replace(self._patience, idle=idle)
        return trial

    async def search(self, leaders: Sequence[int], pairs: int) -> AsyncIterator[Trial]:
        """Run every schedule with one preemption, then up to `pairs` with two, chosen by lot.

        Where the other request never gets as far as to the database while one is held, `serializes_requests`
        says so: the server serves one at a time, or has one connection for all. Both then wait in
        line, and take turns when the held statement is let go; two cannot be held.
        """
        lengths = [0, 0]
        serializes_requests = 0
        for leader in leaders:
            async for trial in self._everywhere(leader):
                yield trial
                assert trial.execution is not None
                lengths = [max(pair) for pair in zip(lengths, trial.execution.lengths, strict=True)]
                serializes_requests = (
                    serializes_requests + 1 if _was_serialized(trial.execution) else 0
                )
                if serializes_requests == SHUT_OUT:
                    self.serializes_requests = True
                    self._patience = replace(self._patience, idle=A_MOMENT)
        for schedule in self._with_two(leaders, lengths, 0 if self.serializes_requests else pairs):
            if (again := await self._held(schedule)) is not None:
                yield again

    async def _everywhere(self, leader: int) -> AsyncIterator[Trial]:
        """Hold the leader before each of its round trips, then where the numbers had shifted.

        Where it goes when nobody is in its way counts too: held early, it may always be too late.
        """
        hold_points = HoldPointTracker()
        hold_points.record(self._undisturbed.get(leader, {}), 0)
        for hold in range(1, MOST_STEPS):
            trial = await self._held(Schedule(leader, hold))
            if trial is None:
                break
            assert trial.execution is not None
            hold_points.record(trial.execution.hold_points, hold)
            yield trial
        while hold_point := hold_points.next_unheld():
            again = await self._held(Schedule(leader, hold_point=hold_point))
            if again is not None:
                assert again.execution is not None
                hold_points.record(again.execution.hold_points, again.execution.schedule.hold)
                yield again

    async def bursts(self) -> AsyncIterator[Trial]:
        """Ask both at the same moment, many times: luck, where there is nothing to hold."""
        for _ in range(BURSTS):
            for trial in await self.burst(PAIRS_AT_ONCE):
                yield trial

    async def burst(self, pairs: int) -> list[Trial]:
        """Send so many pairs at one moment, each on fresh data; return what came of each pair."""
        races = [await self._scene() for _ in range(pairs)]
        asked = [Asked(race) for race in races]
        with self._keeping_none():
            await asyncio.gather(*(ask() for each in asked for ask in each.asks))
        return [await self._trial(*each, None, ()) for each in zip(races, asked, strict=True)]

    def _with_two(
        self, leaders: Sequence[int], lengths: Sequence[int], most: int
    ) -> list[Schedule]:
        """Choose schedules in which both are held; before a first round trip it is but one."""
        found = [
            Schedule(leader, hold, then)
            for leader in leaders
            for hold, then in itertools.product(
                range(2, lengths[leader] + 1), range(2, lengths[1 - leader] + 1)
            )
        ]
        return self._world.rng.sample(found, min(most, len(found)))

    async def _held(self, schedule: Schedule) -> Trial | None:
        """Run a schedule, again if the server failed when a request had been held for long.

        None if the leader ended before it could be held.
        """
        trial = None
        for _ in range(ATTEMPTS):
            trial = await self._run(lambda race, asked: self._interleaved(asked, schedule))
            if trial is None or not trial.outcome.failed:
                return trial
            assert trial.execution is not None
            if trial.execution.held < LONG_HELD or _is_conflict(trial.outcome, trial.execution):
                return trial
        assert trial is not None
        self._world.remark("requests that were held for long failed: what that hides is not known")
        return replace(trial, conclusive=False)

    @contextmanager
    def _keeping_none(self) -> Iterator[None]:
        """Keep no connection: a server that serves one at a time waits at it for nothing."""
        with ExitStack() as stack:
            for client in (self._world.session.client, *self._world.context.extra_clients):
                stack.enter_context(client.without_keep_alive())
            yield

    async def _run(self, run: Runner) -> Trial | None:
        """Play a race and look at what came of it."""
        with self._keeping_none() if self.serializes_requests else nullcontext():
            return await self._run_once(run)

    async def _run_once(self, run: Runner) -> Trial | None:
        began = len(self._world.session.exchanges)
        race = await self._scene()
        asked = Asked(race)
        execution = await run(race, asked)
        if execution is not None and not execution.settled:
            self._patience = replace(self._patience, settling=A_MOMENT)
        if len(asked.answers) < 2:
            return None
        return await self._trial(race, asked, execution, self._world.session.exchanges[began:])

    async def _trial(
        self, race: Race, asked: Asked, execution: ScheduleRun | None, before: Sequence[Exchange]
    ) -> Trial:
        """Look at what came of a race; `before` are the exchanges up to the answers.

        Raises `Skipped` where a limiter of the server's stands in the way.
        """
        known = len(self._world.session.exchanges)
        first, second = asked.answers[0], asked.answers[1]
        if HTTPStatus.TOO_MANY_REQUESTS in (first.status, second.status):
            raise Skipped(_LIMITED)
        classes = race.classify(first), race.classify(second)
        views = _view(race, first, classes[0]), _view(race, second, classes[1])
        outcome = Outcome(classes, views, await race.read_state())
        looked = self._world.session.exchanges[known:]
        exchanges = (*(before or (first.exchange, second.exchange)), *looked)
        return Trial(outcome, (first, second), exchanges, execution)

    async def _in_turn(self, asked: Asked, leader: int) -> ScheduleRun | None:
        if self.with_wire:
            return await run_serially(self._world.wire, asked.asks, leader, self._patience)
        for actor in (leader, 1 - leader):
            await asked.asks[actor]()
        return None

    async def _interleaved(self, asked: Asked, schedule: Schedule) -> ScheduleRun | None:
        return await interleave(self._world.wire, asked.asks, schedule, self._patience)


def _view(race: Race, answer: Answer, sort: str) -> Any:
    return race.view(answer) if race.view is not None and sort == "done" else None


def _is_conflict(outcome: Outcome, execution: ScheduleRun) -> bool:
    """Whether whoever failed did so on a conflict: not because it had been held for long."""
    return any(
        sort == "failed" and error.startswith(CONFLICTS)
        for sort, error in zip(outcome.classes, execution.last_errors, strict=True)
    )


def _was_serialized(execution: ScheduleRun) -> bool:
    return execution.follower is RequestState.IDLE and not execution.round_trips
