"""Killed, or cut off from the database, in the middle of a write: what was promised is kept (V1).

Both series are dear: each is made once, by the first check here that needs it, and judged by
those in `surviving.py` too.
"""

from __future__ import annotations

import asyncio

from worksample.checks import Aspect, Finding, GivenFailed, Unmet, check, shorten
from worksample.probes.crashes import Crashes, crash
from worksample.probes.deeds import Deed, Known, Seen, learn, prepared, shown, succeeded
from worksample.probes.exchange import Exchange
from worksample.probes.losses import Losses, lose
from worksample.probes.storing import broken_promises

from .telling import leave, made, none_of, survey, those_that_work, unwell, what_is_there
from .world import Conduit
from .writes import Writes

SKILLS = ("relational-databases", "databases")
MENDED = "a-broken-connection-is-mended"
LOSING_SECONDS = 100.0
COMMIT_FIRST = "Answer when the database has committed, not when you have asked it to."


async def crashes(world: Conduit) -> Crashes:
    """Kill the server at every point of every kind of write, once for all checks."""

    async def make() -> Crashes:
        writes = Writes(world)
        good = await _known(world, writes)
        return await crash(world.lab, writes.kinds, good, writes.other, writes.sign_in_again)

    found = await survey(world, "crashes", make)
    if found.left_out:
        world.remark(f"{len(found.left_out)} points of a crash could not be reached in time")
    return found


async def losses(world: Conduit) -> Losses:
    """Lose the connection at every point of every kind of write, once for all checks."""

    async def make() -> Losses:
        writes = Writes(world)
        good = await _known(world, writes)
        found = await lose(world.lab, writes.kinds, good, writes.other, LOSING_SECONDS)
        await leave(world, well=found.recovered)
        return found

    found = await survey(world, "losses", make)
    if found.left_out and found.recovered:
        world.remark(f"there was no time for {found.left_out} of the lost connections")
    return found


def to_the_end(found: Losses) -> None:
    """Block where the series ended early, because the server did not recover from a loss."""
    if not found.recovered:
        last = found.unwell or found.attempts[-1].exchange
        raise GivenFailed(MENDED, unwell(last))


async def _known(world: Conduit, writes: Writes) -> list[Known]:
    return those_that_work(world, await learn(world.wire, writes.kinds, writes.other))


@check(
    title="What was answered with success is still there after a kill",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="Machines are switched off without asking. Who was told “saved” does not save again.",
    hint=COMMIT_FIRST,
    skills=SKILLS,
    lab=True,
)
async def what_was_answered_survives_a_kill(world: Conduit) -> None:
    writes, target = Writes(world), world.lab.target
    deeds = [await made(prepared(each)) for each in writes.kinds.values()]
    before = [await shown(deed) for deed in deeds]
    answers = [await deeds[0].ask(), *await asyncio.gather(*(deed.ask() for deed in deeds[1:]))]
    await target.kill()
    await target.begin()
    await writes.sign_in_again()
    for deed, was, answer in zip(deeds, before, answers, strict=True):
        seen = await shown(deed)
        if succeeded(answer) and was and seen and seen.state == was.state:
            raise Unmet(_forgotten(deed, answer, seen))


def _forgotten(deed: Deed, answer: Exchange, seen: Seen) -> Finding:
    return Finding(
        expected="all that was answered with success before the kill",
        actual=f"{deed.kind} was answered {answer.status}, and there is {shorten(seen.state)}",
        exchanges=(answer, *seen.exchanges),
        cause=deed.kind,
    )


@check(
    title="Nothing is answered with success before it is stored",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="What is stored a moment after the answer is lost with every crash, and nobody knows what "
    "it was.",
    hint=COMMIT_FIRST,
    skills=SKILLS,
    lab=True,
)
async def nothing_is_answered_before_it_is_stored(world: Conduit) -> None:
    none_of(
        broken_promises((await crashes(world)).attempts),
        "what was answered with success, whenever the server is killed",
        what_is_there,
    )


@check(
    title="When the connection to the database breaks, nothing is called a success that is not",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="V1",
    why="An error of the database that is caught and forgotten becomes somebody's lost work.",
    hint="A 5xx is the right answer to a write that failed. Catch only what you can mend.",
    cites="CWE-391",
    skills=SKILLS,
    lab=True,
)
async def no_success_without_storing(world: Conduit) -> None:
    found = await losses(world)
    expected = "a failure (5xx), or that it is stored"
    none_of(broken_promises(found.attempts), expected, what_is_there)
    to_the_end(found)
