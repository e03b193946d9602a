"""Group the findings of a run into issues, and order the issues by what to fix first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worksample.checks import Aspect, CheckResult, Verdict
from worksample.checks.request_kinds import pattern_of
from worksample.grading.grouping import Failure, failures_of, grouped
from worksample.grading.harm import Harm, harm_of
from worksample.grading.symptoms import NoAnswer, ServerError, WrongValue
from worksample.messages import plural
from worksample.probes.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Issue:
    """One cause: the failure to read first, its further consequences, and what they block.

    `blocked` holds the ids of the checks that could not run because of these failures.
    """

    lead: Failure
    others: tuple[Failure, ...]
    blocked: tuple[str, ...]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures, the one to read first in front."""
        return self.lead, *self.others

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the failed checks."""
        return tuple(dict.fromkeys(each.check.id for each in self.failures))

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that show it, like `PUT /api/articles/*`; that of the lead in front."""
        shown = (each.culprit for each in self.failures)
        return tuple(dict.fromkeys(_operation(each) for each in shown if each is not None))

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        first, *others = self.operations or _operations_of(self.lead)
        title = self.lead.symptom.title(first) if first else ""
        if not title or _is_told_best_by_its_check(self.lead):
            return self.lead.check.title
        if not others:
            return title
        one = "{title} (and 1 more operation)"
        return plural(len(others), one, "{title} (and {count} more operations)", title=title)

    @property
    def weight(self) -> int:
        """How many checks the issue affects."""
        return len(self.checks) + len(self.blocked)

    @property
    def stage(self) -> int:
        """The lowest stage that the issue keeps open."""
        return min(each.check.stage for each in self.failures)

    @property
    def harm(self) -> Harm:
        """The worst that the failures show; ordinary use fails where others are blocked."""
        worst = min(harm_of(each.check, each.finding) for each in self.failures)
        return Harm.EVERYBODY if worst is Harm.LIMITED and self.blocked else worst


def _operations_of(lead: Failure) -> tuple[str, ...]:
    """Return the operation of the last request, for a finding that does not say which is wrong."""
    return tuple(_operation(each) for each in lead.finding.exchanges[-1:]) or ("",)


def _is_told_best_by_its_check(lead: Failure) -> bool:
    """Return whether only the check names the circumstances: a crowd, a kill, an outage."""
    if lead.finding.step or lead.finding.inputs:
        return False
    if isinstance(lead.symptom, ServerError):
        return lead.check.aspect is Aspect.RESILIENCE
    plain = lead.check.aspect in (Aspect.BEHAVIOUR, Aspect.CONTRACT)
    return isinstance(lead.symptom, WrongValue | NoAnswer) and not plain


def issues_of(results: Sequence[CheckResult]) -> list[Issue]:
    """Return the issues of a run, the one to fix first in front.

    The lowest stage comes first, because later stages build on it; within a stage the greatest
    harm, so that a status code or an extra field never leads while something else fails; among
    equals the issue that affects most checks.
    """
    dependents = _blocked_by_root(results)
    told: set[str] = set()
    issues = [_issue(members, dependents, told) for members in grouped(failures_of(results))]
    return sorted(issues, key=lambda issue: (issue.stage, issue.harm, -issue.weight))


def _issue(
    members: list[Failure], dependents: Mapping[str, Sequence[str]], told: set[str]
) -> Issue:
    """Return the issue of `members`, led by the one that blocks most, then the most readable.

    Among equals one of the stage to which most of them belong leads: it builds what fails.
    `told` holds the checks whose dependents an issue has: a check may fail for several causes.
    """
    stages = Counter(each.check.stage for each in members)
    members.sort(
        key=lambda each: (
            -len(dependents.get(each.check.id, ())),
            *_readability(each),
            -stages[each.check.stage],
            *_position(each),
        )
    )
    checks = [name for name in dict.fromkeys(each.check.id for each in members) if name not in told]
    told.update(checks)
    blocked = tuple(name for check in checks for name in dependents.get(check, ()))
    return Issue(members[0], tuple(members[1:]), blocked)


def _readability(failure: Failure) -> tuple[bool, bool, bool]:
    """Return a sort key: the failure that explains the cause best comes first.

    One's own request comes before that of another check, a failed assertion before a failed
    preparation step, ordinary use (behaviour) before unusual requests.
    """
    odd = failure.check.aspect is not Aspect.BEHAVIOUR
    return failure.finding.observed, failure.finding.step, odd


def _position(failure: Failure) -> tuple[bool, int, int, str]:
    """Return a sort key: a finding with a figure comes first, then by stage and clause."""
    check = failure.check
    return not failure.finding.figures, check.stage, len(check.clause), check.clause


def _operation(exchange: Exchange) -> str:
    method, _, path = pattern_of(exchange.request).partition(" ")
    return f"{method} /{path}"


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
