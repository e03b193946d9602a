"""What a refusal (4xx) says: which fields, in which words, and whether the request sent them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from worksample.checks.working_requests import fields_sent
from worksample.probes.exchange import Exchange, Request

#: A framework's own error page reads the same for every refusal.
_HTML_PAGE = re.compile(r"(?i)<(?:!doctype|html|title|h1)\b")
_READS = ("GET", "HEAD")
#: Any other refusal may name what is not there, or who may not: `{"profile": ["does not exist"]}`.
_INVALID = (400, 422)
#: Names in error bodies that hold what is wrong, and are no field of a request.
_ENVELOPES = frozenset(
    ("detail", "details", "error", "errors", "message", "messages", "msg", "reason", "reasons")
)
#: A field has a name of one word: `{"errors": {"email or password": ["is wrong"]}}` names none.
_FIELD = re.compile(r"[\w.\[\]$-]+")
_MAX_BODY = 4000
_MAX_COMPLAINTS = 20
_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Refusal:
    """The words of a refusal; `absent` names fields that it asks for and the request left out."""

    words: str
    absent: tuple[str, ...] = ()


def refusal_of(exchange: Exchange) -> Refusal | None:
    """Return what the response says; None for a page in HTML, which says nothing."""
    assert exchange.response is not None
    text = exchange.response.body[:_MAX_BODY].decode("utf-8", "replace")
    if _HTML_PAGE.search(text):
        return None
    complaints = list(_complaints(_json(exchange.response.body)))[:_MAX_COMPLAINTS]
    if not complaints:
        return Refusal(" ".join(text.split()))
    invalid = exchange.status in _INVALID
    if invalid and (absent := _absent(exchange.request, complaints)):
        return Refusal(", ".join(sorted({words for _, words in complaints})), absent)
    return Refusal(", ".join(sorted(f"{field} {words}".strip() for field, words in complaints)))


def _absent(request: Request, complaints: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the fields of the complaints, if the request left all of them out.

    A write without a body has nothing to leave out: `{"username": ["is followed already"]}`.
    """
    if not request.body and request.method not in _READS:
        return ()
    sent = fields_sent(request)
    absent = tuple(
        field for field, _ in complaints if _FIELD.fullmatch(field) and field not in sent
    )
    return absent if len(absent) == len(complaints) else ()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _complaints(value: Any, field: str = "", depth: int = _MAX_DEPTH) -> Iterator[tuple[str, str]]:
    """Yield (field, words) for every text of an error body; the field may be empty.

    Knows `{"errors": {"title": ["is required"]}}`, `{"loc": ["body", "title"], "msg": "…"}` and
    `{"detail": "…"}`.
    """
    if not depth:
        return
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, list):
        for each in value:
            yield from _complaints(each, field, depth - 1)
    elif isinstance(value, dict) and isinstance(value.get("loc"), list) and "msg" in value:
        yield str(value["loc"][-1]) if value["loc"] else "", str(value["msg"])
    elif isinstance(value, dict):
        for name, each in value.items():
            inner = field if name.lower() in _ENVELOPES else name
            yield from _complaints(each, inner, depth - 1)
