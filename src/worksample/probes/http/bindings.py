"""Which values in later requests an earlier response produced, so that they can be made again.

A token, a slug or an id that the server made is another one on a fresh server. A request in which
such a value stands becomes a `Template` that is filled with the value of the new run.
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
    """The value at `path` in the JSON answer of exchange number `exchange`; `name` is unique."""

    exchange: int
    path: Path
    value: str | int
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A place in a request where the value of a binding belongs, and how it is written there."""

    binding: Binding
    encoding: Encoding


Parts = tuple[bytes | Use, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A request with holes."""

    method: str
    target: Parts
    headers: tuple[tuple[str, Parts], ...]
    body: Parts

    def uses(self) -> Iterator[Use]:
        """Yield the holes, in the order in which they are sent."""
        for parts in (self.target, *(value for _, value in self.headers), self.body):
            yield from (part for part in parts if isinstance(part, Use))

    def filled(self, values: Mapping[Binding, str | int]) -> Request:
        """Return the request with `values` in its holes; the recorded ones where there is none."""
        return Request(
            self.method,
            _joined(self.target, values).decode("latin-1"),
            tuple((name, _joined(value, values).decode("latin-1")) for name, value in self.headers),
            _joined(self.body, values),
        )


def templates(exchanges: Sequence[Exchange]) -> list[Template]:
    """Return the requests of `exchanges` with a hole for every value that the server made.

    A value counts as made by the server when a response held it before any request did. Only
    strings that look made (an id, a slug, a token; at least 6 characters) are taken, and integers
    only where they stand as a segment of a path and came as an id.
    """
    finder = _Finder()
    found = []
    for number, exchange in enumerate(exchanges):
        found.append(finder.template(exchange.request))
        finder.learn(number, exchange.response)
    return found


def produced(binding: Binding, response: Response | None) -> str | int | None:
    """Return what `response` holds where the binding's value was, or None."""
    return next((value for path, value in leaves(response) if path == binding.path), None)


@dataclass(slots=True)
class _Finder:
    """Walks through the exchanges: what the requests brought, what the responses made."""

    sent: set[str | int] = field(default_factory=set)
    produced_at: dict[str | int, list[tuple[int, Path]]] = field(default_factory=dict)
    bindings: dict[tuple[int, Path], Binding] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def template(self, request: Request) -> Template:
        holes: dict[str | int, list[tuple[int, int, Use]]] = {}
        for request_value in list(request_values(request)):
            source = self._source(request_value)
            if source is None:
                self.sent.add(request_value.value)
            else:
                use = Use(self._binding(*source, request_value.value), request_value.encoding)
                holes.setdefault(request_value.field, []).append(
                    (request_value.start, request_value.end, use)
                )
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

    def _source(self, request_value: RequestValue) -> tuple[int, Path] | None:
        sources = self.produced_at.get(request_value.value)
        if not sources:
            return None
        if isinstance(request_value.value, str):
            return sources[0]
        # Small numbers come often: the latest id of what the path is about, the outer one first.
        return max(
            sources,
            key=lambda one: (
                _names_resource(one[1], request_value.previous_segment),
                one[0],
                -len(one[1]),
            ),
        )

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
    """Return `value` (the recorded one for None) as it is written at that place."""
    value = use.binding.value if value is None else value
    if use.encoding is Encoding.JSON:
        return orjson.dumps(value)
    if use.encoding is Encoding.HEADER:
        return str(value).encode("latin-1", "replace")
    return quote(str(value), safe="").encode("ascii")
