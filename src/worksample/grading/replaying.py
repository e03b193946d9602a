"""Replay the requests of a finding on a fresh server, and compare the responses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from worksample.checks import Check, Finding
from worksample.grading.run_request import RunRequest
from worksample.grading.server import ProgressListener, running_server
from worksample.probes.exchange import Exchange
from worksample.probes.http import HttpClient, replay

#: A text that a server may generate anew each time: an id, a token, a slug, a timestamp.
_GENERATED = re.compile(r"(?=.*\d)[^\s]{6,}")
#: The statuses with which a fresh server refuses a resource that only the first server had.
_UNKNOWN_RESOURCE = (401, 404)


class ReplayResult(StrEnum):
    """What a replay shows. The value is what the user reads."""

    REPRODUCED = "the finding is reproduced"
    NOT_REPRODUCED = "the finding is not reproduced"
    INCONCLUSIVE = "inconclusive: these requests alone cannot tell"


def replayable(check: Check, finding: Finding) -> bool:
    """Return whether sending the requests of `finding` again, one by one, can reproduce it.

    They cannot where the check used a lab (to hold or cut connections, or to kill the server), nor
    where the finding has figures, which show an order of statements or an amount of work, nor
    where the report had no room for all requests.
    """
    whole = bool(finding.exchanges) and not finding.omitted_exchanges
    return whole and not finding.figures and not check.lab


async def replay_finding(
    request: RunRequest, exchanges: Sequence[Exchange], listener: ProgressListener
) -> list[Exchange]:
    """Build and start the server of `request`, send `exchanges` one by one, return the new ones.

    Values that the server generated are replaced by those that it generates now. Raises what
    `running_server` raises.
    """
    async with running_server(request, listener) as server:
        listener.step("replaying", "")
        address = urlsplit(server.target.base_url)
        client = HttpClient(f"{address.scheme}://{address.netloc}")
        try:
            now = await replay(exchanges, client)
        finally:
            await client.aclose()
        listener.step("stopping", "")
    return now


def compare(finding: Finding, now: Sequence[Exchange]) -> ReplayResult:
    """Return whether `now`, the replayed exchanges of `finding` in order, reproduce it.

    Only the culprit is compared, and only if every exchange before it had the same outcome. The
    result is inconclusive where the fresh server does not have a resource of the old one (401,
    404), and where the bodies differ in more than generated values. Of a body that was not kept
    whole, the part that was kept is compared.
    """
    then = finding.exchanges
    culprit = len(then) - 1 if finding.culprit is None else finding.culprit
    if len(now) != len(then) or not 0 <= culprit < len(then):
        return ReplayResult.INCONCLUSIVE
    if any(not _same_outcome(old, new) for old, new in zip(then[:culprit], now, strict=False)):
        return ReplayResult.INCONCLUSIVE
    if not _same_outcome(then[culprit], now[culprit]):
        return (
            ReplayResult.INCONCLUSIVE
            if now[culprit].status in _UNKNOWN_RESOURCE
            else ReplayResult.NOT_REPRODUCED
        )
    return (
        ReplayResult.REPRODUCED
        if _same_response(then[culprit], now[culprit])
        else ReplayResult.INCONCLUSIVE
    )


def _same_outcome(then: Exchange, now: Exchange) -> bool:
    return (then.status, then.trouble) == (now.status, now.trouble)


def _same_response(then: Exchange, now: Exchange) -> bool:
    if then.response is None or now.response is None or then.status >= 500:
        return True
    if then.response.body == now.response.body:
        return True
    if then.response.omitted:
        return now.response.body.startswith(then.response.body)
    try:
        return _equivalent(then.response.json(), now.response.json())
    except (ValueError, RecursionError):
        return False


def _equivalent(one: Any, other: Any) -> bool:
    """Return whether two JSON values differ in nothing but texts that look generated."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equivalent(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_equivalent(*pair) for pair in pairs)
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return bool(_GENERATED.fullmatch(one) and _GENERATED.fullmatch(other))
    return bool(one == other)
