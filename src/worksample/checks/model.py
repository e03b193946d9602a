"""What a check is, and what comes of asking it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from worksample.checks.figures import Figure
from worksample.probes.exchange import Exchange


class Aspect(StrEnum):
    """What a check looks at."""

    BEHAVIOUR = "behaviour"
    CONTRACT = "contract"
    CONCURRENCY = "concurrency"
    PERFORMANCE = "performance"
    RESILIENCE = "resilience"
    SECURITY = "security"


class Verdict(StrEnum):
    """The answer to one check."""

    PASS = "pass"  # noqa: S105 - the word, not a password
    FAIL = "fail"
    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a check failed.

    `expected` and `actual` are one line each; `because` is what the check's author says of this
    very expectation. `exchanges` are those that show it, in order, and `culprit` is the index of
    the one that went wrong (None when no single one did). `details` are further lines (schema
    violations, rows seen). `cause` groups findings that one defect explains. `log` holds what the
    server printed meanwhile. `step` says that what failed is not the check's own question but a
    step on the way to it. `figures` show it as a picture. All text that came from the target is
    untrusted.
    """

    expected: str
    actual: str
    because: str = ""
    exchanges: tuple[Exchange, ...] = ()
    culprit: int | None = None
    details: tuple[str, ...] = ()
    hint: str = ""
    cause: str = ""
    log: str = ""
    step: bool = False
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One question with one answer.

    `clause` names the rule of the brief or the operation of the contract that is asked about,
    `why` what its breach does in production, `cites` an outside authority (OWASP, RFC), `since`
    the challenge version from which this meaning stands. `alone` checks disturb the target or
    measure it: they run one by one, after all others. A `lab` check is asked of a copy of the
    server behind the wire, which it has for itself while it is asked. `function` takes the
    challenge's world and returns nothing, or raises `CheckFailed`; a watch has a `passive_check` factory instead
    and judges every exchange of the run as it passes.
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
    lab: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check.

    `blocked_by` is the id of the check that has to pass first, or empty when `reason` alone says
    why it could not be asked. `excused` blocks do not count against the submission: the way of
    running (a `--url`) made the question impossible, not the server.
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
