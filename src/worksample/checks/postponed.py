"""Run the checks that wait because a request of theirs was not sent."""

from __future__ import annotations

import itertools

from worksample.checks.check_run import CheckRun
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.repeats import Repeats
from worksample.checks.silences import Silences
from worksample.checks.target_runner import TargetRunner

# Checks that waited because the server seemed to be overloaded run so many at a time. Their values
# differ from those of earlier attempts, which are 0 to 2.
_FEW = 4
_FIRST_ATTEMPT = 3


async def run_postponed(
    runner: TargetRunner, kept: KeptRuns, silences: Silences, repeats: Repeats
) -> None:
    """Run the checks for which a request was not sent, or block them.

    One of them runs alone, until it is known whether its request gets an answer then. If so, the
    others run beside each other again, but fewer at a time.
    """
    attempts = itertools.count(_FIRST_ATTEMPT)
    while waiting := [run for run in kept.by_id.values() if run.is_postponed]:
        if runner.time_is_up:
            return
        waiting = [run for run in waiting if not repeats.block_for_silence(run)]
        unclear = [run for run in waiting if _is_suspected(run, silences)]
        for run in unclear[:1]:
            await repeats.run_when_quiet(run.result.check, next(attempts))
        clear = [run.result.check for run in waiting if run not in unclear]
        await runner.run_beside_others(clear, next(attempts), _FEW)
        await repeats.run_slow_and_cut_off()


def _is_suspected(run: CheckRun, silences: Silences) -> bool:
    return run.not_sent is not None and silences.is_suspected(run.not_sent)
