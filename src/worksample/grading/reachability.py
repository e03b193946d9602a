"""Find out before the checks whether a server that answers can reach its database."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.probes.exchange import Exchange
from worksample.targets import ExternalTarget, Target
from worksample.targets.causes import unreachable_database


async def require_reachable_database(
    target: Target | ExternalTarget, exchanges: Sequence[Exchange]
) -> None:
    """Raise `StartFailed` if the first `exchanges` with a server show that it cannot reach it.

    They do if the server answered some with 5xx and none with 2xx, and its log says why.
    """
    statuses = [each.status for each in exchanges]
    broken = any(status >= 500 for status in statuses)
    if not isinstance(target, Target) or not broken or any(200 <= s < 300 for s in statuses):
        return
    await target.flush_log()
    printed = target.printed()
    if line := unreachable_database(printed):
        raise target.unreachable_error(line, "it starts, but answers 5xx", printed)
