"""The kind of a request: its operation, and what its values look like, but not which they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson

from worksample.checks.contract import Contract
from worksample.probes.exchange import Request

_NOTABLE_HEADERS = ("authorization", "content-type")
_EXCERPT = 40
_SHORT = 250


def kind_of(request: Request, contract: Contract, prefix: str) -> str:
    """Return a text that is the same for requests that differ in their words only.

    A server that handles one request of a kind in some way most likely handles all so: same
    operation, same members and types in body and query, texts of about the same length, and
    control characters or letters beyond ASCII in the same places.
    """
    path = request.target.partition("?")[0]
    headers = sorted({name.lower() for name, _ in request.headers} & set(_NOTABLE_HEADERS))
    values = ",".join(_text(value) for value in path[len(prefix) :].split("/"))
    operation = operation_of(request, contract, prefix)
    return " ".join((operation, values, ",".join(headers), shape_of(request)))


def shape_of(request: Request) -> str:
    """Return members and types of query and body, and what texts and numbers in them look like."""
    query = request.target.partition("?")[2]
    pairs = ",".join(f"{name}={_text(value)}" for name, value in parse_qsl(query, True))
    return f"{pairs} {_body(request.body)}".strip()


def operation_of(request: Request, contract: Contract, prefix: str) -> str:
    """Return method and path template of a request; the whole path if the contract has none."""
    path = request.target.partition("?")[0]
    found = None
    if path.startswith(prefix):
        found = contract.match(request.method, path[len(prefix) :])
    return f"{request.method} {prefix}{found.path}" if found else f"{request.method} {path}"


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
