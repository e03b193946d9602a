"""Find the errors behind 5xx by asking again, alone, after the checks that run concurrently."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from worksample.checks.check_run import CheckRun
from worksample.checks.check_runner import with_error
from worksample.checks.context import CheckContext
from worksample.checks.error_log import LoggedError
from worksample.checks.model import Finding
from worksample.checks.working_requests import failed_exchange
from worksample.probes.exchange import Exchange

#: How long it may take altogether, in seconds.
_PATIENCE = 15.0


async def find_errors(context: CheckContext, runs: Mapping[str, CheckRun]) -> dict[str, CheckRun]:
    """Return the runs with the errors of their findings, where these can be told.

    Nothing else may run meanwhile. The requests are sent on the client of `context`, but count
    for nothing else: no check, no statistics.
    """
    asked = _Asking(context)
    before, context.client.on_exchange = context.client.on_exchange, None
    ordinary_first = sorted(runs, key=lambda name: len(runs[name].result.findings))
    try:
        found = {name: await asked.again(runs[name]) for name in ordinary_first}
        return {name: found[name] for name in runs}
    finally:
        context.client.on_exchange = before


class _Asking:
    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._until = time.monotonic() + _PATIENCE
        self._known: dict[float, LoggedError | None] = {}

    async def again(self, run: CheckRun) -> CheckRun:
        found = [await self._with_error(each) for each in run.result.findings]
        needed = run.precondition and await self._with_error(run.precondition)
        result = replace(run.result, findings=tuple(found))
        return replace(run, result=result, precondition=needed)

    async def _with_error(self, finding: Finding) -> Finding:
        exchange = failed_exchange(finding)
        if exchange is None or finding.error or time.monotonic() > self._until:
            return finding
        return with_error(finding, await self._error_of(exchange))

    async def _error_of(self, exchange: Exchange) -> LoggedError | None:
        if exchange.started not in self._known:
            errors, client = self._context.errors, self._context.client
            self._known[exchange.started] = await errors.error_again(exchange, client)
        return self._known[exchange.started]
