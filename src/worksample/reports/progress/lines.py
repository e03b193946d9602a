"""Progress as plain lines, for pipes and logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from worksample.checks import Check, CheckResult, Verdict
from worksample.checks.formatting import printable
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.reports.progress.counts import Counts, summary_line
from worksample.reports.support.formatting import duration, pluralize, step_label, truncate

_COUNT_INTERVAL = 60.0


class Lines:
    """Writes a line for every step and every failure, and a count every minute.

    A long build is told every minute too, by the last line that it printed.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._counts = Counts()
        self._last_counted = 0.0

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.flush()

    def step(self, name: str, detail: str = "") -> None:
        """Write the step that begins."""
        self._write(f"{step_label(name)} {detail}".rstrip())

    def line(self, text: str) -> None:
        """Write what a build prints, once a minute; the report shows the output of a failed one."""
        if text.strip() and self._counts.elapsed - self._last_counted >= _COUNT_INTERVAL:
            self._last_counted = self._counts.elapsed
            self._write(f"  {truncate(text.strip(), 160)}")

    def note(self, sentence: str) -> None:
        """Write a note of the report."""
        self._write(f"  {truncate(sentence, 200)}")

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Write how the stack of the folder was detected."""
        for sentence in sentences:
            self.note(sentence)

    def planned(self, checks: Sequence[Check]) -> None:
        """Write the number of checks."""
        self._counts.planned(checks)
        labs = sum(check.lab for check in checks)
        template = "  {checks} to run, {labs} of them on copies of the server"
        number = pluralize(len(checks), "check")
        if labs:
            self._write(message(template, checks=number, labs=labs))
        else:
            self._write(message("  {checks} to run", checks=number))

    def check_started(self, check: Check) -> None:
        """Do nothing: one line per check would be too many."""

    def check_finished(self, result: CheckResult) -> None:
        """Write a failure at once, and a count every minute."""
        counts = self._counts
        counts.check_finished(result)
        if result.verdict in (Verdict.FAIL, Verdict.ERROR):
            self._write(f"  {result.verdict}: {summary_line(result)}")
        if counts.elapsed - self._last_counted >= _COUNT_INTERVAL:
            self._last_counted = counts.elapsed
            self._write(
                message(
                    "  {count} of {total} done, {failed} failed",
                    count=len(counts.results),
                    total=counts.total,
                    failed=counts.failed,
                )
            )

    def check_postponed(self, check: Check) -> None:
        """Do nothing: the check may pass when it is asked again."""

    def request_finished(self, exchange: Exchange) -> None:
        """Do nothing."""

    def _write(self, text: str) -> None:
        self._file.write(f"{duration(self._counts.elapsed):>7}  {printable(text)}\n")
        self._file.flush()
