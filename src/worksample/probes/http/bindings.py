"""Bindings: values in requests that come from earlier responses, so that requests can be replayed.

A token, slug or id that the server generates differs on a fresh server. A request that contains
such a value becomes a `Template`, to be filled with the value of the new run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import orjson

from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http.values import Encoding, Path, RequestValue, leaves, request_values

MIN_LENGTH, MAX_LENGTH = 6, 8192
ID_LIKE_KEY = re.compile(
    r"(id|pk|key|slug|token|uuid|guid|code|hash|cursor|next|secret|username|handle)$",
    re.IGNORECASE,
)
GENERATED_VALUE = re.compile(r"[0-9_-]|.{20}", re.DOTALL)
WHITESPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Binding:
    """The value at `path` in the JSON response of exchange number `exchange`; `name` is unique."""

    exchange: int
    path: Path
    value: str | int
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a binding in a request, and how the value is encoded there."""

    binding: Binding
    encoding: Encoding


Parts = tuple[bytes | Use, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A request with placeholders for bindings."""

    method: str
    target: Parts
    headers: tuple[tuple[str, Parts], ...]
    body: Parts

    def uses(self) -> Iterator[Use]:
        """Yield the placeholders, in the order in which they are sent."""
        for parts in (self.target, *(value for _, value in self.headers), self.body):
            yield from (part for part in parts if isinstance(part, Use))

    def filled(self, values: Mapping[Binding, str | int]) -> Request:
        """Return the request with `values` filled in; missing ones keep their recorded value."""
        return Request(
            self.method,
            _joined(self.target, values).decode("latin-1"),
            tuple((name, _joined(value, values).decode("latin-1")) for name, value in self.headers),
            _joined(self.body, values),
        )


def templates(exchanges: Sequence[Exchange]) -> list[Template]:
    """Return the requests of `exchanges` with placeholders for server-generated values.

    A value is server-generated if it occurs in a response before it occurs in any request. Only
    strings that look generated (an id, slug or token of at least 6 characters) are bound, and
    integers only if they came as an id and are used as a path segment.
    """
    finder = _Finder()
    found = []
    for number, exchange in enumerate(exchanges):
        found.append(finder.template(exchange.request))
        finder.learn(number, exchange.response)
    return found


def produced(binding: Binding, response: Response | None) -> str | int | None:
    """Return the value at the binding's path in `response`, or None."""
    return next((value for path, value in leaves(response) if path == binding.path), None)


@dataclass(slots=True)
class _Finder:
    """Tracks values sent in requests and values produced by responses, exchange by exchange."""

    sent: set[str | int] = field(default_factory=set)
    produced_at: dict[str | int, list[tuple[int, Path]]] = field(default_factory=dict)
    bindings: dict[tuple[int, Path], Binding] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def template(self, request: Request) -> Template:
        holes: dict[str | int, list[tuple[int, int, Use]]] = {}
        for found in list(request_values(request)):
            source = self._source(found)
            if source is None:
                self.sent.add(found.value)
            else:
                use = Use(self._binding(*source, found.value), found.encoding)
                holes.setdefault(found.field, []).append((found.start, found.end, use))
        return Template(
            request.method,
            _split(request.target.encode("latin-1"), holes.get("target", [])),
            tuple(
                (name, _split(value.encode("latin-1"), holes.get(number, [])))
                for number, (name, value) in enumerate(request.headers)
            ),
            _split(request.body, holes.get("body", [])),
        )

    def learn(self, number: int, response: Response | None) -> None:
        for path, value in leaves(response):
            if value not in self.sent and _is_bindable(path, value):
                self.produced_at.setdefault(value, []).append((number, path))

    def _source(self, found: RequestValue) -> tuple[int, Path] | None:
        sources = self.produced_at.get(found.value)
        if not sources:
            return None
        if isinstance(found.value, str):
            return sources[0]

        # Small integers occur often: prefer an id of the resource in the path, then the latest
        # response, then the outermost member.
        def rank(source: tuple[int, Path]) -> tuple[bool, int, int]:
            number, path = source
            return _names_resource(path, found.previous_segment), number, -len(path)

        return max(sources, key=rank)

    def _binding(self, number: int, path: Path, value: str | int) -> Binding:
        known = self.bindings.get((number, path))
        if known is None:
            known = Binding(number, path, value, self._name(path))
            self.bindings[number, path] = known
        return known

    def _name(self, path: Path) -> str:
        words = [re.sub(r"[^A-Za-z0-9]+", "_", key) for key in path if isinstance(key, str)]
        name = "_".join(words[-2:] if words[-1:] == ["id"] else words[-1:]).strip("_").upper()
        name = name if name[:1].isalpha() else f"VALUE_{name}".strip("_")
        number, unique = 1, name[:40]
        while unique in self.names:
            number += 1
            unique = f"{name[:40]}_{number}"
        self.names.add(unique)
        return unique


def _is_bindable(path: Path, value: str | int) -> bool:
    key = str(path[-1]) if path else ""
    if isinstance(value, int):
        return value >= 0 and ID_LIKE_KEY.search(key) is not None
    if not MIN_LENGTH <= len(value) <= MAX_LENGTH or WHITESPACE.search(value):
        return False
    return ID_LIKE_KEY.search(key) is not None or GENERATED_VALUE.search(value) is not None


def _names_resource(path: Path, segment: str) -> bool:
    stem = segment.lower().rstrip("s")
    return bool(stem) and any(stem in str(key).lower() for key in path[:-1] or path)


def _split(text: bytes, holes: list[tuple[int, int, Use]]) -> Parts:
    parts: list[bytes | Use] = []
    at = 0
    for start, end, use in holes:
        if start >= at:
            parts += [text[at:start], use]
            at = end
    parts.append(text[at:])
    return tuple(part for part in parts if part != b"")


def _joined(parts: Parts, values: Mapping[Binding, str | int]) -> bytes:
    return b"".join(
        part if isinstance(part, bytes) else encode_value(part, values.get(part.binding))
        for part in parts
    )


def encode_value(use: Use, value: str | int | None = None) -> bytes:
    """Return `value` (the recorded one for None) in the encoding of `use`."""
    value = use.binding.value if value is None else value
    if use.encoding is Encoding.JSON:
        return orjson.dumps(value)
    if use.encoding is Encoding.HEADER:
        return str(value).encode("latin-1", "replace")
    return quote(str(value), safe="").encode("ascii")
