"""What a finding says about deeds that something befell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from worksample.checks import (
    Beat,
    Finding,
    GivenFailed,
    Timeline,
    Unmet,
    blame,
    say_exchange,
    shorten,
)
from worksample.probes.deeds import Attempt, Known, Unprepared
from worksample.probes.exchange import Exchange
from worksample.probes.storing import parts

from .world import PUBLISHING, Conduit

MOST_FINDINGS = 3
_MOST_LOOKS = 4
_MOST_PLACES = 4
Made = TypeVar("Made")


async def survey(world: Conduit, name: str, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
    """Return what `make` brings, made once per run; blocked if its preparations fail."""
    return await made(world.once(name, make))


async def made(making: Awaitable[Made]) -> Made:
    """Return what `making` brings; blocked if its preparations fail."""
    try:
        return await making
    except Unprepared as error:
        raise GivenFailed(PUBLISHING, unwell(error.exchange)) from None


async def leave(world: Conduit, *, well: bool) -> None:
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
        actual=say_exchange(exchange),
        because=after,
        exchanges=story,
        culprit=len(story) - 1,
        cause=blame(exchange),
        figures=() if last is None else (_timeline(last),),
    )


def those_that_work(world: Conduit, known: dict[str, Known]) -> list[Known]:
    """Return the kinds of write that work in peace; a word is said about the others.

    Blocked if there are none.
    """
    good = [each for each in known.values() if each.works]
    for each in known.values():
        if not each.works:
            world.remark(f"{each.kind} could not be judged: it does not work in peace either")
    if not good:
        raise GivenFailed(PUBLISHING, unwell(next(iter(known.values())).exchange))
    return good


def none_of(
    attempts: Sequence[Attempt], expected: str, say: Callable[[Attempt], str], because: str = ""
) -> None:
    """Raise `Unmet` if there are any: one finding for each kind of write, at most three."""
    by_kind: dict[str, Attempt] = {}
    for attempt in attempts:
        by_kind.setdefault(attempt.known.kind, attempt)
    if by_kind:
        chosen = list(by_kind.values())[:MOST_FINDINGS]
        raise Unmet(*(_finding(each, expected, say(each), because) for each in chosen))


def what_is_there(attempt: Attempt) -> str:
    """Say what was answered, what befell the deed, and what of it is there now."""
    status = attempt.exchange.status
    answered = f"was answered {status}" if status else "got no answer"
    return f"{attempt.known.kind} {answered}; {attempt.fate}; {_what_of_it(attempt)}"


def _what_of_it(attempt: Attempt) -> str:
    if attempt.seen is None:
        return "what is there cannot be read"
    done, undone = parts(attempt)
    if not done:
        return "nothing of it is there"
    return f"done: {_some(done)}; not done: {_some(undone)}"


def _some(places: Sequence[str]) -> str:
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    return ", ".join(places[:_MOST_PLACES]) + more if places else "nothing"


def _finding(attempt: Attempt, expected: str, actual: str, because: str) -> Finding:
    looks = attempt.seen.exchanges[:_MOST_LOOKS] if attempt.seen else ()
    again = (attempt.again,) if attempt.again is not None and not looks else ()
    known, state = attempt.known, attempt.seen.state if attempt.seen else None
    return Finding(
        expected=expected,
        actual=shorten_line(actual),
        because=because,
        exchanges=(attempt.exchange, *looks, *again),
        details=(
            f"there is {shorten(state)}",
            f"in peace it was {shorten(known.before)} before, and {shorten(known.after)} after",
        ),
        cause=known.kind,
        figures=(_timeline(attempt),),
    )


def shorten_line(text: str, longest: int = 400) -> str:
    """Return a sentence as one line that is not too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _timeline(attempt: Attempt) -> Timeline:
    note = f"{attempt.fate.partition(' round trip')[0]} this"
    beats = [
        Beat(0, str(trip), note if trip.step == attempt.step else "", trip.fault != "")
        for trip in attempt.trips
    ]
    answer = Beat(0, f"→ {attempt.exchange.status or attempt.exchange.trouble}")
    label = attempt.exchange.label
    return Timeline("What the request did in the database", (("A", label),), (*beats, answer))
