"""Which run of each check counts so far, and when its result is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worksample.checks.check_run import CheckRun
from worksample.checks.health import STAYS_UP
from worksample.checks.listener import CheckListener
from worksample.checks.model import Check, CheckResult, Verdict
from worksample.checks.operations import may_be_missing


class KeptRuns:
    """The run of each check that counts so far; reports its result to `listener`.

    `by_id` holds these runs by the id of their check.
    """

    def __init__(self, listener: CheckListener) -> None:
        self._listener = listener
        self.by_id: dict[str, CheckRun] = {}
        self._unreported: dict[str, CheckRun] = {}

    def keep(self, run: CheckRun) -> None:
        """Keep `run` in place of an earlier one of its check, and report its result."""
        self.by_id[run.result.check.id] = run
        self._unreported.pop(run.result.check.id, None)
        self._listener.check_finished(run.result)

    def keep_for_now(self, run: CheckRun) -> None:
        """Keep a run that others ran beside; a failure that may not last is reported later."""
        check = run.result.check
        if _is_uncertain(run) or may_be_missing(run.result):
            self.by_id[check.id] = self._unreported[check.id] = run
            self._listener.check_postponed(check)
        else:
            self.keep(run)

    def block_for_outage(self, checks: Iterable[Check]) -> None:
        """Block these checks, which cannot run because the target went down for good."""
        for check in checks:
            self.keep(CheckRun(CheckResult(check, Verdict.BLOCKED, blocked_by=STAYS_UP.id)))

    def report_rest(self, settled: Mapping[str, CheckResult], *, time_is_up: bool) -> None:
        """Report the results that were not, as they stand now.

        If there was no time to run a check again that was slow, cut off or postponed, it has no
        result. `settled` holds all results by the id of their check.
        """
        for name, run in self._unreported.items():
            if time_is_up and _is_uncertain(run):
                del self.by_id[name]
                continue
            failed = run.result.verdict is Verdict.FAIL
            self._listener.check_finished(settled[name] if failed else run.result)
        self._unreported.clear()

    def passed(self, check_id: str) -> bool:
        """Whether this check passed."""
        run = self.by_id.get(check_id)
        return run is not None and run.result.verdict is Verdict.PASS


def _is_uncertain(run: CheckRun) -> bool:
    """Whether the check may end otherwise when it runs alone."""
    return run.timed_out or run.cut_off or run.is_postponed
