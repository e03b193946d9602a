"""What a server does for each read of a large data set, and what it does beside the reads."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace

from worksample.checks import Answer, World
from worksample.errors import StartFailed
from worksample.probes.cpu import can_pin, pinned
from worksample.probes.indexes import PlanCollector
from worksample.probes.work import cheapest, measure_work, work_of
from worksample.services import PlansUnavailable
from worksample.suites.large_data import Read, Written

#: How often a read is sent for its statements and plans, and at most for its CPU time; one that
#: takes longer than so many seconds is sent once.
_TIMES, _MOST, _LONG = 2, 15, 1.0
_CPU_SECONDS = 1.5
#: For how long a server is watched that nobody asks.
_QUIET_SECONDS = 1.0
#: A page of a large data set may take a slow server long.
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class ReadCost:
    """The work that one read costs.

    statements, rows, size: what the server asked of the database, and the rows and bytes it got.
    writes: statements that changed rows. examined: the rows that the database read (0 if it cannot
    tell). length: the bytes of the answer. cpu: milliseconds of the server's CPU time.
    status, entries: what came, and how many entries it listed.
    changes: whether a list differs once the data set was changed.
    """

    statements: int
    writes: int
    rows: int
    size: int
    length: int
    status: int
    entries: int
    cpu: float = 0.0
    examined: int = 0
    changes: bool = False


@dataclass(frozen=True, slots=True)
class ServerCosts:
    """What each read costs, by name; and the statements and rows that nobody asked for.

    These are what its release command and its start do, and what it does while no request is in
    progress.
    """

    reads: Mapping[str, ReadCost]
    own_statements: int
    own_rows: int


async def measure(world: World, written: Written) -> ServerCosts:
    """Release and start the server of the lab again, as a deployment does; measure every read.

    What the release command does counts, but not whether it succeeds: that it can run twice is not
    promised. Raises `StartFailed`, and `PreconditionFailed` if the data set cannot be changed.
    """
    lab, reads = world.lab, written.reads
    world.context.client.limits = replace(world.context.client.limits, timeout=_PATIENCE)
    await lab.target.stop()
    lab.wire.history.clear()
    with suppress(StartFailed):
        await lab.target.release()
    await lab.target.begin()
    await asyncio.sleep(_QUIET_SECONDS)
    costs = {name: await _cost(world, name, read) for name, read in reads.items()}
    own = work_of(trip for trip in lab.wire.history if not trip.request)
    for name, read in reads.items():
        costs[name] = replace(costs[name], cpu=await _cpu(world, read))
    for name in await _changing(written):
        costs[name] = replace(costs[name], changes=True)
    for name, examined in (await _examined(world, reads)).items():
        costs[name] = replace(costs[name], examined=examined)
    return ServerCosts(costs, own.count, own.rows)


async def _cost(world: World, name: str, read: Read) -> ReadCost:
    began = time.monotonic()
    await measure_work(world.wire, name, read.send)
    times = 1 if time.monotonic() - began > _LONG else _TIMES
    seen = [await measure_work(world.wire, name, read.send) for _ in range(times)]
    answer, work = seen[-1][0], cheapest([work for _, work in seen])
    return ReadCost(
        statements=work.count,
        writes=len(work.written),
        rows=work.rows,
        size=work.size,
        length=len(answer.response.body) if answer.exchange.response else 0,
        status=answer.status,
        entries=_entries(answer, read.entries),
    )


async def _cpu(world: World, read: Read) -> float:
    """Return the median CPU time of a read, in milliseconds, on one core."""
    target, spent = world.lab.target, list[float]()
    with pinned(target.pids()) if can_pin() else nullcontext():
        until = time.monotonic() + _CPU_SECONDS
        while not spent or (len(spent) < _MOST and time.monotonic() < until):
            before = target.cpu_seconds()
            await read.send()
            spent.append(target.cpu_seconds() - before)
    return 1000 * statistics.median(spent)


async def _changing(written: Written) -> list[str]:
    """Change the data set; return the lists that differ afterwards.

    Other answers can differ from one second to the next: one that shows an account has a token.
    """
    lists = {name: read for name, read in written.reads.items() if read.entries}
    before = {name: _body(await read.send()) for name, read in lists.items()}
    await written.change()
    after = {name: _body(await read.send()) for name, read in lists.items()}
    return [name for name in lists if before[name] != after[name]]


def _body(answer: Answer) -> bytes:
    return answer.response.body if answer.exchange.response else b""


async def _examined(world: World, reads: Mapping[str, Read]) -> Mapping[str, int]:
    """Return how many rows the database reads for each; none if its plans cannot be logged.

    A log entry can be torn by another one, so the larger of several sums counts.
    """
    try:
        async with PlanCollector.begin(world.lab) as collector:
            found = {}
            for name, read in reads.items():
                began = time.monotonic()
                await read.send()
                times = 1 if time.monotonic() - began > _LONG else _TIMES
                runs = [await collector.plans(name, read.send) for _ in range(times)]
                found[name] = max(sum(sum(p.examined.values()) for p in run) for run in runs)
            return found
    except PlansUnavailable:
        return {}


def _entries(answer: Answer, member: str) -> int:
    """Return how many entries the answer lists; 0 if it lists none."""
    body = answer.json() if member and answer.exchange.response else None
    entries = body.get(member) if isinstance(body, dict) else None
    return len(entries) if isinstance(entries, list) else 0
