"""Progress as plain lines, for pipes and logs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TextIO

from worksample.checks import Check, CheckResult, Verdict
from worksample.checks.words import printable
from worksample.probes.exchange import Exchange
from worksample.reports.support.words import count, cut, took

_COUNT_EVERY = 5.0


class Lines:
    """Writes a line for every step, every failure as it comes, and now and then a count."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._began = time.monotonic()
        self._said = self._began
        self._planned = 0
        self._answered = 0
        self._failed = 0

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.flush()

    def step(self, name: str, detail: str = "") -> None:
        """Say that a part of the run begins."""
        self._say(f"{name} {detail}".rstrip())

    def line(self, text: str) -> None:
        """Do nothing: what a build prints is shown when it fails."""

    def note(self, sentence: str) -> None:
        """Say what was decided or found out."""
        self._say(f"  {cut(sentence, 200)}")

    def planned(self, checks: Sequence[Check]) -> None:
        """Say how many checks are going to be asked."""
        self._planned = len(checks)
        self._say(f"  {count(len(checks), 'check')} to ask")

    def asking(self, check: Check) -> None:
        """Do nothing: a line for every check says too much."""

    def answered(self, result: CheckResult) -> None:
        """Say a failure at once, and a count now and then."""
        self._answered += 1
        if result.verdict in (Verdict.FAIL, Verdict.ERROR):
            self._failed += result.verdict is Verdict.FAIL
            self._say(f"  {result.verdict}: {in_one_line(result)}")
        elif time.monotonic() - self._said >= _COUNT_EVERY:
            self._say(f"  {self._answered} of {self._planned} asked, {self._failed} failed")

    def exchanged(self, exchange: Exchange) -> None:
        """Do nothing."""

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        elapsed = took(self._said - self._began)
        self._file.write(f"{elapsed:>7}  {printable(text)}\n")
        self._file.flush()


def in_one_line(result: CheckResult) -> str:
    """Return what a result that did not pass says, in one line."""
    title = result.check.title
    if not result.findings:
        return f"{title}: {cut(result.reason, 160)}"
    finding = result.findings[0]
    return f"{title}: expected {cut(finding.expected, 90)}, got {cut(finding.actual, 120)}"
