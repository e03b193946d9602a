"""`serializable(...)`: the expectation that two overlapping requests come out like one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksample.checks.answer import cause_of
from worksample.checks.expect import json_equal
from worksample.checks.figures import Timeline, TimelineStep
from worksample.checks.formatting import describe_exchange, shorten
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed, PreconditionFailed
from worksample.checks.race_runner import RaceRunner, Trial
from worksample.checks.races import Outcome, RaceFactory
from worksample.checks.world import World
from worksample.probes.exchange import Exchange
from worksample.probes.interleavings import NAMES
from worksample.probes.schedules import ScheduleRun

PAIRS = 16
_TAKING_TURNS = (
    "while a statement of one request is under way, no other request reaches the database (one "
    "connection for all, or one request at a time): they were asked at once instead, by luck"
)
_BY_LUCK = (
    "judged by asking at once, again and again, that is by luck: {why}, so that no request can be "
    "held between two of its statements"
)
_NO_LAB = "a server that is known by its address alone has no wire of ours before its database"
_NO_WIRE = "what the server remembers does not pass our wire"
_GUESSED = "whose a statement is, is a guess: both use the same connections"
_INTERNAL = "what two requests want of the same thing is the server's to sort out, not the client's"
_MOST_EXCHANGES = 12


async def serializable(
    world: World,
    new_race: RaceFactory,
    *,
    needs: str,
    serial_outcomes: Iterable[tuple[str, str]] = (),
    symmetric: bool = False,
    double_preemptions: int = PAIRS,
    because: str = "",
) -> None:
    """Expect that the two requests of `new_race`, however they overlap, come out like one order.

    `serial_outcomes` are the sorts (of the one asked first, of the other) that are right where they do
    not overlap; anything else is the question of the check `needs`, which then blocks this one.
    In a `symmetric` race both requests are of the same kind: it does not matter which is held.
    `double_preemptions` is how many schedules with two preemptions are tried beside all with one. Raises
    `CheckFailed` with the schedule that breaks, and `PreconditionFailed`.
    """
    race_runner = RaceRunner(world, new_race, with_wire=_uses_wire(world))
    allowed = [
        await _in_turn(race_runner, leader, tuple(serial_outcomes), needs) for leader in (0, 1)
    ]
    trials = race_runner.search((0,) if symmetric else (0, 1), double_preemptions)
    async for trial in trials if race_runner.with_wire else race_runner.bursts():
        await _judge(race_runner, trial, allowed, because)
    if race_runner.serializes_requests:
        world.remark(_TAKING_TURNS)
        async for trial in race_runner.bursts():
            await _judge(race_runner, trial, allowed, because)
    elif not race_runner.with_wire:
        why = _NO_LAB if world.context.lab is None else _NO_WIRE
        world.remark(_BY_LUCK.format(why=why))


def is_serializable(outcome: Outcome, allowed: Sequence[Outcome]) -> bool:
    """Say whether `outcome` is what one of the orders brings, as far as can be asked.

    Both answers together and the state afterwards have to be those of one order. What an answer
    shows may be that of either: it is true of the moment in which it was read.
    """
    if outcome.failed:
        return False
    fits = any(o.classes == outcome.classes and json_equal(o.state, outcome.state) for o in allowed)
    return fits and all(
        outcome.classes[actor] != "done"
        or any(json_equal(o.views[actor], outcome.views[actor]) for o in allowed)
        for actor in (0, 1)
    )


def _uses_wire(world: World) -> bool:
    lab = world.context.lab
    return lab is not None and lab.wired


async def _in_turn(
    race_runner: RaceRunner, leader: int, serial_outcomes: tuple[tuple[str, str], ...], needs: str
) -> Trial:
    """Ask one after the other; what is wrong already then is not this check's question."""
    try:
        trial = await race_runner.serial(leader)
    except CheckFailed as failure:
        raise PreconditionFailed(needs, failure.findings[0]) from None
    _require_sane(trial, leader, serial_outcomes, needs)
    return trial


