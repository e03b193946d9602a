"""Findings about writes that were interrupted by a crash, a lost connection or an outage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worksample.checks import (
    CheckFailed,
    Finding,
    Timeline,
    TimelineStep,
    cause_of,
    describe_exchange,
    shorten,
)
from worksample.probes.durability import applied_and_missing
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
        expected=f"{_request_line(exchange)} answers 2xx within {RECOVERY_SECONDS} s after {fault}",
        actual=describe_exchange(exchange),
        exchanges=story,
        culprit=len(story) - 1,
        cause=cause_of(exchange),
        figures=() if last is None else (_timeline(last),),
    )


def setup_finding(exchange: Exchange) -> Finding:
    """Return the finding that a setup request failed while no fault was injected."""
    return Finding(
        expected=f"{_request_line(exchange)} answers 2xx while no fault is injected",
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


def describe_outcome(attempt: Attempt) -> str:
    """Say what the write was answered, which fault was injected, and which parts are stored."""
    status = attempt.exchange.status
    answered = f"was answered {status}" if status else "got no answer"
    return (
        f"{attempt.baseline.kind} {answered}; {attempt.fault_summary}; {_describe_parts(attempt)}"
    )


def _describe_parts(attempt: Attempt) -> str:
    if attempt.observed is None:
        return "its effect cannot be read back"
    done, undone = applied_and_missing(attempt)
    if not done:
        return "nothing of it is stored"
    return f"stored: {_abbreviated(done)}; not stored: {_abbreviated(undone)}"


def _abbreviated(places: Sequence[str]) -> str:
    more = f" and {len(places) - _MAX_PARTS} more" if len(places) > _MAX_PARTS else ""
    return ", ".join(places[:_MAX_PARTS]) + more if places else "nothing"


def _finding(attempt: Attempt, expected: str, actual: str) -> Finding:
    reads = attempt.observed.exchanges[:_MAX_READS] if attempt.observed else ()
    retry = (attempt.retry,) if attempt.retry is not None and not reads else ()
    baseline, state = attempt.baseline, attempt.observed.state if attempt.observed else None
    return Finding(
        expected=expected,
        actual=shorten_line(actual),
        exchanges=(attempt.exchange, *reads, *retry),
        details=(
            f"state after the fault: {shorten(state)}",
            f"undisturbed: {shorten(baseline.before)} before, "
            f"{shorten(baseline.after)} after the write",
        ),
        cause=baseline.kind,
        figures=(_timeline(attempt),),
    )


def shorten_line(text: str, longest: int = 400) -> str:
    """Return `text` on one line, cut at `longest` characters."""
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
