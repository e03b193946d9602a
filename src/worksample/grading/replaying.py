"""A finding's requests again, on a fresh server, and whether it still shows."""

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

#: A text that a server may make anew each time: an id, a token, a slug, a moment.
_GENERATED = re.compile(r"(?=.*\d)[^\s]{6,}")
#: What a fresh server says of something that only the first one knew.
_UNKNOWN_RESOURCE = (401, 404)


class ReplayResult(StrEnum):
    """What asking again has shown."""

    REPRODUCED = "it still shows"
    NOT_REPRODUCED = "it no longer shows"
    INCONCLUSIVE = "that cannot be said from these requests alone"


def replayable(check: Check, finding: Finding) -> bool:
    """Say whether the requests of `finding`, sent again one by one, can show it.

    What a check did in its lab (held, cut off, killed) they cannot; nor what figures tell: in
    which order statements came, or how much work a request was.
    """
    return bool(finding.exchanges) and not finding.figures and not check.lab


async def replay_finding(
    request: RunRequest, exchanges: Sequence[Exchange], listener: ProgressListener
) -> list[Exchange]:
    """Build and start the server of `request` afresh and send `exchanges` again, one by one.

    Values that the server made are replaced by those that it makes now. Raises as `running_server`.
    """
    async with running_server(request, listener) as server:
        listener.step("asking", "")
        address = urlsplit(server.target.base_url)
        client = HttpClient(f"{address.scheme}://{address.netloc}")
        try:
            now = await replay(exchanges, client)
        finally:
            await client.aclose()
        listener.step("stopping", "")
    return now


def compare(finding: Finding, now: Sequence[Exchange]) -> ReplayResult:
    """Say whether `finding` still shows in `now`, its exchanges asked again in order.

    Only the exchange that went wrong decides, and only if the story went the same way up to it.
    A status that differs because the fresh server does not know what the old one knew (401, 404)
    decides nothing; nor does a body that is neither the same nor made of the same values.
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
    try:
        return _equivalent(then.response.json(), now.response.json())
    except (ValueError, RecursionError):
        return False


def _equivalent(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same but for texts that look made."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equivalent(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_equivalent(*pair) for pair in pairs)
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return bool(_GENERATED.fullmatch(one) and _GENERATED.fullmatch(other))
    return bool(one == other)
