"""Findings about writes that were interrupted by a crash, a lost connection or an outage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worksample.checks import (
    CheckFailed,
    Finding,
    Timeline,
    TimelineStep,
    Undecided,
    cause_of,
    describe_exchange,
    shorten,
)
from worksample.messages import message
from worksample.probes.durability import changes_of
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import Attempt

MAX_FINDINGS = 3
_MAX_READS = 4
_MAX_PARTS = 4
#: What briefs promise; probes allow more, so that a busy machine causes no finding.
RECOVERY_SECONDS = 5


def recovery_finding(exchange: Exchange, fault: str, last: Attempt | None = None) -> Finding:
    """Return the finding that `exchange` still failed after the server had time to recover.

    `fault` says after which event: "the database is back". `last` is the write during which the
    fault was injected, if any: its exchange and timeline become part of the finding.
    """
    story = (exchange,) if last is None else (last.exchange, exchange)
    return Finding(
        expected=message(
            "{request} answers 2xx within {seconds} s after {fault}",
            request=_request_line(exchange),
            seconds=RECOVERY_SECONDS,
            fault=fault,
        ),
        actual=describe_exchange(exchange),
        exchanges=story,
        culprit=len(story) - 1,
        cause=cause_of(exchange),
        figures=() if last is None else (_timeline(last),),
    )


def setup_finding(exchange: Exchange) -> Finding:
    """Return the finding that a setup request failed while no fault was injected."""
    template = "{request} answers 2xx while no fault is injected"
    if 200 <= exchange.status < 300:
        template = "{request} answers as the contract says"
    return Finding(
        expected=message(template, request=_request_line(exchange)),
        actual=describe_exchange(exchange),
        exchanges=(exchange,),
        culprit=0,
        cause=cause_of(exchange),
    )


def _request_line(exchange: Exchange) -> str:
    return shorten_line(f"{exchange.request.method} {exchange.request.target}", 120)


def expect_none(
    attempts: Sequence[Attempt], expected: str, describe: Callable[[Attempt], str]
) -> None:
    """Raise `CheckFailed` for any attempts: one finding per kind of write, at most three."""
    by_kind: dict[str, Attempt] = {}
    for attempt in attempts:
        by_kind.setdefault(attempt.baseline.kind, attempt)
    if by_kind:
        chosen = list(by_kind.values())[:MAX_FINDINGS]
        raise CheckFailed(*(_finding(each, expected, describe(each)) for each in chosen))


def require_clear(attempts: Sequence[Attempt]) -> None:
    """Raise `Undecided` for any attempts: nobody can say what of the write is stored."""
    if attempts:
        raise Undecided(
            message(
                "after {count} interrupted writes the server showed neither the state before nor "
                "the state after, and not what is missing; the first: {outcome}",
                count=len(attempts),
                outcome=shorten_line(describe_outcome(attempts[0])),
            )
        )


def describe_outcome(attempt: Attempt) -> str:
    """Say what the write was answered, which fault was injected, and which parts are stored."""
    status = attempt.exchange.status
    answered = message("was answered {status}", status=status) if status else "got no answer"
    return message(
        "{write} {answered}; {fault}; {parts}",
        write=attempt.baseline.kind,
        answered=answered,
        fault=attempt.fault_summary,
        parts=_describe_parts(attempt),
    )


def _describe_parts(attempt: Attempt) -> str:
    if attempt.observed is None:
        return "its effect cannot be read back"
    seen = changes_of(attempt)
    if seen.repeated:
        return message("more than once: {repeated}", repeated=_abbreviated(seen.repeated))
    if seen.lost:
        return message("lost, although it was there before: {lost}", lost=_abbreviated(seen.lost))
    if not seen.applied:
        return "nothing of it is stored" if not seen.other else "what is stored cannot be told"
    done, undone = _abbreviated(seen.applied), _abbreviated((*seen.missing, *seen.other))
    return message("stored: {done}; not stored: {undone}", done=done, undone=undone)


def _abbreviated(places: Sequence[str]) -> str:
    names = ", ".join(places[:_MAX_PARTS])
    more = len(places) - _MAX_PARTS
    if more > 0:
        return message("{names} and {more} more", names=names, more=more)
    return names or "nothing"


def _finding(attempt: Attempt, expected: str, actual: str) -> Finding:
    reads = attempt.observed.exchanges[:_MAX_READS] if attempt.observed else ()
    retry = (attempt.retry,) if attempt.retry is not None and not reads else ()
    baseline, state = attempt.baseline, attempt.observed.state if attempt.observed else None
    return Finding(
        expected=expected,
        actual=shorten_line(actual),
        exchanges=(attempt.exchange, *reads, *retry),
        details=(
            message("state after the fault: {state}", state=shorten(state)),
            message(
                "undisturbed: {before} before, {after} after the write",
                before=shorten(baseline.before),
                after=shorten(baseline.after),
            ),
        ),
        cause=baseline.kind,
        figures=(_timeline(attempt),),
    )


def shorten_line(text: str, longest: int = 400) -> str:
    """Return `text` on one line, cut at `longest` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _timeline(attempt: Attempt) -> Timeline:
    note = message("{fault} this", fault=attempt.fault_summary.partition(" round trip")[0])
    beats = [
        TimelineStep(0, str(trip), note if trip.step == attempt.step else "", trip.fault != "")
        for trip in attempt.trips
    ]
    answer = TimelineStep(0, f"→ {attempt.exchange.status or attempt.exchange.trouble}")
    label = attempt.exchange.label
    return Timeline("What the request did in the database", (("A", label),), (*beats, answer))
