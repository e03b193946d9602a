"""Choose generated requests that tell something new: each kind of value of each field is in one.

Of fifteen valid requests, about half show only kinds of values that the other half shows, too. A
kind is what code usually treats alike: the type, how long a text or a list is, which characters a
text has, and how many of the members that the contract names an object has. Members that it does
not name are one field for each object.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Hashable, Iterator, Sequence
from typing import Any

import orjson

from worksample.probes.fuzz import Case

_LENGTHS = (0, 1, 8, 32, 256)
_UNNAMED = "*"
Path = tuple[str, ...]


def covering(cases: Sequence[Case], names: Collection[str]) -> list[Case]:
    """Return those of `cases` that together show every kind of value, in their order.

    `names` are the members that the contract names. Invalid requests, and those without a JSON
    body, each show a kind of their own.
    """
    left = {number: set(_kinds(case, names)) for number, case in enumerate(cases)}
    seen: set[Hashable] = set()
    chosen: list[int] = []
    while left:
        best = max(left, key=lambda number: len(left[number] - seen))
        if left[best] <= seen:
            break
        seen |= left.pop(best)
        chosen.append(best)
    return [cases[number] for number in sorted(chosen)]


def _kinds(case: Case, names: Collection[str]) -> Iterator[Hashable]:
    """Yield the kinds of values of one request."""
    try:
        body = orjson.loads(case.body)
    except orjson.JSONDecodeError:
        body = None
    if case.mode != "positive" or body is None:
        yield case.mode, case.query, case.content_type, case.body, *sorted(case.path.items())
        return
    yield case.query
    yield from _kinds_of(body, (), names)


def _kinds_of(value: Any, path: Path, names: Collection[str]) -> Iterator[Hashable]:
    """Yield the kinds that `value` at `path` has."""
    yield path, type(value).__name__
    if isinstance(value, str | list):
        yield path, sum(len(value) > length for length in _LENGTHS)
    if isinstance(value, str):
        yield from ((path, _kind_of(character)) for character in set(value))
    elif isinstance(value, list):
        for each in value:
            yield from _kinds_of(each, (*path, _UNNAMED), names)
    elif isinstance(value, dict):
        yield path, sum(name in names for name in value)
        for name, each in value.items():
            if name in names:
                yield from _kinds_of(each, (*path, name), names)
            else:
                yield (*path, _UNNAMED), type(each).__name__


def _kind_of(character: str) -> str:
    """Return a name for the characters that code usually treats like this one."""
    code = ord(character)
    if not code:
        return "NUL"
    if code < 0x80:
        return unicodedata.category(character)[0]
    return "Latin-1" if code < 0x100 else "two bytes" if code < 0x10000 else "astral"
