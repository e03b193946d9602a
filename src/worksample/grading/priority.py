"""Group failed checks into issues, and order the issues by what to fix first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading.fingerprint import fingerprint_of
from worksample.grading.harm import Harm, harm_of


@dataclass(frozen=True, slots=True)
class Issue:
    """Failed checks with one cause: the one to read first, the others, and what they block.

    `blocked` holds the ids of the checks that could not run because of these failures.
    """

    lead: CheckResult
    others: tuple[CheckResult, ...]
    blocked: tuple[str, ...]

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """The failed checks."""
        return self.lead, *self.others

    @property
    def weight(self) -> int:
        """How many checks the issue affects."""
        return 1 + len(self.others) + len(self.blocked)

    @property
    def stage(self) -> int:
        """The lowest stage that the issue keeps open."""
        return min(result.check.stage for result in self.results)

    @property
    def harm(self) -> Harm:
        """The worst that the failed checks show; ordinary use fails where others are blocked."""
        worst = min(harm_of(result) for result in self.results)
        return Harm.EVERYBODY if worst is Harm.LIMITED and self.blocked else worst


def issues_of(results: Sequence[CheckResult]) -> list[Issue]:
    """Return the issues of a run, the one to fix first in front.

    The lowest stage comes first, because later stages build on it; within a stage the greatest
    harm, so that a status code or an extra field never leads while something else fails; among
    equals the issue that affects most checks.
    """
    failed = [result for result in results if result.verdict is Verdict.FAIL]
    dependents = _blocked_by_root(results)
    by_key: dict[str, list[CheckResult]] = defaultdict(list)
    for result in failed:
        by_key[_issue_key(result)].append(result)
    issues = [_issue(members, dependents) for members in by_key.values()]
    return sorted(issues, key=lambda issue: (issue.stage, issue.harm, -issue.weight))


def _issue(members: list[CheckResult], dependents: dict[str, list[str]]) -> Issue:
    """Return the issue of `members`, led by the one that blocks most, then the most readable."""
    members.sort(key=lambda result: (-len(dependents[result.check.id]), *_readability(result)))
    blocked = tuple(name for result in members for name in dependents[result.check.id])
    return Issue(members[0], tuple(members[1:]), blocked)


def _readability(result: CheckResult) -> tuple[bool, bool, bool, int, int, str]:
    """Return a sort key: the failure that explains the cause best comes first.

    A failed assertion comes before a failed preparation step, ordinary use (behaviour) before
    unusual requests, a finding with a figure before one without; then by stage and clause.
    """
    check = result.check
    step = any(finding.step for finding in result.findings)
    illustrated = any(finding.figures for finding in result.findings)
    odd = check.aspect is not Aspect.BEHAVIOUR
    return step, odd, not illustrated, check.stage, len(check.clause), check.clause


def _issue_key(result: CheckResult) -> str:
    """Return the cause or fingerprint that all findings of `result` share, or its check's id."""
    causes = {finding.cause or fingerprint_of(finding) for finding in result.findings}
    shared = causes.pop() if len(causes) == 1 else ""
    return shared or result.check.id


def root_blockers(results: Sequence[CheckResult]) -> dict[str, CheckResult]:
    """Map the id of each blocked check to the result that blocks it in the end.

    A check blocked by a blocked check is mapped to the root of the chain. A check that is blocked
    for a reason of its own, or by a check that was not selected, has no entry.
    """
    by_id = {result.check.id: result for result in results}
    roots: dict[str, CheckResult] = {}
    for result in results:
        root, seen = result, {result.check.id}
        while root.verdict is Verdict.BLOCKED and root.blocked_by in by_id:
            root = by_id[root.blocked_by]
            if root.check.id in seen:
                break
            seen.add(root.check.id)
        if root is not result:
            roots[result.check.id] = root
    return roots


def _blocked_by_root(results: Sequence[CheckResult]) -> dict[str, list[str]]:
    """Map the id of each root blocker to the ids of the checks that it blocks."""
    dependents: dict[str, list[str]] = defaultdict(list)
    for name, root in root_blockers(results).items():
        dependents[root.check.id].append(name)
    return dependents
