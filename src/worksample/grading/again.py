"""A finding's requests again, on a fresh server, and whether it still shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from worksample.checks import Check, Finding
from worksample.grading.order import Order
from worksample.grading.standing import Hearer, standing
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient, replay

#: A text that a server may make anew each time: an id, a token, a slug, a moment.
_MADE = re.compile(r"(?=.*\d)[^\s]{6,}")
#: What a fresh server says of something that only the first one knew.
_UNKNOWN = (401, 404)


class Again(StrEnum):
    """What asking again has shown."""

    SHOWS = "it still shows"
    GONE = "it no longer shows"
    UNCLEAR = "that cannot be said from these requests alone"


def replayable(check: Check, finding: Finding) -> bool:
    """Say whether the requests of `finding`, sent again one by one, can show it.

    What a check did in its lab (held, cut off, killed) they cannot; nor what figures tell: in
    which order statements came, or how much work a request was.
    """
    return bool(finding.exchanges) and not finding.figures and not check.lab


async def ask_again(order: Order, exchanges: Sequence[Exchange], hearer: Hearer) -> list[Exchange]:
    """Build and start the server of `order` afresh and send `exchanges` again, one by one.

    Values that the server made are replaced by those that it makes now. Raises as `standing`.
    """
    async with standing(order, hearer) as server:
        hearer.step("asking", "")
        address = urlsplit(server.target.base_url)
        client = HttpClient(f"{address.scheme}://{address.netloc}")
        try:
            now = await replay(exchanges, client)
        finally:
            await client.aclose()
        hearer.step("stopping", "")
    return now


def compare(finding: Finding, now: Sequence[Exchange]) -> Again:
    """Say whether `finding` still shows in `now`, its exchanges asked again in order.

    Only the exchange that went wrong decides, and only if the story went the same way up to it.
    A status that differs because the fresh server does not know what the old one knew (401, 404)
    decides nothing; nor does a body that is neither the same nor made of the same values.
    """
    then = finding.exchanges
    culprit = len(then) - 1 if finding.culprit is None else finding.culprit
    if len(now) != len(then) or not 0 <= culprit < len(then):
        return Again.UNCLEAR
    if any(not _came_same(old, new) for old, new in zip(then[:culprit], now, strict=False)):
        return Again.UNCLEAR
    if not _came_same(then[culprit], now[culprit]):
        return Again.UNCLEAR if now[culprit].status in _UNKNOWN else Again.GONE
    return Again.SHOWS if _same_answer(then[culprit], now[culprit]) else Again.UNCLEAR


def _came_same(then: Exchange, now: Exchange) -> bool:
    return (then.status, then.trouble) == (now.status, now.trouble)


def _same_answer(then: Exchange, now: Exchange) -> bool:
    if then.response is None or now.response is None or then.status >= 500:
        return True
    if then.response.body == now.response.body:
        return True
    try:
        return _alike(then.response.json(), now.response.json())
    except (ValueError, RecursionError):
        return False


def _alike(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same but for texts that look made."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_alike(*pair) for pair in pairs)
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return bool(_MADE.fullmatch(one) and _MADE.fullmatch(other))
    return bool(one == other)
