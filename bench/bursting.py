"""Detect races by bursts of 50 requests instead of a search: 25 of each of the two requests.

There are two sorts of bursts, each with a sound judge:

- on one: all 50 requests act on the data of one scene, as in a load test. The state afterwards must
  equal a state that the same 50 requests produce one after the other. If the result of serial runs
  depends on more than the first and the last request, the burst is not judged. If all serial runs
  have the same number of successes, the burst must have it too.
- on many: 25 scenes with two requests each. Each pair must be serializable.

The last byte of each request is held back until the server has received the rest of all 50
(`probes.burst`). A burst with a timeout is not judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from unittest.mock import patch

from tallies import ON_ONE

from worksample.checks import Answer, Check, Race, serializable
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
    """The result of a burst cannot be judged."""


class Bursts:
    """Sends bursts instead of a check's search. Serial results are recorded once per check."""

    def __init__(self) -> None:
        self._serial_results: dict[str, list[BurstResult]] = {}
        self._serial: dict[str, list[Outcome]] = {}

    @contextmanager
    def replacing_search(self, check: Check, sort: str, shown: list[bool]) -> Iterator[None]:
        """Within the block, `check` sends a burst; `shown` gets whether it found a defect."""

        async def burst(world: World, new_race: RaceFactory, **_: object) -> None:
            finds_defect = self._on_one if sort == ON_ONE else self._on_many
            with suppress(Inconclusive):
                shown.append(await finds_defect(check.id, world, new_race))

        names: dict[str, Any] = getattr(check.function, "__globals__", {})
        with patch.dict(names, {serializable.__name__: burst}):
            yield

    async def _on_one(self, name: str, world: World, new_race: RaceFactory) -> bool:
        if name not in self._serial_results:
            self._serial_results[name] = await serial_results(new_race)
        known = self._serial_results[name]
        if not matches_serial_result(known[-1], known[:-1]):
            raise Inconclusive
        race = await new_race()
        answers = await send_at_once([(race, actor) for actor in MIXED])
        result = [race.classify(answer) for answer in answers], await race.read_state()
        if matches_serial_result(result, known):
            return False
        known += await serial_results(new_race)
        return not matches_serial_result(result, known)

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
    """Send 50 requests one after the other, in three orders.

    Raises `Inconclusive` if one of them fails.
    """
    known = [await run_in_order(await new_race(), order) for order in ORDERS]
    if any("failed" in classes for classes, _ in known):
        raise Inconclusive
    return known


async def both_orders(race_runner: RaceRunner) -> list[Outcome]:
    """Send two requests one after the other, in both orders.

    Raises `Inconclusive` if one of them fails.
    """
    known = [(await race_runner.serial(leader)).outcome for leader in (0, 1)]
    if any(outcome.failed for outcome in known):
        raise Inconclusive
    return known


async def send_at_once(requests: Sequence[tuple[Race, int]]) -> list[Answer]:
    """Send all requests at the same moment. Raises `Inconclusive` if one times out."""
    async with released_at_once(len(requests)):
        answers = await asyncio.gather(*(_send(race, actor) for race, actor in requests))
    if any(answer.exchange.trouble is Trouble.TIMEOUT for answer in answers):
        raise Inconclusive
    return answers


@asynccontextmanager
async def released_at_once(count: int) -> AsyncIterator[None]:
    """Within the block, the next `count` requests of any client share a barrier before their end.

    Each sends all but its last byte, and waits until all others have done so.
    """
    barrier = asyncio.Barrier(count)
    original, sent = HttpClient.send, 0

    async def held(client: HttpClient, request: Request, label: str, record: Any) -> Exchange:
        partial = await client.begin(request, -1, label=label, record=record)
        await asyncio.sleep(SETTLING_SECONDS)
        async with asyncio.timeout(LONGEST_WAIT):
            await barrier.wait()
        return await partial.finish()

    def send(client: HttpClient, request: Request, **options: Any) -> Coroutine[Any, Any, Exchange]:
        nonlocal sent
        sent += 1
        if sent > count:
            return original(client, request, **options)
        return held(client, request, options.get("label", ""), options.get("record"))

    with patch.object(HttpClient, "send", send):
        yield


def matches_serial_result(result: BurstResult, known: Sequence[BurstResult]) -> bool:
    """Return whether the result of 50 requests equals that of a serial run."""
    classes, state = result
    successes = {each.count("done") for each, _ in known}
    return (
        "failed" not in classes
        and any(json_equal(each, state) for _, each in known)
        and (len(successes) > 1 or classes.count("done") in successes)
    )


def is_race(check: Check) -> bool:
    """Return whether the check searches for a race of two requests."""
    code = getattr(check.function, "__code__", None)
    return code is not None and serializable.__name__ in code.co_names


async def run_in_order(race: Race, order: Sequence[int]) -> BurstResult:
    """Send the requests of a race one after the other, in the given order (0: first, 1: second)."""
    answers = [await _send(race, actor) for actor in order]
    return [race.classify(answer) for answer in answers], await race.read_state()


async def _send(race: Race, actor: int) -> Answer:
    return await (race.second if actor else race.first)()


async def _outcome(race: Race, first: Answer, second: Answer) -> Outcome:
    classes = race.classify(first), race.classify(second)
    views = [
        race.view(answer) if race.view is not None and sort == "done" else None
        for answer, sort in zip((first, second), classes, strict=True)
    ]
    return Outcome(classes, (views[0], views[1]), await race.read_state())
