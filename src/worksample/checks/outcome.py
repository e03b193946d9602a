"""The exceptions by which a check ends without passing.

OutcomeException
├── CheckFailed         an expectation does not hold: verdict fail
├── PreconditionFailed  a step before the tested request failed: blocked by the check that tests it
├── Undecided           what was seen allows no verdict: undecided
└── Skipped             the check cannot run in this run, which is not the server's fault: blocked
"""

from __future__ import annotations

from worksample.checks.model import Finding


class OutcomeException(Exception):
    """Base of the exceptions that end a check."""


class CheckFailed(OutcomeException):
    """One or more expectations do not hold; each has a finding."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"expected {f.expected}, got {f.actual}" for f in findings))
        self.findings = findings


class PreconditionFailed(OutcomeException):
    """A precondition failed; `needs` is the id of the check that tests it.

    `exact` says that this check sends such a request. Otherwise it only tests the same operation,
    and another check that fails for such an answer explains the block too.
    """

    def __init__(self, needs: str, finding: Finding, *, exact: bool = True) -> None:
        super().__init__(f"{needs}: expected {finding.expected}, got {finding.actual}")
        self.needs = needs
        self.finding = finding
        self.exact = exact


class Undecided(OutcomeException):
    """What was seen or measured allows no verdict; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Skipped(OutcomeException):
    """The check cannot run in this run; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
