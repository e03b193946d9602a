"""What a finding says about deeds that something befell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from worksample.checks import (
    CheckFailed,
    Finding,
    PreconditionFailed,
    Timeline,
    TimelineStep,
    cause_of,
    describe_exchange,
    shorten,
)
from worksample.probes.durability import applied_and_missing
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Attempt, Baseline, PreparationFailed

from .world import PUBLISHING, Conduit

MAX_FINDINGS = 3
_MAX_READS = 4
_MAX_PARTS = 4
Made = TypeVar("Made")


async def shared_experiment(
    world: Conduit, name: str, make: Callable[[], Coroutine[Any, Any, Made]]
) -> Made:
    """Return what `make` brings, made once per run; blocked if its preparations fail."""
    return await blocked_if_unprepared(world.once_per_run(name, make))


async def blocked_if_unprepared(making: Awaitable[Made]) -> Made:
    """Return what `making` brings; blocked if its preparations fail."""
    try:
        return await making
    except PreparationFailed as error:
        raise PreconditionFailed(PUBLISHING, unwell(error.exchange)) from None


async def discard_unless_healthy(world: Conduit, *, well: bool) -> None:
    """End a server that is not well after an experiment: the next one gets a fresh one."""
    if not well:
        await world.lab.target.kill()


def unwell(exchange: Exchange, after: str = "", last: Attempt | None = None) -> Finding:
    """Return the finding that an ordinary request failed long after the trouble was over.

    `after` says what the trouble was; where it befell one deed, that is `last`, told as well.
    """
    story = (exchange,) if last is None else (last.exchange, exchange)
    return Finding(
        expected="an ordinary answer to an ordinary request, now that the trouble is over",
        actual=describe_exchange(exchange),
        because=after,
        exchanges=story,
        culprit=len(story) - 1,
        cause=cause_of(exchange),
        figures=() if last is None else (_timeline(last),),
    )


def working_baselines(world: Conduit, baseline: dict[str, Baseline]) -> list[Baseline]:
    """Return the kinds of write that work in peace; a word is said about the others.

    Blocked if there are none.
    """
    good = [each for each in baseline.values() if each.works]
    for each in baseline.values():
        if not each.works:
            world.remark(f"{each.kind} could not be judged: it does not work in peace either")
    if not good:
        raise PreconditionFailed(PUBLISHING, unwell(next(iter(baseline.values())).exchange))
    return good


def expect_none(
    attempts: Sequence[Attempt], expected: str, say: Callable[[Attempt], str], because: str = ""
) -> None:
    """Raise `CheckFailed` if there are any: one finding for each kind of write, at most three."""
    by_kind: dict[str, Attempt] = {}
    for attempt in attempts:
        by_kind.setdefault(attempt.baseline.kind, attempt)
    if by_kind:
        chosen = list(by_kind.values())[:MAX_FINDINGS]
        raise CheckFailed(*(_finding(each, expected, say(each), because) for each in chosen))


def describe_outcome(attempt: Attempt) -> str:
    """Say what was answered, what befell the deed, and what of it is there now."""
    status = attempt.exchange.status
    answered = f"was answered {status}" if status else "got no answer"
    return (
        f"{attempt.baseline.kind} {answered}; {attempt.fault_summary}; {_describe_parts(attempt)}"
    )


def _describe_parts(attempt: Attempt) -> str:
    if attempt.observed is None:
        return "what is there cannot be read"
    done, undone = applied_and_missing(attempt)
    if not done:
        return "nothing of it is there"
    return f"done: {_abbreviated(done)}; not done: {_abbreviated(undone)}"


def _abbreviated(places: Sequence[str]) -> str:
    more = f" and {len(places) - _MAX_PARTS} more" if len(places) > _MAX_PARTS else ""
    return ", ".join(places[:_MAX_PARTS]) + more if places else "nothing"


def _finding(attempt: Attempt, expected: str, actual: str, because: str) -> Finding:
    looks = attempt.observed.exchanges[:_MAX_READS] if attempt.observed else ()
    retry = (attempt.retry,) if attempt.retry is not None and not looks else ()
    baseline, state = attempt.baseline, attempt.observed.state if attempt.observed else None
    return Finding(
        expected=expected,
        actual=shorten_line(actual),
        because=because,
        exchanges=(attempt.exchange, *looks, *retry),
        details=(
            f"there is {shorten(state)}",
            f"in peace it was {shorten(baseline.before)} before, and {shorten(baseline.after)} after",
        ),
        cause=baseline.kind,
        figures=(_timeline(attempt),),
    )


def shorten_line(text: str, longest: int = 400) -> str:
    """Return a sentence as one line that is not too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _timeline(attempt: Attempt) -> Timeline:
    note = f"{attempt.fault_summary.partition(' round trip')[0]} this"
    beats = [
        TimelineStep(0, str(trip), note if trip.step == attempt.step else "", trip.fault != "")
        for trip in attempt.trips
    ]
    answer = TimelineStep(0, f"→ {attempt.exchange.status or attempt.exchange.trouble}")
    label = attempt.exchange.label
    return Timeline("What the request did in the database", (("A", label),), (*beats, answer))
