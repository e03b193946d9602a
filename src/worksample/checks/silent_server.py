"""A server that answers not even plain reads: it is asked nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from worksample.checks.context import CheckContext
from worksample.checks.formatting import describe_exchange
from worksample.checks.model import Finding
from worksample.checks.operations import StagedOperation
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.targets import Target

#: Seconds for the first of the two reads that show whether a server answers at all; the second has
#: the limit that all requests have.
FIRST_READ = 5.0


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
