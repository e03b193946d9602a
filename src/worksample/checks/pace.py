"""The pace of a server: whether, and how soon, it answers plain reads that nothing disturbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from worksample.checks.context import CheckContext
from worksample.checks.formatting import describe_exchange
from worksample.checks.model import Finding
from worksample.checks.operations import StagedOperation
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import Limits
from worksample.targets import Target

#: Seconds for the first of the two reads that show whether a server answers at all; the second has
#: the limit that all requests have.
FIRST_READ = 5.0
#: The time limit of all requests is so many times the time of a slow answer in peace, at most so
#: many seconds: twelve checks at once, with password hashes for two cores, must fit in easily.
LIMIT_PER_ANSWER = 40
LONGEST_LIMIT = 60.0


async def unanswered_reads(
    context: CheckContext, operations: Sequence[StagedOperation]
) -> tuple[Exchange, ...]:
    """Send up to two plain reads, one after the other; return them if neither was answered in time.

    Empty if one of them was. A server that answers neither will not answer anything else, and
    each check would wait for that anew.
    """
    limits = FIRST_READ, context.client.limits.timeout
    session = context.session()
    for path, limit in zip(_paths(context, operations), limits, strict=True):
        exchange = await session.exchange(Request("GET", path), fresh=True, timeout=limit)
        if exchange.trouble is not Trouble.TIMEOUT:
            return ()
    return tuple(session.exchanges)


def adapted_limits(limits: Limits, exchanges: Sequence[Exchange]) -> Limits:
    """Return `limits` with a longer time limit if the answers in peace (`exchanges`) are slow.

    It is never shorter: a machine that is quiet now may be busy later. The slowest fifth of the
    answers is left out, since one may have waited for something else.
    """
    seconds = sorted(each.seconds for each in exchanges if each.response is not None)
    slow = seconds[len(seconds) * 4 // 5] if seconds else 0.0
    timeout = max(limits.timeout, min(LIMIT_PER_ANSWER * slow, LONGEST_LIMIT))
    return replace(limits, timeout=timeout)


def silence(unanswered: Sequence[Exchange]) -> Finding:
    """Return the finding for a server of which `unanswered_reads` returned `unanswered`."""
    last = unanswered[-1]
    return Finding(
        expected="the server answers a plain read in time, while nothing else is asked",
        actual=message(
            "GET {path}: {trouble}", path=last.request.target, trouble=describe_exchange(last)
        ),
        exchanges=tuple(unanswered),
        culprit=len(unanswered) - 1,
        cause="the server answers nothing in time",
    )


def _paths(context: CheckContext, operations: Sequence[StagedOperation]) -> tuple[str, str]:
    """Return the path that start-up asked, and that of the earliest plain read."""
    target = context.target
    asked = target.ready if isinstance(target, Target) else urlsplit(target.base_url).path
    return asked or "/", context.base_path.rstrip("/") + _plain_read(context, operations)


def _plain_read(context: CheckContext, operations: Sequence[StagedOperation]) -> str:
    """Return the path of the first GET of the contract, by stage, that names no object."""
    stages = {each.id: each.stage for each in operations}
    gets = (each for each in context.contract.operations if each.method == "GET")
    plain = [each for each in gets if "{" not in each.path]
    plain.sort(key=lambda each: stages.get(each.id, 0))
    return plain[0].path if plain else "/"
