"""Run checks again, alone, whose failure may have been caused by what ran beside them."""

from __future__ import annotations

from dataclasses import replace

from worksample.checks.check_run import CheckRun
from worksample.checks.health import Health
from worksample.checks.kept_runs import KeptRuns
from worksample.checks.model import Check, Finding, Verdict
from worksample.checks.silences import Silences
from worksample.checks.target_runner import TargetRunner

_MAX_FUTILE_REPEATS = 4


class Repeats:
    """Runs checks again, alone; blocks those that need a request which is known to hang."""

    def __init__(
        self, runner: TargetRunner, kept: KeptRuns, silences: Silences, health: Health
    ) -> None:
        self._runner, self._kept = runner, kept
        self._silences, self._health = silences, health

    async def run_slow_and_cut_off(self) -> None:
        """Run checks again, alone, that timed out or lost their connection.

        The load of the other checks, or a request of theirs, may have been the cause. If a
        connection broke and no check can repeat that, `STAYS_UP` fails for it.
        """
        runs = [r for name, r in self._kept.by_id.items() if name not in self._runner.ran_alone]
        slow = sorted((run for run in runs if run.timed_out), key=_is_blocked)
        cut_off = [run for run in runs if run.cut_off and not run.timed_out]
        await self._run_all(cut_off)
        await self._run_all(slow)
        repaired = [run for run in cut_off if self._kept.passed(run.result.check.id)]
        if repaired and not any(run.cut_off for run in self._kept.by_id.values()):
            self._health.dropped = [_dropped(run.findings[0]) for run in repaired]

    async def run_when_quiet(self, check: Check, attempt: int) -> CheckRun:
        """Run `check` alone, once the server has finished its work; return the run that counts.

        If it has no answer to a request, that is noted.
        """
        await self._runner.wait_until_quiet()
        await self._runner.run_alone(check, attempt)
        run = self._kept.by_id[check.id]
        if run.unanswered is not None:
            cause = self._kept.by_id.get(run.result.blocked_by, run)
            failed = cause if cause.result.verdict is Verdict.FAIL else run
            self._silences.record_alone(run.unanswered, failed.result.check.id)
        return run

    def block_for_silence(self, run: CheckRun) -> bool:
        """Block a run for a request that is proven to get no answer; return whether it is so."""
        request = run.not_sent or run.unanswered
        cause = self._silences.cause(request) if request else ""
        if cause:
            self._kept.keep(run.blocked_for(cause))
        return bool(cause)

    async def _run_all(self, runs: list[CheckRun]) -> None:
        """Run these checks again, alone, but those that a known cause explains.

        After `_MAX_FUTILE_REPEATS` in a row that fail in the same way, the server itself is slow
        or broken, and the first results of the remaining checks stand.
        """
        futile = 0
        for run in runs:
            if self.block_for_silence(run):
                continue
            if futile == _MAX_FUTILE_REPEATS or self._runner.time_is_up:
                return
            repeated = await self.run_when_quiet(run.result.check, attempt=2)
            futile = futile + 1 if repeated.timed_out or repeated.cut_off else 0


def _is_blocked(run: CheckRun) -> bool:
    return run.result.verdict is Verdict.BLOCKED


def _dropped(finding: Finding) -> Finding:
    return replace(finding, expected="a response to every request, also under concurrent requests")
