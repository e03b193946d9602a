"""The data model of checks: `Check`, `CheckResult` and `Finding`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from worksample.checks.figures import Figure
from worksample.probes.exchange import Exchange

#: The difference of a request whose token no other request was answered for.
BAD_TOKEN = "with a bad token"  # noqa: S105 - words


class Aspect(StrEnum):
    """The property of a server that a check tests."""

    BEHAVIOUR = "behaviour"
    CONTRACT = "contract"
    CONCURRENCY = "concurrency"
    PERFORMANCE = "performance"
    RESILIENCE = "resilience"
    SECURITY = "security"


class Verdict(StrEnum):
    """The verdict of one check.

    BLOCKED: a check that it needs did not pass. UNDECIDED: the measurement was inconclusive.
    ERROR: Worksample or the check itself failed; this never counts against the submission.
    """

    PASS = "pass"  # noqa: S105 - the word, not a password
    FAIL = "fail"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a check failed.

    expected, actual: one line each.
    because: why the author of the check expects this.
    exchanges: the exchanges that show the failure, in order.
    culprit: index of the exchange that went wrong; None if no single one did.
    details: further lines, such as schema violations or table rows.
    hint: the usual fix.
    cause: findings with the same cause are grouped; one defect explains them.
    clause: the rule of the brief that is broken; empty for the one that the check tests.
    log: what the server printed during the check.
    error: the exception that the server logged for the request that failed, with its place in the
        code ("app.py:27: KeyError: 'x'"); empty if that cannot be told.
    difference: how the request that failed differs from those that work ("without `password`").
    inputs: the kinds of hostile input that failed in the same way at one operation.
    step: a step before the tested request failed, not the tested request itself.
    observed: it shows a request of another check, which may have told it as well.
    figures: diagrams of the failure.
    omitted_exchanges: how many exchanges were left out to keep a report small. If there are any,
        only the culprit is left, and its request may be cut: it cannot be sent again.

    All text that comes from the target is untrusted.
    """

    expected: str
    actual: str
    because: str = ""
    exchanges: tuple[Exchange, ...] = ()
    culprit: int | None = None
    details: tuple[str, ...] = ()
    hint: str = ""
    cause: str = ""
    clause: str = ""
    log: str = ""
    error: str = ""
    difference: str = ""
    inputs: tuple[str, ...] = ()
    step: bool = False
    observed: bool = False
    figures: tuple[Figure, ...] = ()
    omitted_exchanges: int = 0


def culprit_of(finding: Finding) -> Exchange | None:
    """Return the exchange that went wrong, if it is a single one."""
    if finding.culprit is None or not 0 <= finding.culprit < len(finding.exchanges):
        return None
    return finding.exchanges[finding.culprit]


@dataclass(frozen=True, slots=True)
class Check:
    """One question about the server, with one answer.

    clause: the rule of the brief, or the operation of the contract, that is tested.
    rules: pairs of a name and a further rule that a part of the check tests (see `rule`).
    why: what a violation causes in production.
    cites: an outside authority (OWASP, an RFC).
    since: the version of the challenge since which the check has this meaning.
    alone: the check disturbs or measures the target, so it runs one by one, after all others.
    hostile: the check sends hostile requests, of which a weak server may store something that
        disturbs others, so it runs when the others beside which it would run have ended.
    lab: the check runs in a copy of the server behind the wire, which no other check uses then.
    repeated_alone: a `lab` check that other load can only fail, never pass: it runs beside others,
        and again alone if it does not pass.
    function: takes the challenge's world; returns normally if the check passes, otherwise raises
        an `OutcomeException`. None for a passive check.
    passive_check: the `PassiveCheck` subclass of a passive check, which inspects all exchanges.
    operations: ids of the operations of the contract that the check tests, if it says so.
    suite: the name of the suite that declares it; empty if the challenge does.
    source: file and line of the declaration.
    """

    id: str
    title: str
    aspect: Aspect
    stage: int
    clause: str
    why: str
    function: Callable[[Any], Awaitable[None]] | None = None
    passive_check: Callable[[Any], Any] | None = None
    skills: tuple[str, ...] = ()
    cites: str = ""
    hint: str = ""
    since: str = "1.0"
    alone: bool = False
    hostile: bool = False
    lab: bool = False
    repeated_alone: bool = False
    operations: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    suite: str = ""
    source: str = ""

    @property
    def clauses(self) -> tuple[str, ...]:
        """All rules of the brief that the check tests, its own first."""
        return (self.clause, *(clause for _, clause in self.rules))


@dataclass(frozen=True, slots=True)
class InvalidCheck:
    """A mistake in a declaration of checks; `source` is its file and line."""

    source: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check in one run.

    blocked_by: id of the check that must pass first; empty if `reason` alone explains the block.
    excused: the block does not count against the submission, because the kind of run (`--url`)
        made the check impossible, not the server.
    seconds, requests: duration of the check and number of requests that it sent.
    notes: how the check was judged.
    remarks: what breaks only rules that the run's profile leaves out; it fails no check.
    """

    check: Check
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    blocked_by: str = ""
    reason: str = ""
    excused: bool = False
    seconds: float = 0.0
    requests: int = 0
    notes: tuple[str, ...] = field(default=())
    remarks: tuple[Finding, ...] = ()
