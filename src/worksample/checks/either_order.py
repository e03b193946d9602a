"""`either_order(...)`: the expectation that two overlapping requests come out like one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksample.checks.answer import blame
from worksample.checks.contest import Contest, Trial
from worksample.checks.expect import same
from worksample.checks.figures import Beat, Timeline
from worksample.checks.model import Finding
from worksample.checks.outcome import GivenFailed, Unmet
from worksample.checks.races import Outcome, Scene
from worksample.checks.words import say_exchange, shorten
from worksample.checks.world import World
from worksample.probes.exchange import Exchange
from worksample.probes.interleavings import NAMES
from worksample.probes.schedules import Played

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


async def either_order(
    world: World,
    scene: Scene,
    *,
    needs: str,
    serially: Iterable[tuple[str, str]] = (),
    symmetric: bool = False,
    pairs: int = PAIRS,
    because: str = "",
) -> None:
    """Expect that the two requests of `scene`, however they overlap, come out like one order.

    `serially` are the sorts (of the one asked first, of the other) that are right where they do
    not overlap; anything else is the question of the check `needs`, which then blocks this one.
    In a `symmetric` race both requests are of the same kind: it does not matter which is held.
    `pairs` is how many schedules with two preemptions are tried beside all with one. Raises
    `Unmet` with the schedule that breaks, and `GivenFailed`.
    """
    contest = Contest(world, scene, with_wire=_uses_wire(world))
    allowed = [await _in_turn(contest, leader, tuple(serially), needs) for leader in (0, 1)]
    trials = contest.search((0,) if symmetric else (0, 1), pairs)
    async for trial in trials if contest.with_wire else contest.bursts():
        await _judge(contest, trial, allowed, because)
    if contest.shut_out:
        world.remark(_TAKING_TURNS)
        async for trial in contest.bursts():
            await _judge(contest, trial, allowed, because)
    elif not contest.with_wire:
        why = _NO_LAB if world.arena.lab is None else _NO_WIRE
        world.remark(_BY_LUCK.format(why=why))


def acceptable(outcome: Outcome, allowed: Sequence[Outcome]) -> bool:
    """Say whether `outcome` is what one of the orders brings, as far as can be asked.

    Both answers together and the state afterwards have to be those of one order. What an answer
    shows may be that of either: it is true of the moment in which it was read.
    """
    if outcome.failed:
        return False
    fits = any(o.sorts == outcome.sorts and same(o.state, outcome.state) for o in allowed)
    return fits and all(
        outcome.sorts[actor] != "done"
        or any(same(o.views[actor], outcome.views[actor]) for o in allowed)
        for actor in (0, 1)
    )


def _uses_wire(world: World) -> bool:
    lab = world.arena.lab
    return lab is not None and lab.wired


async def _in_turn(
    contest: Contest, leader: int, serially: tuple[tuple[str, str], ...], needs: str
) -> Trial:
    """Ask one after the other; what is wrong already then is not this check's question."""
    try:
        trial = await contest.serial(leader)
    except Unmet as unmet:
        raise GivenFailed(needs, unmet.findings[0]) from None
    _require_sane(trial, leader, serially, needs)
    return trial


def _require_sane(
    trial: Trial, leader: int, serially: tuple[tuple[str, str], ...], needs: str
) -> None:
    """Raise `GivenFailed` where the server does not even get one after the other right."""
    sorts = trial.outcome.sorts[leader], trial.outcome.sorts[1 - leader]
    if not trial.outcome.failed and (not serially or sorts in serially):
        return
    actor = next((a for a in (leader, 1 - leader) if trial.outcome.sorts[a] == "failed"), leader)
    culprit = trial.answers[actor].exchange
    expected = " or ".join(" and then ".join(each) for each in serially) or "answers"
    raise GivenFailed(
        needs,
        Finding(
            expected=f"one after the other: {expected}",
            actual=f"{' and then '.join(sorts)} ({say_exchange(culprit)})",
            exchanges=(culprit,),
            culprit=0,
            cause=blame(culprit),
        ),
    )


async def _judge(contest: Contest, trial: Trial, allowed: list[Trial], because: str) -> None:
    """Raise `Unmet` if no order brings this; the orders are asked once more before it is said."""
    if not trial.telling or acceptable(trial.outcome, [each.outcome for each in allowed]):
        return
    allowed += [await contest.serial(leader) for leader in (0, 1)]
    if not acceptable(trial.outcome, [each.outcome for each in allowed]):
        raise Unmet(_finding(trial, allowed, because))


def _finding(trial: Trial, allowed: Sequence[Trial], because: str) -> Finding:
    orders = list(dict.fromkeys(_said(each) for each in allowed))
    failed = trial.outcome.sorts.index("failed") if trial.outcome.failed else None
    pair = [answer.exchange for answer in trial.answers]
    story = _named(trial, pair)
    return Finding(
        expected="what one after the other brings: " + "; or ".join(orders),
        actual=_said(trial),
        because=because or (_INTERNAL if _shows_conflict(trial, allowed) else ""),
        exchanges=story,
        culprit=None if failed is None else _position(story, pair[failed]),
        cause="" if failed is None else blame(pair[failed]),
        figures=() if trial.played is None else (_timeline(trial.played, pair),),
    )


def _shows_conflict(trial: Trial, allowed: Sequence[Trial]) -> bool:
    """Whether someone got a failure or a refusal that no order brings (a 409, say)."""
    return trial.outcome.failed or any(
        sort == "refused" and all(each.outcome.sorts[actor] != sort for each in allowed)
        for actor, sort in enumerate(trial.outcome.sorts)
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
    for exchange in trial.story[-_MOST_EXCHANGES:]:
        actor = next((i for i, one in enumerate(pair) if one.request is exchange.request), None)
        named = exchange if actor is None else replace(
            exchange, label=f"{NAMES[actor]}: {exchange.label}"
        )  # fmt: skip
        story.append(named)
    return tuple(story)


def _position(story: tuple[Exchange, ...], wanted: Exchange) -> int | None:
    found = (i for i, exchange in enumerate(story) if exchange.request is wanted.request)
    return next(found, None)


def _timeline(played: Played, pair: list[Exchange]) -> Timeline:
    leader, hold = played.schedule.leader, "held here"
    beats = tuple(
        Beat(step.actor, step.text, step.note, step.actor == leader and hold in step.note)
        for step in played.steps
    )
    actors = tuple((name, one.label) for name, one in zip(NAMES, pair, strict=True))
    title = "In the order in which PostgreSQL got it"
    return Timeline(title if played.sure else f"{title} ({_GUESSED})", actors, beats)
