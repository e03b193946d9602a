"""`serializable(...)`: expect that two overlapping requests have the result of a serial order.

Serializable as in the SQL standard (ISO/IEC 9075-2): the effect of concurrent execution equals
that of some execution one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksample.checks.answer import Answer, cause_of
from worksample.checks.detours import go_round
from worksample.checks.expect import json_equal
from worksample.checks.figures import Timeline, TimelineStep
from worksample.checks.formatting import describe_exchange, shorten
from worksample.checks.judging import rule
from worksample.checks.model import Finding
from worksample.checks.outcome import CheckFailed, PreconditionFailed
from worksample.checks.race_runner import RaceRunner, Trial
from worksample.checks.races import Outcome, RaceFactory
from worksample.checks.world import World
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.interleavings import NAMES
from worksample.probes.schedules import ScheduleRun

DOUBLE_PREEMPTIONS = 16
_BOTH_SUCCEED = (("done", "done"),)
_ONE_REFUSED = {"done", "refused"}
_SERIALIZED_REQUESTS = (
    "judged by sending both requests at the same moment, many times: while one request has a "
    "statement in progress, no other request reaches the database (one shared connection, or one "
    "request at a time)"
)
_BURSTS_ONLY = (
    "judged by sending both requests at the same moment, many times: {why}, so Worksample cannot "
    "hold a request between two of its statements. A pass is less certain: bursts of 25 pairs "
    "showed 9 of 10 planted races in our measurements"
)
_NO_LAB = "a server that is given by its URL is not connected to its database through Worksample"
_NO_WIRE = "the server does not keep its data in the database that it was given"
_UNCERTAIN = "uncertain which request sent which statement: both use the same connections"
_CONFLICT = "the server must resolve a conflict between two requests itself, not pass it on"
_MAX_EXCHANGES = 12


async def serializable(
    world: World,
    new_race: RaceFactory,
    *,
    needs: str,
    serial_outcomes: Iterable[tuple[str, str]] = (),
    symmetric: bool = False,
    interchangeable: bool = False,
    double_preemptions: int = DOUBLE_PREEMPTIONS,
    because: str = "",
    outcomes_rule: str = "",
) -> None:
    """Expect that every overlap of the two requests has the result of one of the serial orders.

    needs: id of the check that tests the requests one after the other. If a serial run goes
        wrong, that check blocks this one (`PreconditionFailed`).
    serial_outcomes: the correct response classes of a serial run, as pairs (request sent first,
        request sent second); empty if every pair without a failure is correct. Where both should
        succeed and the server refuses one, they race all the same: `needs` tells the refusal.
    symmetric: both requests are of the same kind, so it is enough to hold the first.
    interchangeable: they are, and state and views do not tell which of them did what: one serial
        order then tells the outcome of the other one.
    double_preemptions: how many schedules with two preemptions are sampled, in addition to all
        schedules with one.
    because: why the result must be serializable, for the finding.
    outcomes_rule: what the check calls the rule that demands `serial_outcomes` (see `rule`). Where
        it may be broken, the requests race all the same: whatever the server itself brings one
        after the other is right.

    Raises `CheckFailed` with the schedule that is not serializable.
    """
    race_runner = RaceRunner(world, new_race, with_wire=world.wired)
    orders = (0,) if interchangeable else (0, 1)
    serial = [await _run_serial(world, race_runner, leader, needs) for leader in orders]
    wanted = tuple(serial_outcomes)
    for leader, trial in enumerate(serial):
        try:
            with rule(outcomes_rule):
                _require_serial_outcome(trial, leader, wanted, needs)
        except PreconditionFailed as failure:
            if wanted != _BOTH_SUCCEED or set(trial.outcome.classes) != _ONE_REFUSED:
                raise
            go_round(world, failure)
    if interchangeable:
        serial.append(serial[0].mirrored)
    leaders = (0,) if symmetric or interchangeable else (0, 1)
    trials = race_runner.search(leaders, double_preemptions)
    async for trial in trials if race_runner.with_wire else race_runner.bursts():
        await _judge(race_runner, trial, serial, because)
    if race_runner.serializes_requests:
        world.note(_SERIALIZED_REQUESTS)
        async for trial in race_runner.bursts():
            await _judge(race_runner, trial, serial, because)
    elif not race_runner.with_wire:
        why = _NO_LAB if world.context.lab is None else _NO_WIRE
        world.note(message(_BURSTS_ONLY, why=why))


def is_serializable(outcome: Outcome, serial: Sequence[Outcome]) -> bool:
    """Return whether `outcome` equals one of the `serial` outcomes.

    Response classes and state must be those of the same serial order. The view of an answer may
    be that of any: it shows the state at the moment of reading.
    """
    if outcome.failed:
        return False
    fits = any(o.classes == outcome.classes and json_equal(o.state, outcome.state) for o in serial)
    return fits and all(
        outcome.classes[actor] != "done"
        or any(json_equal(o.views[actor], outcome.views[actor]) for o in serial)
        for actor in (0, 1)
    )


async def _run_serial(
    world: World,
    race_runner: RaceRunner,
    leader: int,
    needs: str,
) -> Trial:
    """Run the race serially; raise `PreconditionFailed` if it cannot be prepared or read."""
    try:
        return await race_runner.serial(leader)
    except CheckFailed as failure:
        raise world.blocked_by(failure.findings[0], needs) from None


def _require_serial_outcome(
    trial: Trial, leader: int, serial_outcomes: tuple[tuple[str, str], ...], needs: str
) -> None:
    classes = trial.outcome.classes[leader], trial.outcome.classes[1 - leader]
    if not trial.outcome.failed and (not serial_outcomes or classes in serial_outcomes):
        return
    culprit = _culprit(trial, leader).exchange
    expected = " or ".join(", then ".join(each) for each in serial_outcomes) or "no failure"
    raise PreconditionFailed(
        needs,
        Finding(
            expected=message("two requests, one after the other: {expected}", expected=expected),
            actual=message(
                "{classes} ({answer})",
                classes=", then ".join(classes),
                answer=describe_exchange(culprit),
            ),
            exchanges=(culprit,),
            culprit=0,
            cause=cause_of(culprit),
        ),
    )


def _culprit(trial: Trial, leader: int) -> Answer:
    """Return the answer that shows why a serial run goes wrong: a failure, a refusal, the first."""
    answers = [trial.answers[actor] for actor in (leader, 1 - leader)]
    failed = [each for each in answers if not 100 <= each.status < 500]
    refused = [each for each in answers if each.status >= 400]
    return next(iter((*failed, *refused, *answers)))


async def _judge(race_runner: RaceRunner, trial: Trial, serial: list[Trial], because: str) -> None:
    """Raise `CheckFailed` if `trial` is not serializable.

    The serial orders run once more before that, and `serial` grows by their trials: the server's
    answers may have changed since (a rate limit, a growing list).
    """
    if not trial.conclusive or is_serializable(trial.outcome, [each.outcome for each in serial]):
        return
    serial += [await race_runner.serial(leader) for leader in (0, 1)]
    if not is_serializable(trial.outcome, [each.outcome for each in serial]):
        raise CheckFailed(_finding(trial, serial, because))


def _finding(trial: Trial, serial: Sequence[Trial], because: str) -> Finding:
    orders = list(dict.fromkeys(_describe(each) for each in serial))
    failed = trial.outcome.classes.index("failed") if trial.outcome.failed else None
    pair = [answer.exchange for answer in trial.answers]
    exchanges = _labelled(trial, pair)
    return Finding(
        expected=message(
            "the same result as if one request had run after the other (serializable): {orders}",
            orders="; or ".join(orders),
        ),
        actual=_describe(trial),
        because=because or (_CONFLICT if _shows_conflict(trial, serial) else ""),
        exchanges=exchanges,
        culprit=None if failed is None else _position(exchanges, pair[failed]),
        cause="" if failed is None else cause_of(pair[failed]),
        figures=() if trial.execution is None else (_timeline(trial.execution, pair),),
    )


def _shows_conflict(trial: Trial, serial: Sequence[Trial]) -> bool:
    """Whether a request failed, or was refused (a 409, say) as in no serial order."""
    return trial.outcome.failed or any(
        each == "refused" and all(one.outcome.classes[actor] != each for one in serial)
        for actor, each in enumerate(trial.outcome.classes)
    )


def _describe(trial: Trial) -> str:
    """Return answers and state in words: `A 201 (marked: yes), B 422, accounts: 1`."""
    answers = ", ".join(
        f"{name} {answer.status or answer.exchange.trouble}{_in_brackets(view)}"
        for name, answer, view in zip(NAMES, trial.answers, trial.outcome.views, strict=True)
    )
    state = trial.outcome.state
    named = state if isinstance(state, dict) else {"state": state}
    return f"{answers}, {_in_words(named)}"


def _in_words(value: object) -> str:
    """Return plain data in words: `body is new: yes, articles: 2`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return shorten(value)
    parts = {
        name: f"({_in_words(each)})" if isinstance(each, dict) else _in_words(each)
        for name, each in value.items()
    }
    return ", ".join(f"{name}: {said}" for name, said in parts.items())


