"""Judge attempts for durability and atomicity: pure functions over recorded attempts.

A success answer promises that the write is stored. Without one, all of the write is stored or
nothing: the observed state equals the state before or after the baseline run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
    """Return the attempts that are stored only in part."""
    return [each for each in attempts if _is_mixed(each) and not is_duplicate(each)]


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
    """Return whether the state differs from the baseline only by repeated entries."""
    if not _is_mixed(attempt) or attempt.observed is None:
        return False
    return bool(_deduplicated(attempt.observed.state) == _deduplicated(attempt.baseline.after))


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


def applied_and_missing(attempt: Attempt) -> tuple[list[str], list[str]]:
    """Return the parts of the write that are stored and those that are missing, as state paths."""
    before, after = _flattened(attempt.baseline.before), _flattened(attempt.baseline.after)
    observed = _flattened(attempt.observed.state) if attempt.observed else {}
    changed = [path for path in {**after, **before} if before.get(path) != after.get(path)]
    done = [path for path in changed if observed.get(path) == after.get(path)]
    return done, [path for path in changed if path not in done]


def _flattened(value: Any, path: str = "") -> dict[str, Any]:
    """Flatten a JSON value to path -> scalar. Empty lists and objects have no entry."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value, 1)
        found: dict[str, Any] = {}
        for key, each in inner:
            found.update(_flattened(each, f"{path}.{key}" if path else str(key)))
        return found
    return {path: value}
