"""Show that a server has defects, by the checks that fail on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from worksample.catalogue import Challenge
from worksample.checks import Check, CheckResult, Verdict
from worksample.grading.progress import Progress
from worksample.grading.run import Run
from worksample.grading.run_request import RunRequest


async def failing_checks(
    request: RunRequest, progress: Progress, defects: Sequence[Iterable[str]]
) -> list[list[CheckResult]]:
    """Return, for each of `defects`, the results of the checks that were run to show it.

    A defect is given as the ids of the checks that find it. They are run on the server of
    `request`, which is started once, the cheapest first, until one of them fails: only the last
    result of a defect can be a failure. Raises `SubmissionError`, `UserError` or `InternalError`
    if the server cannot be built or started.
    """
    left = [_cheapest_first(request.challenge, each) for each in defects]
    results: list[list[CheckResult]] = [[] for _ in defects]
    run = Run(request, progress)
    async with run.server() as server:
        while asked := _next_checks(left, results):
            checks = {check.id: check for check in asked.values()}
            found = {each.check.id: each for each in await run.ask(server, list(checks.values()))}
            for number, check in asked.items():
                results[number].append(found[check.id])
    return results


def _next_checks(
    left: Sequence[list[Check]], results: Sequence[Sequence[CheckResult]]
) -> dict[int, Check]:
    """Take the next check of each defect that no check has shown so far; return it by number."""
    return {
        number: checks.pop(0)
        for number, checks in enumerate(left)
        if checks and not (results[number] and results[number][-1].verdict is Verdict.FAIL)
    }


def _cheapest_first(challenge: Challenge, names: Iterable[str]) -> list[Check]:
    """Return the checks called `names`; passive ones, which need requests of others, come last."""
    wanted, costs = set(names), challenge.costs

    def cost(check: Check) -> tuple[bool, float]:
        known = costs.get(check.id)
        return check.function is None, known.seconds if known else math.inf

    return sorted((check for check in challenge.checks if check.id in wanted), key=cost)