def _in_brackets(view: object) -> str:
    return "" if view is None else f" ({_in_words(view)})"


def _labelled(trial: Trial, pair: list[Exchange]) -> tuple[Exchange, ...]:
    """Return the last exchanges of a trial; labels name the two that overlap (A, B)."""
    labelled = []
    for exchange in trial.exchanges[-_MAX_EXCHANGES:]:
        actor = next((i for i, one in enumerate(pair) if one.request is exchange.request), None)
        if actor is not None:
            exchange = replace(exchange, label=f"{NAMES[actor]}: {exchange.label}")
        labelled.append(exchange)
    return tuple(labelled)


def _position(exchanges: tuple[Exchange, ...], wanted: Exchange) -> int | None:
    found = (i for i, exchange in enumerate(exchanges) if exchange.request is wanted.request)
    return next(found, None)


def _timeline(execution: ScheduleRun, pair: list[Exchange]) -> Timeline:
    leader, hold = execution.schedule.leader, "held here"
    beats = tuple(
        TimelineStep(step.actor, step.text, step.note, step.actor == leader and hold in step.note)
        for step in execution.steps
    )
    actors = tuple((name, one.label) for name, one in zip(NAMES, pair, strict=True))
    title = "Statements in the order in which the database received them"
    return Timeline(title if execution.sure else f"{title} ({_UNCERTAIN})", actors, beats)
