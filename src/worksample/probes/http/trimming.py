"""Trim recorded responses, without what a replay of their requests needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worksample.probes.exchange import Exchange, Headers
from worksample.probes.http.bindings import templates

MAX_RECORDED_BODY = 64 * 1024
MAX_HEADERS = 60
MAX_HEADER = 2000
_CUT = "…"


def trimmed(exchange: Exchange, limit: int) -> Exchange:
    """Return `exchange` with at most `limit` bytes of the response's body."""
    response = exchange.response
    if response is None or len(response.body) <= limit:
        return exchange
    omitted = response.omitted + len(response.body) - limit
    return replace(
        exchange, response=replace(response, body=response.body[:limit], omitted=omitted)
    )


def trimmed_story(
    exchanges: Sequence[Exchange], culprit: int | None, limit: int
) -> tuple[Exchange, ...]:
    """Return `exchanges` with at most `limit` bytes of each response's body.

    The bodies that a replay needs are kept: those with values of later requests, and that of the
    culprit (without one, of the last exchange), which is compared. Headers are limited as well.
    """
    if all(_is_small(exchange, limit) for exchange in exchanges):
        return tuple(exchanges)
    needed = {use.binding.exchange for each in templates(exchanges) for use in each.uses()}
    needed.add(len(exchanges) - 1 if culprit is None else culprit)
    return tuple(
        with_few_headers(
            each if number in needed else trimmed(each, limit), MAX_HEADERS, MAX_HEADER
        )
        for number, each in enumerate(exchanges)
    )


def with_few_headers(exchange: Exchange, count: int, length: int) -> Exchange:
    """Return `exchange` with the response's first `count` headers, cut to `length` characters."""
    response = exchange.response
    if response is None or _is_few(response.headers, count, length):
        return exchange
    kept = tuple((_cut(name, length), _cut(value, length)) for name, value in response.headers)
    more = ((_CUT, _CUT),) if len(kept) > count else ()
    return replace(exchange, response=replace(response, headers=kept[:count] + more))


def _is_small(exchange: Exchange, limit: int) -> bool:
    response = exchange.response
    return response is None or (
        len(response.body) <= limit and _is_few(response.headers, MAX_HEADERS, MAX_HEADER)
    )


def _is_few(headers: Headers, count: int, length: int) -> bool:
    return len(headers) <= count and all(max(map(len, pair)) <= length for pair in headers)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + _CUT
