"""The state of a run in progress."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from worksample.checks import Check, CheckResult, Verdict
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.reports.support.formatting import step_label, truncate


@dataclass(slots=True)
class Counts:
    """A `Progress` that records the step, the results and the running checks.

    A check that runs again (after a restart) counts once, by its last verdict. The properties may
    be read by another thread.
    """

    began: float = field(default_factory=time.monotonic)
    name: str = ""
    detail: str = ""
    last_line: str = ""
    total: int = 0
    requests: int = 0
    running: dict[str, tuple[Check, float]] = field(default_factory=dict)
    results: dict[str, CheckResult] = field(default_factory=dict)

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the run."""
        return time.monotonic() - self.began

    @property
    def running_checks(self) -> list[tuple[str, float]]:
        """The titles of the running checks to show, with their elapsed seconds.

        All checks in labs, which are few and slow; if there are none, only the latest check.
        """
        running = tuple(self.running.values())
        elapsed_by_check = [(check, self.elapsed - since) for check, since in running]
        shown = [each for each in elapsed_by_check if each[0].lab] or elapsed_by_check[-1:]
        return [(check.title, seconds) for check, seconds in shown]

    @property
    def failed(self) -> int:
        """How many checks have failed."""
        return sum(result.verdict is Verdict.FAIL for result in tuple(self.results.values()))

    def step(self, name: str, detail: str = "") -> None:
        """Record the step that begins."""
        self.name, self.detail, self.last_line = step_label(name), detail, ""

    def line(self, text: str) -> None:
        """Record the last line that a build printed."""
        if text.strip():
            self.last_line = text

    def note(self, sentence: str) -> None:
        """Do nothing: the report contains it."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Do nothing: the report contains it."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Record the number of checks."""
        self.total = len(checks)

    def check_started(self, check: Check) -> None:
        """Record that `check` runs."""
        self.running[check.id] = check, self.elapsed

    def check_finished(self, result: CheckResult) -> None:
        """Record the result of a check."""
        self.running.pop(result.check.id, None)
        self.results[result.check.id] = result

    def check_postponed(self, check: Check) -> None:
        """Record that `check` runs no longer; its result comes later."""
        self.running.pop(check.id, None)

    def request_finished(self, exchange: Exchange) -> None:
        """Count a request."""
        self.requests += 1


def summary_line(result: CheckResult) -> str:
    """Return the title and the reason of a result that did not pass, in one line."""
    title = result.check.title
    if not result.findings:
        return f"{title}: {truncate(result.reason, 160)}"
    finding = result.findings[0]
    return message(
        "{title}: expected {expected}, got {actual}",
        title=title,
        expected=truncate(finding.expected, 90),
        actual=truncate(finding.actual, 120),
    )