def _require_sane(
    trial: Trial, leader: int, serial_outcomes: tuple[tuple[str, str], ...], needs: str
) -> None:
    """Raise `PreconditionFailed` where the server does not even get one after the other right."""
    classes = trial.outcome.classes[leader], trial.outcome.classes[1 - leader]
    if not trial.outcome.failed and (not serial_outcomes or classes in serial_outcomes):
        return
    actor = next((a for a in (leader, 1 - leader) if trial.outcome.classes[a] == "failed"), leader)
    culprit = trial.answers[actor].exchange
    expected = " or ".join(" and then ".join(each) for each in serial_outcomes) or "answers"
    raise PreconditionFailed(
        needs,
        Finding(
            expected=f"one after the other: {expected}",
            actual=f"{' and then '.join(classes)} ({describe_exchange(culprit)})",
            exchanges=(culprit,),
            culprit=0,
            cause=cause_of(culprit),
        ),
    )


async def _judge(race_runner: RaceRunner, trial: Trial, allowed: list[Trial], because: str) -> None:
    """Raise `CheckFailed` if no order brings this; the orders are asked once more before it is said."""
    if not trial.conclusive or is_serializable(trial.outcome, [each.outcome for each in allowed]):
        return
    allowed += [await race_runner.serial(leader) for leader in (0, 1)]
    if not is_serializable(trial.outcome, [each.outcome for each in allowed]):
        raise CheckFailed(_finding(trial, allowed, because))


def _finding(trial: Trial, allowed: Sequence[Trial], because: str) -> Finding:
    orders = list(dict.fromkeys(_said(each) for each in allowed))
    failed = trial.outcome.classes.index("failed") if trial.outcome.failed else None
    pair = [answer.exchange for answer in trial.answers]
    story = _named(trial, pair)
    return Finding(
        expected="what one after the other brings: " + "; or ".join(orders),
        actual=_said(trial),
        because=because or (_INTERNAL if _shows_conflict(trial, allowed) else ""),
        exchanges=story,
        culprit=None if failed is None else _position(story, pair[failed]),
        cause="" if failed is None else cause_of(pair[failed]),
        figures=() if trial.execution is None else (_timeline(trial.execution, pair),),
    )


def _shows_conflict(trial: Trial, allowed: Sequence[Trial]) -> bool:
    """Whether someone got a failure or a refusal that no order brings (a 409, say)."""
    return trial.outcome.failed or any(
        sort == "refused" and all(each.outcome.classes[actor] != sort for each in allowed)
        for actor, sort in enumerate(trial.outcome.classes)
    )


def _said(trial: Trial) -> str:
    """Say what came of a trial: `A 201 (marked: yes), B 422, then accounts: 1`."""
    answers = ", ".join(
        f"{name} {answer.status or answer.exchange.trouble}{_shown(view)}"
        for name, answer, view in zip(NAMES, trial.answers, trial.outcome.views, strict=True)
    )
    return f"{answers}, then {_plain(trial.outcome.state)}"


def _plain(state: object) -> str:
    """Say a state as people would: `body is new: yes, articles: 2`."""
    if isinstance(state, bool):
        return "yes" if state else "no"
    if not isinstance(state, dict):
        return shorten(state)
    parts = {
        name: f"({_plain(value)})" if isinstance(value, dict) else _plain(value)
        for name, value in state.items()
    }
    return ", ".join(f"{name}: {said}" for name, said in parts.items())


def _shown(view: object) -> str:
    return "" if view is None else f" ({_plain(view)})"


def _named(trial: Trial, pair: list[Exchange]) -> tuple[Exchange, ...]:
    """Return the exchanges of a trial; the two that overlap carry their names."""
    story = []
    for exchange in trial.exchanges[-_MOST_EXCHANGES:]:
        actor = next((i for i, one in enumerate(pair) if one.request is exchange.request), None)
        named = exchange if actor is None else replace(
            exchange, label=f"{NAMES[actor]}: {exchange.label}"
        )  # fmt: skip
        story.append(named)
    return tuple(story)


def _position(story: tuple[Exchange, ...], wanted: Exchange) -> int | None:
    found = (i for i, exchange in enumerate(story) if exchange.request is wanted.request)
    return next(found, None)


def _timeline(execution: ScheduleRun, pair: list[Exchange]) -> Timeline:
    leader, hold = execution.schedule.leader, "held here"
    beats = tuple(
        TimelineStep(step.actor, step.text, step.note, step.actor == leader and hold in step.note)
        for step in execution.steps
    )
    actors = tuple((name, one.label) for name, one in zip(NAMES, pair, strict=True))
    title = "In the order in which PostgreSQL got it"
    return Timeline(title if execution.sure else f"{title} ({_GUESSED})", actors, beats)
