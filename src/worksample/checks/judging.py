"""Judge the findings of a check by the run's profile: those that fail it, and mere remarks.

A finding is a remark if the profile leaves its rule out. The check goes on after a remark, so that
one hides nothing; where it cannot go on, what it has tested so far decides.

    with rule("titles") as titles:
        expect(answer).created(because="two articles may have one title")
    if titles.broken:
        return

`rule` takes a name that the check gives to a further rule of the brief (`rules={"titles": "R9"}`).
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from worksample.checks.model import Check, Finding, culprit_of
from worksample.checks.outcome import CheckFailed, PreconditionFailed
from worksample.checks.profile import Profile

_MAX_REMARKS = 3
_TOO_MANY_REQUESTS = 429


class Judging:
    """One execution of a check under a profile; as a context, it is the one that `fail` asks.

    `remarks` holds the first remarks, each once; `remarked` counts all.
    """

    def __init__(self, check: Check, profile: Profile) -> None:
        self.check = check
        self._left_out = profile.remarks
        self.remarks: list[Finding] = []
        self.remarked = 0
        self._token: contextvars.Token[Judging | None] | None = None

    @property
    def only_remarks(self) -> bool:
        """Whether the check's own rule is left out, and was found broken."""
        return self.check.clause in self._left_out and bool(self.remarks)

    def keep(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Keep those of `findings` that are remarks; return the others."""
        counted = []
        for finding in findings:
            if is_remark(finding, self.check, self._left_out):
                self._remember(finding)
            else:
                counted.append(finding)
        return tuple(counted)

    def _remember(self, finding: Finding) -> None:
        self.remarked += 1
        known = {(each.clause, each.expected) for each in self.remarks}
        if (finding.clause, finding.expected) not in known and len(self.remarks) < _MAX_REMARKS:
            self.remarks.append(finding)

    def __enter__(self) -> Self:
        self._token = _CURRENT.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _CURRENT.reset(self._token)


_CURRENT: contextvars.ContextVar[Judging | None] = contextvars.ContextVar("judging", default=None)
_IN_RULE: contextvars.ContextVar[bool] = contextvars.ContextVar("in_rule", default=False)


class rule:  # noqa: N801 - reads like a keyword in checks
    """A block of a check that tests the rule that the check calls `name`, not its own.

    A failure in the block is of that rule. If it is only a remark, the block ends there, and
    `broken` is true; the check goes on after the block. A check that does not know `name` tests
    its own rule there.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.broken = False
        self._token: contextvars.Token[bool] | None = None

    def __enter__(self) -> Self:
        self._token = _IN_RULE.set(True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if self._token is not None:
            _IN_RULE.reset(self._token)
        judging = _CURRENT.get()
        if judging is None or not isinstance(error, CheckFailed | PreconditionFailed):
            return False
        clause = clause_called(self._name)
        failed = error.findings if isinstance(error, CheckFailed) else (error.finding,)
        counted = judging.keep(replace(each, clause=each.clause or clause) for each in failed)
        self.broken = True
        if counted and isinstance(error, PreconditionFailed):
            raise PreconditionFailed(error.needs, counted[0]) from error
        if counted:
            raise CheckFailed(*counted) from error
        return True


def clause_called(name: str) -> str:
    """Return the rule that the current check calls `name`; empty if that is its own."""
    judging = _CURRENT.get()
    return dict(judging.check.rules).get(name, "") if judging else ""


def remarks_so_far() -> int:
    """Return how often the current check has made a remark, repeated ones included."""
    judging = _CURRENT.get()
    return judging.remarked if judging else 0


def fail(failure: CheckFailed) -> None:
    """Raise `failure`, unless all that it says is a remark: then the check goes on."""
    judging = _CURRENT.get()
    if judging is None or _IN_RULE.get():
        raise failure
    counted = judging.keep(failure.findings)
    if counted:
        raise CheckFailed(*counted)


def unjudged_context() -> contextvars.Context:
    """Return a copy of this context for what several checks share: every failure counts there."""
    context = contextvars.copy_context()
    context.run(_CURRENT.set, None)
    context.run(_IN_RULE.set, False)
    return context


def is_remark(finding: Finding, check: Check, left_out: frozenset[str]) -> bool:
    """Return whether `finding` is of a rule that is left out.

    A server that fails (5xx), does not answer, or limits the rate of requests is no remark.
    """
    if (finding.clause or check.clause) not in left_out:
        return False
    culprit = culprit_of(finding)
    if culprit is None:
        return True
    return culprit.response is not None and (
        culprit.status < 500 and culprit.status != _TOO_MANY_REQUESTS
    )
