"""Which requests a server most likely handles alike: those of one operation, and of one kind."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import orjson

from worksample.checks.contract import Contract
from worksample.probes.exchange import Request

_NOTABLE_HEADERS = ("authorization", "content-type")
_EXCERPT = 40
_SHORT = 250
_WORD = re.compile(r"[A-Za-z]{1,20}")


class RequestKinds:
    """Names operations and kinds of requests to a server with base path `prefix`."""

    def __init__(self, contract: Contract, prefix: str) -> None:
        self._contract, self._prefix = contract, prefix

    def operation_of(self, request: Request) -> str:
        """Return method and path template of a request; its pattern if the contract has none."""
        found = self._contract.operation_for(request, self._prefix)
        if found is None:
            return pattern_of(request)
        return f"{request.method} {self._prefix}{found.path}"

    def kind_of(self, request: Request) -> str:
        """Return a text that is the same for requests that differ in their words only.

        A server that handles one request of a kind in some way most likely handles all so: same
        operation, same members and types in body and query, texts of about the same length, and
        control characters or letters beyond ASCII in the same places.
        """
        headers = sorted({name.lower() for name, _ in request.headers} & set(_NOTABLE_HEADERS))
        values = ",".join(map(_text, _path_of(request).split("/")))
        operation = self.operation_of(request)
        return " ".join((operation, values, ",".join(headers), shape_of(request)))


def pattern_of(request: Request) -> str:
    """Return method and path with `*` for every segment that is not a word (an id, a slug).

    For example `GET articles/*`; at most six segments. It stands for the operation where no
    contract is at hand, or where it has none.
    """
    parts = _path_of(request).strip("/").split("/")[:6]
    pattern = "/".join(part if _WORD.fullmatch(part) else "*" for part in parts)
    return f"{request.method} {pattern}"


def shape_of(request: Request) -> str:
    """Return members and types of query and body, and what texts and numbers in them look like."""
    query = request.target.partition("?")[2]
    pairs = ",".join(f"{name}={_text(value)}" for name, value in parse_qsl(query, True))
    return f"{pairs} {_body(request.body)}".strip()


def _path_of(request: Request) -> str:
    return request.target.partition("?")[0]


def _body(body: bytes) -> str:
    if not body:
        return ""
    try:
        return _shape(orjson.loads(body))
    except ValueError:
        return f"{body[:_EXCERPT]!r} {_size(len(body))}"


def _shape(value: Any) -> str:
    match value:
        case dict():
            return f"{{{','.join(f'{key}:{_shape(each)}' for key, each in sorted(value.items()))}}}"
        case list():
            return f"[{','.join(sorted({_shape(each) for each in value}))}]"
        case str():
            return _text(value)
        case bool() | None:
            return str(value)
    return f"{type(value).__name__} {len(str(value))}"


def _text(text: str) -> str:
    """Describe a text by its size and its characters."""
    notable = (
        "" if text.isascii() else "beyond ASCII",
        "" if text.isprintable() else "unprintable",
        "escaped" if "%" in text else "",
    )
    return " ".join(filter(None, ("text", _size(len(text)), *notable)))


def _size(length: int) -> str:
    if not length:
        return "empty"
    return "short" if length < _SHORT else f"10^{len(str(length))}"
