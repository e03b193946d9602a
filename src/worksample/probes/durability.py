"""What may have come of a deed that something befell: pure functions over attempts.

An answer with success promises that all is stored. Without one, all of it is there or nothing:
what the server shows is what was there before, or what a deed in peace leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worksample.probes.write_operations import Attempt, failed, succeeded


def lost_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that were answered with success, and nothing of them is there."""
    return [
        each
        for each in attempts
        if succeeded(each.exchange)
        and each.observed
        and each.observed.state == each.baseline.before
    ]


def partial_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those of which a part is there."""
    return [each for each in attempts if _is_mixed(each) and not is_duplicate(each)]


def duplicate_writes(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that were asked once, and are there twice."""
    return [each for each in attempts if is_duplicate(each)]


def failed_retries(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that could not be asked again: the server failed, or refused for no reason.

    A refusal is right where the first request was stored after all (taken, missing).
    """
    return [each for each in attempts if each.retry is not None and _failed_retry(each)]


def slow_to_recover(attempts: Iterable[Attempt], seconds: float) -> list[Attempt]:
    """Return those after which others got no good answer for more than `seconds`."""
    return [
        each
        for each in attempts
        if each.recovery_seconds is None or each.recovery_seconds > seconds
    ]


def is_duplicate(attempt: Attempt) -> bool:
    """Whether the state differs from that after a deed only by what is there more than once."""
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
    """Return what of the deed is there, and what is not: places in the state, as paths."""
    before, after = _flattened(attempt.baseline.before), _flattened(attempt.baseline.after)
    observed = _flattened(attempt.observed.state) if attempt.observed else {}
    changed = [path for path in {**after, **before} if before.get(path) != after.get(path)]
    done = [path for path in changed if observed.get(path) == after.get(path)]
    return done, [path for path in changed if path not in done]


def _flattened(value: Any, path: str = "") -> dict[str, Any]:
    """Flatten a JSON value to path -> text or number; an empty list or object is nothing."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value, 1)
        found: dict[str, Any] = {}
        for key, each in inner:
            found.update(_flattened(each, f"{path}.{key}" if path else str(key)))
        return found
    return {path: value}
