"""Extract values from requests and JSON responses: tokens, slugs, ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from worksample.probes.exchange import Request, Response

Path = tuple[str | int, ...]
MAX_LEAVES = 2000
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
WORD = re.compile(rb'[^\s;,"]+')
JSON_STRING = re.compile(rb'("(?:[^"\\]|\\.)*")(\s*:)?')
SEGMENT = re.compile(rb"[^/]+")
PARAMETER = re.compile(rb"[^&=]+=([^&]+)")


class Encoding(Enum):
    """How a value is encoded in a request."""

    HEADER = "as it is"
    PATH = "percent-encoded, a segment of the path"
    QUERY = "percent-encoded, a value in the query"
    JSON = "a JSON string with its quotes"


@dataclass(frozen=True, slots=True)
class RequestValue:
    """A value in a request, in bytes `start` to `end` of `field`.

    `field` is `target`, `body` or the number of a header. `previous_segment` is the path segment
    before the value.
    """

    field: str | int
    start: int
    end: int
    value: str | int
    encoding: Encoding
    previous_segment: str = ""


def request_values(request: Request) -> Iterator[RequestValue]:
    """Yield every value in the target, the headers and the JSON body of `request`."""
    yield from _in_target(request.target.encode("latin-1", "replace"))
    for number, (_, value) in enumerate(request.headers):
        yield from _in_header(number, value.encode("latin-1", "replace"))
    yield from _in_body(request.body)


def leaves(response: Response | None) -> Iterator[tuple[Path, str | int]]:
    """Yield (path, value) of the strings and integers in a JSON body, breadth first."""
    if response is None or not response.body:
        return
    try:
        level: list[tuple[Path, Any]] = [((), response.json())]
    except ValueError:
        return
    seen = 0
    while level and seen < MAX_LEAVES:
        following: list[tuple[Path, Any]] = []
        for path, value in level[:MAX_LEAVES]:
            seen += 1
            if isinstance(value, dict):
                following += [((*path, key), inner) for key, inner in value.items()]
            elif isinstance(value, list):
                following += [((*path, index), inner) for index, inner in enumerate(value)]
            elif isinstance(value, str | int) and not isinstance(value, bool):
                yield path, value
        level = following


def _in_target(target: bytes) -> Iterator[RequestValue]:
    path, _, query = target.partition(b"?")
    previous_segment = ""
    for match in SEGMENT.finditer(path):
        text = _decoded(match[0])
        value = int(text) if NUMBER.fullmatch(text) else text
        yield RequestValue(
            "target", match.start(), match.end(), value, Encoding.PATH, previous_segment
        )
        previous_segment = text
    shift = len(path) + 1
    for match in PARAMETER.finditer(query):
        value = _decoded(match[1].replace(b"+", b" "))
        yield RequestValue(
            "target", shift + match.start(1), shift + match.end(1), value, Encoding.QUERY
        )


def _in_header(number: int, text: bytes) -> Iterator[RequestValue]:
    for match in WORD.finditer(text):
        start = match.start()
        yield RequestValue(number, start, match.end(), match[0].decode("latin-1"), Encoding.HEADER)
        name, equals, value = match[0].partition(b"=")
        if equals and value:
            start += len(name) + 1
            yield RequestValue(number, start, match.end(), value.decode("latin-1"), Encoding.HEADER)


def _in_body(body: bytes) -> Iterator[RequestValue]:
    try:
        orjson.loads(body)
    except ValueError:
        return
    for match in JSON_STRING.finditer(body):
        if match[2] is None:
            value = str(orjson.loads(match[1]))
            yield RequestValue("body", match.start(1), match.end(1), value, Encoding.JSON)


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")
