"""What the requests that work have in common, to tell how one that fails differs from them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import orjson

from worksample.checks.model import BAD_TOKEN, CheckResult, Finding
from worksample.checks.request_kinds import RequestKinds
from worksample.messages import join_and, message
from worksample.probes.exchange import Exchange, Request

#: A longer answer is a list, which gives no token out.
_MAX_ANSWER = 4096
_LONG_TEXT = re.compile(rb'"([A-Za-z0-9._~+/=-]{16,})"')
_MAX_BODY = 64 * 1024
_MAX_DEPTH = 6
_MAX_NAMES = 3
_UNAUTHENTICATED, _NOT_IMPLEMENTED = 401, 501
_ENOUGH = 3


@dataclass(slots=True)
class _Operation:
    """What was sent to an operation.

    `always` and `ever`: the fields that all and that any request had that works. `closed`: it
    refuses a request without a token; `open`: it answers one (a login does both).
    """

    always: frozenset[str] | None = None
    ever: set[str] = field(default_factory=set)
    failed: int = 0
    closed: bool = False
    open: bool = False


class WorkingRequests:
    """Learns from every exchange of a run; afterwards it tells how one differs."""

    def __init__(self, kinds: RequestKinds) -> None:
        self._kinds = kinds
        self._operations: dict[str, _Operation] = defaultdict(_Operation)
        self._accepted: dict[str, set[str]] = defaultdict(set)
        self._sent: set[str] = set()
        self._issued: set[str] = set()

    def record(self, exchange: Exchange) -> None:
        """Learn from `exchange`."""
        name, token = self._kinds.operation_of(exchange.request), _token(exchange.request)
        operation = self._operations[name]
        self._sent.add(token)
        if 200 <= exchange.status < 300:
            self._issued.update(_long_texts(exchange))
            if token:
                self._accepted[token].add(name)
            else:
                operation.open = True
            fields = fields_sent(exchange.request)
            operation.always = fields if operation.always is None else operation.always & fields
            operation.ever |= fields
        elif exchange.status >= 500:
            operation.failed += 1
        elif exchange.status == _UNAUTHENTICATED and not token:
            operation.closed = True

    def difference(self, exchange: Exchange) -> str:
        """Return how `exchange` differs from those that work: "without `password`"; or nothing."""
        operation = self._operations[self._kinds.operation_of(exchange.request)]
        if self._has_bad_token(exchange.request):
            return BAD_TOKEN
        if operation.always is None:
            return "always" if operation.failed >= _ENOUGH else ""
        sent = fields_sent(exchange.request)
        if lacking := operation.always - sent:
            return message("without {fields}", fields=_named(lacking))
        extra = sent - operation.ever
        return message("with {fields}", fields=_named(extra)) if extra else ""

    def explained(self, result: CheckResult) -> CheckResult:
        """Return `result` with the differences of the requests that failed with a 5xx."""
        findings = tuple(self._with_difference(each) for each in result.findings)
        return result if findings == result.findings else replace(result, findings=findings)

    def _with_difference(self, finding: Finding) -> Finding:
        exchange = failed_exchange(finding)
        if exchange is None or finding.difference:
            return finding
        return replace(finding, difference=self.difference(exchange))

    def _has_bad_token(self, request: Request) -> bool:
        """Whether the token worked nowhere where one is needed, although others did.

        Nothing is known of a token that was sent in a lab only, and one that the server gave out is
        good, even if each request with it failed.
        """
        token = _token(request)
        known = token in self._sent and bool(token and self._good_tokens)
        given_out = not self._issued.isdisjoint(token.split())
        return known and not given_out and token not in self._good_tokens

    @cached_property
    def _good_tokens(self) -> frozenset[str]:
        operations = self._operations.items()
        closed = {name for name, each in operations if each.closed and not each.open}
        return frozenset(token for token, names in self._accepted.items() if names & closed)


def failed_exchange(finding: Finding) -> Exchange | None:
    """Return the exchange with a 5xx that a finding shows, if it is the only one that counts."""
    shown = finding.exchanges
    if finding.culprit is not None:
        shown = finding.exchanges[finding.culprit : finding.culprit + 1]
    failed = [each for each in shown if each.status >= 500 and each.status != _NOT_IMPLEMENTED]
    return failed[0] if len(failed) == 1 else None


def fields_sent(request: Request) -> frozenset[str]:
    """Return the names of all members of a JSON body and of the query."""
    query = request.target.partition("?")[2]
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)} if query else set()
    if request.body and len(request.body) <= _MAX_BODY:
        names.update(_names(_json(request.body), _MAX_DEPTH))
    return frozenset(names)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None


def _names(value: Any, depth: int) -> Iterator[str]:
    if depth and isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _names(each, depth - 1)


def _token(request: Request) -> str:
    return next((value for name, value in request.headers if name.lower() == "authorization"), "")


def _long_texts(exchange: Exchange) -> list[str]:
    """Return the texts in a short answer that may be tokens."""
    assert exchange.response is not None
    body = exchange.response.body
    if len(body) > _MAX_ANSWER:
        return []
    return [text.decode() for text in _LONG_TEXT.findall(body)]


def _named(fields: frozenset[str]) -> str:
    return join_and(f"`{name[:40]}`" for name in sorted(fields)[:_MAX_NAMES])
