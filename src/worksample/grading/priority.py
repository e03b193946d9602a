"""What to mend first, and which failures belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading.fingerprint import fingerprint_of


@dataclass(frozen=True, slots=True)
class Issue:
    """Failures that one cause explains: the one to read, the others, and what waits for it.

    `blocked` holds the ids of checks that could not be asked because of these.
    """

    lead: CheckResult
    others: tuple[CheckResult, ...]
    blocked: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How many checks stand or fall with this."""
        return 1 + len(self.others) + len(self.blocked)


def issues_of(results: Sequence[CheckResult]) -> list[Issue]:
    """Return the failures of a run by cause, the one to mend first in front.

    What blocks or explains most comes first; among equals the earlier stage, because later stages
    build on it.
    """
    failed = [result for result in results if result.verdict is Verdict.FAIL]
    dependents = _blocked_by_root(results)
    by_key: dict[str, list[CheckResult]] = defaultdict(list)
    for result in failed:
        by_key[_issue_key(result)].append(result)
    issues = [_issue(members, dependents) for members in by_key.values()]
    return sorted(issues, key=lambda issue: (-_urgency(issue), issue.lead.check.stage))


def _urgency(issue: Issue) -> int:
    """Blocks count in full; failures of one cause too, so that the widest cause leads."""
    return issue.weight if issue.blocked or issue.others else 0


def _issue(members: list[CheckResult], dependents: dict[str, list[str]]) -> Issue:
    """Lead with what others wait for, then with what is told in the customer's words."""
    members.sort(key=lambda result: (-len(dependents[result.check.id]), *_readability(result)))
    blocked = tuple(name for result in members for name in dependents[result.check.id])
    return Issue(members[0], tuple(members[1:]), blocked)


def _readability(result: CheckResult) -> tuple[bool, bool, bool, int, int, str]:
    """Order findings of one cause by how well they tell it.

    The check's own question first, then plain use before odd requests, then what can be shown as
    a picture (two requests, statement by statement) before what a crowd has shown; at last by
    stage and clause.
    """
    check = result.check
    step = any(finding.step for finding in result.findings)
    drawn = any(finding.figures for finding in result.findings)
    odd = check.aspect is not Aspect.BEHAVIOUR
    return step, odd, not drawn, check.stage, len(check.clause), check.clause


def _issue_key(result: CheckResult) -> str:
    """Return what names the cause: its own word, what it looks like, or the check itself."""
    causes = {finding.cause or fingerprint_of(finding) for finding in result.findings}
    shared = causes.pop() if len(causes) == 1 else ""
    return shared or result.check.id


def root_blockers(results: Sequence[CheckResult]) -> dict[str, CheckResult]:
    """Map the id of each check that waits for another to the result that it waits for in the end.

    Blocks are followed through any number of blocks; what is blocked for a reason of its own, or
    by a check that this run did not ask, has no entry.
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
    """Map each check to all that wait for it in the end."""
    dependents: dict[str, list[str]] = defaultdict(list)
    for name, root in root_blockers(results).items():
        dependents[root.check.id].append(name)
    return dependents
