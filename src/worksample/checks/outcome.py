"""What a check raises when it does not simply pass.

Outcome
├── Unmet        an expectation is not met: the check fails
├── GivenFailed  what the check builds on failed: blocked by the check that asks about it
└── Excused      cannot be asked in this run, through no fault of the server
"""

from __future__ import annotations

from worksample.checks.model import Finding


class OutcomeException(Exception):
    """The answer to a check, unless it simply passes."""


class CheckFailed(OutcomeException):
    """One or more expectations are not met."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"expected {f.expected}, got {f.actual}" for f in findings))
        self.findings = findings


class PreconditionFailed(OutcomeException):
    """A step that the check takes for granted failed; the check `needs` is the one to ask."""

    def __init__(self, needs: str, finding: Finding) -> None:
        super().__init__(f"{needs}: expected {finding.expected}, got {finding.actual}")
        self.needs = needs
        self.finding = finding


class Skipped(OutcomeException):
    """The question makes no sense in this run; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
