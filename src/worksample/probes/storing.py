"""What may have come of a deed that something befell: pure functions over attempts.

An answer with success promises that all is stored. Without one, all of it is there or nothing:
what the server shows is what was there before, or what a deed in peace leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worksample.probes.deeds import Attempt, failed, succeeded


def broken_promises(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that were answered with success, and nothing of them is there."""
    return [
        each
        for each in attempts
        if succeeded(each.exchange) and each.seen and each.seen.state == each.known.before
    ]


def halves(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those of which a part is there."""
    return [each for each in attempts if _is_neither(each) and not is_doubled(each)]


def doubles(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that were asked once, and are there twice."""
    return [each for each in attempts if is_doubled(each)]


def stubborn(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that could not be asked again: the server failed, or refused for no reason.

    A refusal is right where the first request was stored after all (taken, missing).
    """
    return [each for each in attempts if each.again is not None and _is_stubborn(each)]


def slow_to_recover(attempts: Iterable[Attempt], seconds: float) -> list[Attempt]:
    """Return those after which others got no good answer for more than `seconds`."""
    return [each for each in attempts if each.back is None or each.back > seconds]


def is_doubled(attempt: Attempt) -> bool:
    """Whether the state differs from that after a deed only by what is there more than once."""
    if not _is_neither(attempt) or attempt.seen is None:
        return False
    return bool(_each_once(attempt.seen.state) == _each_once(attempt.known.after))


def _is_neither(attempt: Attempt) -> bool:
    known, seen = attempt.known, attempt.seen
    return seen is not None and bool(seen.state not in (known.before, known.after))


def _is_stubborn(attempt: Attempt) -> bool:
    assert attempt.again is not None
    if failed(attempt.again):
        return True
    untouched = attempt.seen is not None and attempt.seen.state == attempt.known.before
    return bool(untouched) and not succeeded(attempt.again)


def _each_once(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _each_once(each) for key, each in value.items()}
    if isinstance(value, list):
        kept: list[Any] = []
        for each in map(_each_once, value):
            if each not in kept:
                kept.append(each)
        return kept
    return value


def parts(attempt: Attempt) -> tuple[list[str], list[str]]:
    """Return what of the deed is there, and what is not: places in the state, as paths."""
    before, after = _places(attempt.known.before), _places(attempt.known.after)
    seen = _places(attempt.seen.state) if attempt.seen else {}
    changed = [path for path in {**after, **before} if before.get(path) != after.get(path)]
    done = [path for path in changed if seen.get(path) == after.get(path)]
    return done, [path for path in changed if path not in done]


def _places(value: Any, path: str = "") -> dict[str, Any]:
    """Flatten a JSON value to path -> text or number; an empty list or object is nothing."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value, 1)
        found: dict[str, Any] = {}
        for key, each in inner:
            found.update(_places(each, f"{path}.{key}" if path else str(key)))
        return found
    return {path: value}
