"""What a burst of 50 alone shows of a race: the two requests of its scene, 25 of each, at once.

A sound judge without a search, and two ways to send them:

- on one thing: all 50 on the data of one scene, as a load test does. The state afterwards has to be
  one that the same 50 bring when they are asked one after the other. Where it then matters in
  what order they come, and not only which of the two is first or last, it is not judged. Where
  every order ends with equally many successes, the burst has to as well.
- on many: 25 scenes, the two requests of each; every pair is judged as `serializable` does.

The last byte of each request is held back until all 50 lie at the server (`probes.burst`). Where an
answer does not come in time, nothing is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from unittest.mock import patch

from tallies import ON_ONE

from worksample.checks import Answer, Check, Race
from worksample.checks.expect import json_equal
from worksample.checks.race_runner import RaceRunner
from worksample.checks.races import Outcome, RaceFactory
from worksample.checks.serializable import is_serializable
from worksample.checks.world import World
from worksample.probes.burst import SETTLING_SECONDS
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient

PAIRS = 25
LONGEST_WAIT = 30.0
MIXED = (0, 1) * PAIRS
ORDERS = ((0,) * PAIRS + (1,) * PAIRS, (1,) * PAIRS + (0,) * PAIRS, MIXED)

BurstResult = tuple[list[str], Any]


class Inconclusive(Exception):
    """Of what came of this burst nothing can be said."""


class Bursts:
    """Sends bursts in place of a check's search; what is right is asked once for each check."""

    def __init__(self) -> None:
        self._serial_results: dict[str, list[BurstResult]] = {}
        self._serial: dict[str, list[Outcome]] = {}

    @contextmanager
    def replacing_search(self, check: Check, sort: str, shown: list[bool]) -> Iterator[None]:
        """Let `check` send a burst of this sort; `shown` hears whether it showed a defect."""

        async def serializable(world: World, new_race: RaceFactory, **_: object) -> None:
            shows = self._on_one if sort == ON_ONE else self._on_many
            with suppress(Inconclusive):
                shown.append(await shows(check.id, world, new_race))

        names: dict[str, Any] = getattr(check.function, "__globals__", {})
        with patch.dict(names, serializable=serializable):
            yield

    async def _on_one(self, name: str, world: World, new_race: RaceFactory) -> bool:
        if name not in self._serial_results:
            self._serial_results[name] = await serial_results(new_race)
        known = self._serial_results[name]
        if not matches_serial_result(known[-1], known[:-1]):
            raise Inconclusive
        race = await new_race()
        answers = await send_at_once([(race, actor) for actor in MIXED])
        came = [race.classify(answer) for answer in answers], await race.read_state()
        if matches_serial_result(came, known):
            return False
        known += await serial_results(new_race)
        return not matches_serial_result(came, known)

    async def _on_many(self, name: str, world: World, new_race: RaceFactory) -> bool:
        race_runner = RaceRunner(world, new_race, with_wire=False)
        if name not in self._serial:
            self._serial[name] = await both_orders(race_runner)
        allowed = self._serial[name]
        races = [await new_race() for _ in range(PAIRS)]
        answers = await send_at_once([(race, actor) for race in races for actor in (0, 1)])
        pairs = zip(races, answers[::2], answers[1::2], strict=True)
        outcomes = [await _outcome(*pair) for pair in pairs]
        if all(is_serializable(outcome, allowed) for outcome in outcomes):
            return False
        allowed += await both_orders(race_runner)
        return not all(is_serializable(outcome, allowed) for outcome in outcomes)


async def serial_results(new_race: RaceFactory) -> list[BurstResult]:
    """Ask 50 one after the other, in three orders; raise `Inconclusive` if one fails even so."""
    known = [await run_in_order(await new_race(), order) for order in ORDERS]
    if any("failed" in classes for classes, _ in known):
        raise Inconclusive
    return known


async def both_orders(race_runner: RaceRunner) -> list[Outcome]:
    """Ask two one after the other, in both orders; raise `Inconclusive` if one fails even so."""
    known = [(await race_runner.serial(leader)).outcome for leader in (0, 1)]
    if any(outcome.failed for outcome in known):
        raise Inconclusive
    return known


async def send_at_once(asked: Sequence[tuple[Race, int]]) -> list[Answer]:
    """Send all these requests at one moment; raise `Inconclusive` if an answer does not come."""
    async with released_at_once(len(asked)):
        answers = await asyncio.gather(*(_ask(race, actor) for race, actor in asked))
    if any(answer.exchange.trouble is Trouble.TIMEOUT for answer in answers):
        raise Inconclusive
    return answers


@asynccontextmanager
async def released_at_once(count: int) -> AsyncIterator[None]:
    """The next `count` requests, of whatever client, wait for each other before their last byte."""
    gate = asyncio.Barrier(count)
    plain, begun = HttpClient.send, 0

    async def held(client: HttpClient, request: Request, label: str, record: Any) -> Exchange:
        unfinished = await client.begin(request, -1, label=label, record=record)
        await asyncio.sleep(SETTLING_SECONDS)
        async with asyncio.timeout(LONGEST_WAIT):
            await gate.wait()
        return await unfinished.finish()

    def send(client: HttpClient, request: Request, **how: Any) -> Coroutine[Any, Any, Exchange]:
        nonlocal begun
        begun += 1
        if begun > count:
            return plain(client, request, **how)
        return held(client, request, how.get("label", ""), how.get("record"))

    with patch.object(HttpClient, "send", send):
        yield


def matches_serial_result(came: BurstResult, known: Sequence[BurstResult]) -> bool:
    """Whether 50 requests came out like the same ones asked one after the other."""
    classes, state = came
    successes = {each.count("done") for each, _ in known}
    return (
        "failed" not in classes
        and any(json_equal(each, state) for _, each in known)
        and (len(successes) > 1 or classes.count("done") in successes)
    )


def is_race(check: Check) -> bool:
    """Whether the check searches for a race of two requests."""
    code = getattr(check.function, "__code__", None)
    return code is not None and "either_order" in code.co_names


async def run_in_order(race: Race, order: Sequence[int]) -> BurstResult:
    """Ask the two requests of a race again and again, one after the other."""
    answers = [await _ask(race, actor) for actor in order]
    return [race.classify(answer) for answer in answers], await race.read_state()


async def _ask(race: Race, actor: int) -> Answer:
    return await (race.second if actor else race.first)()


async def _outcome(race: Race, first: Answer, second: Answer) -> Outcome:
    classes = race.classify(first), race.classify(second)
    views = [
        race.view(answer) if race.view is not None and sort == "done" else None
        for answer, sort in zip((first, second), classes, strict=True)
    ]
    return Outcome(classes, (views[0], views[1]), await race.read_state())
