"""Compare the state after an interrupted write with the states before and after an undisturbed one.

A state is a JSON value. It is compared by paths: a path leads to a value, to an entry of a list, or
says that a list of plain values has one of them, so that what was removed counts as much as what
was added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_OBJECT, _LIST = "an object", "a list"
Paths = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """The paths whose value an undisturbed write changes, by what they show now.

    applied: the value after the write. missing: the value before it. repeated: a number that went
    on in the same way, as if the write had been applied several times. other: anything else. lost:
    objects that are there before and after an undisturbed write, and are gone now.
    """

    applied: tuple[str, ...]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]
    other: tuple[str, ...]
    lost: tuple[str, ...]


def compare_states(before: Any, after: Any, observed: Any) -> Changes:
    """Sort the paths that differ between `before` and `after` by what `observed` shows there."""
    was, becomes, now = _paths(before), _paths(after), _paths(observed)
    found: dict[str, list[str]] = {"applied": [], "missing": [], "repeated": [], "other": []}
    for path in {**becomes, **was}:
        if was.get(path) != becomes.get(path):
            found[_kind_of(path, was, becomes, now)].append(path)
    found["lost"] = [path for path in was if _is_lost(path, was, becomes, now)]
    return Changes(**{kind: tuple(paths) for kind, paths in found.items()})


def _kind_of(path: str, was: Paths, becomes: Paths, now: Paths) -> str:
    if _is_out_of_sight(path, was, becomes, now):
        return "other"
    if now.get(path) == becomes.get(path):
        return "applied"
    if now.get(path) == was.get(path):
        return "missing"
    return "repeated" if _repeats(was.get(path), becomes.get(path), now.get(path)) else "other"


def _is_lost(path: str, was: Paths, becomes: Paths, now: Paths) -> bool:
    kept = was.get(path) == becomes.get(path) == _OBJECT
    return kept and now.get(path) is None and not _is_out_of_sight(path, was, becomes, now)


def _is_out_of_sight(path: str, was: Paths, becomes: Paths, now: Paths) -> bool:
    """Whether something around the path, which the write keeps, is not shown.

    Then nothing that is absent from it says anything.
    """
    around = [path[:place] for place, sign in enumerate(path) if sign == "."]
    return any(was.get(each) == becomes.get(each) != now.get(each) for each in around)


def _repeats(before: Any, after: Any, now: Any) -> bool:
    numbers = [each for each in (before, after, now) if type(each) is int]
    if len(numbers) < 3:
        return False
    times, rest = divmod(numbers[2] - numbers[0], numbers[1] - numbers[0])
    return times > 1 and rest == 0


def _paths(value: Any, path: str = "") -> dict[str, Any]:
    """Return path -> plain value of a JSON value; an object and a list have a path of their own."""
    if isinstance(value, dict):
        return _inner({str(key): each for key, each in value.items()}, path, _OBJECT)
    if isinstance(value, list):
        plain = [each for each in value if not isinstance(each, dict | list)]
        nested = [each for each in value if isinstance(each, dict | list)]
        found = _inner({str(n): each for n, each in enumerate(nested, 1)}, path, _LIST)
        return {**found, **{f"{path}.has {each}": True for each in plain}}
    return {path: value}


def _inner(members: Mapping[str, Any], path: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {path: kind} if path else {}
    for key, each in members.items():
        found.update(_paths(each, f"{path}.{key}" if path else key))
    return found
