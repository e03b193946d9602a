"""What to mend first, and which failures belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worksample.checks import CheckResult, Verdict


@dataclass(frozen=True, slots=True)
class Group:
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


def groups_of(results: Sequence[CheckResult]) -> list[Group]:
    """Return the failures of a run by cause, the one to mend first in front.

    What blocks or explains most comes first; among equals the earlier stage, because later stages
    build on it.
    """
    failed = [result for result in results if result.verdict is Verdict.FAIL]
    waiting = _waiting(results)
    together: dict[str, list[CheckResult]] = defaultdict(list)
    for result in failed:
        together[_cause(result)].append(result)
    groups = [_group(members, waiting) for members in together.values()]
    return sorted(groups, key=lambda group: (-_urgency(group), group.lead.check.stage))


def _urgency(group: Group) -> int:
    """Blocks count in full; failures of one cause too, so that the widest cause leads."""
    return group.weight if group.blocked or group.others else 0


def _group(members: list[CheckResult], waiting: dict[str, list[str]]) -> Group:
    members.sort(key=lambda result: (-len(waiting[result.check.id]), result.check.stage))
    blocked = tuple(name for result in members for name in waiting[result.check.id])
    return Group(members[0], tuple(members[1:]), blocked)


def _cause(result: CheckResult) -> str:
    causes = {finding.cause for finding in result.findings}
    shared = causes.pop() if len(causes) == 1 else ""
    return shared or result.check.id


def _waiting(results: Sequence[CheckResult]) -> dict[str, list[str]]:
    """Map each check to all that wait for it, through any number of blocks."""
    by_id = {result.check.id: result for result in results}
    waiting: dict[str, list[str]] = defaultdict(list)
    for result in results:
        if result.verdict is not Verdict.BLOCKED:
            continue
        seen: set[str] = set()
        root = result
        while root.verdict is Verdict.BLOCKED and root.blocked_by not in seen:
            seen.add(root.blocked_by)
            root = by_id.get(root.blocked_by, root)
        waiting[root.check.id].append(result.check.id)
    return waiting
