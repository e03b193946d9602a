"""Who is told of the progress of a run."""

from __future__ import annotations

from typing import Protocol

from worksample.checks.model import Check, CheckResult
from worksample.probes.exchange import Exchange


class CheckListener(Protocol):
    """Receives the progress of a run."""

    def check_started(self, check: Check) -> None:
        """`check` begins."""

    def check_finished(self, result: CheckResult) -> None:
        """A check has ended; a check that is blocked may still become a failure in the end."""

    def check_postponed(self, check: Check) -> None:
        """A check has ended, but may be asked again or be explained by another: wait for it."""

    def request_finished(self, exchange: Exchange) -> None:
        """A request has been answered or has failed."""


class NullListener:
    """A `CheckListener` that does nothing."""

    def check_started(self, check: Check) -> None:
        """Do nothing."""

    def check_finished(self, result: CheckResult) -> None:
        """Do nothing."""

    def check_postponed(self, check: Check) -> None:
        """Do nothing."""

    def request_finished(self, exchange: Exchange) -> None:
        """Do nothing."""
