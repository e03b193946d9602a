"""Judge attempts for durability and atomicity: pure functions over recorded attempts.

A success answer promises that the write is stored. Without one, all of the write is stored or
nothing: the observed state equals the state before or after the baseline run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worksample.probes.state_changes import Changes, compare_states
from worksample.probes.write_operations import Attempt, failed, succeeded


def lost_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that were answered with success but are not stored."""
    return [
        each
        for each in attempts
        if succeeded(each.exchange)
        and each.observed
        and each.observed.state == each.baseline.before
    ]


def partial_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that are stored only in part.

    Something that the write changes is as after an undisturbed write, and something else as before;
    or an object is gone that the write only changes.
    """
    return [each for each in _mixed(attempts) if _is_partial(each)]


def unclear_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts whose state is neither that before nor that after an undisturbed write,
    and does not say what is stored and what is missing."""
    return [each for each in _mixed(attempts) if not _is_partial(each)]


def duplicate_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts that were sent once but are stored more than once."""
    return [each for each in attempts if is_duplicate(each)]


def failed_retries(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts whose retry failed, or was refused although nothing was stored.

    A refusal (already taken, already deleted) is correct if the first request was stored.
    """
    return [each for each in attempts if each.retry is not None and _failed_retry(each)]


def slow_to_recover(attempts: Iterable[Attempt], seconds: float) -> list[Attempt]:
    """Return the attempts after which other requests failed for more than `seconds`."""
    return [
        each
        for each in attempts
        if each.recovery_seconds is None or each.recovery_seconds > seconds
    ]


def is_duplicate(attempt: Attempt) -> bool:
    """Return whether the state differs from the baseline only by repeated entries, or by numbers
    that the write changed more than once."""
    if not _is_mixed(attempt) or attempt.observed is None:
        return False
    if _deduplicated(attempt.observed.state) == _deduplicated(attempt.baseline.after):
        return True
    seen = changes_of(attempt)
    return bool(seen.repeated) and not (seen.missing or seen.other)


def changes_of(attempt: Attempt) -> Changes:
    """Return which parts of the write are stored, and which are not; none if nothing was shown."""
    baseline, observed = attempt.baseline, attempt.observed
    return compare_states(baseline.before, baseline.after, observed.state if observed else None)


def _mixed(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return the attempts whose state is neither that before nor that after an undisturbed write,
    and not just stored more than once."""
    return [each for each in attempts if _is_mixed(each) and not is_duplicate(each)]


def _is_partial(attempt: Attempt) -> bool:
    seen = changes_of(attempt)
    return bool(seen.lost or (seen.applied and seen.missing))


def _is_mixed(attempt: Attempt) -> bool:
    baseline, observed = attempt.baseline, attempt.observed
    return observed is not None and bool(observed.state not in (baseline.before, baseline.after))


def _failed_retry(attempt: Attempt) -> bool:
    assert attempt.retry is not None
    if failed(attempt.retry):
        return True
    untouched = attempt.observed is not None and attempt.observed.state == attempt.baseline.before
    return bool(untouched) and not succeeded(attempt.retry)


def _deduplicated(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _deduplicated(each) for key, each in value.items()}
    if isinstance(value, list):
        kept: list[Any] = []
        for each in map(_deduplicated, value):
            if each not in kept:
                kept.append(each)
        return kept
    return value
