"""Which planted causes a report tells, which it misses, and which it invents.

The rule. An issue of the report (what `worksample check` prints as one cause) is known by the
finding that leads it. It can stand for a cause if all of this holds:

- the check of that finding is in the cause's `found_by`;
- the finding shows one of the cause's operations: its culprit is such a request, or, in a
  finding without a culprit (a race, a kill), one of its exchanges is;
- if the cause has a `status`, that exchange has it;
- if the cause says what it `shows`, that text occurs in the same finding.

So an issue that mixes several causes tells only the one in front. Checks on all answers of a run
(`CATCH_ALL`) lead to no cause: an issue that they lead tells nothing.

Each issue stands for at most one cause and each cause is told at most once: the largest such
assignment counts, so that no order of the report flatters or harms. An issue that can stand for
planted causes, but tells none, is repeated; one that can stand for none is invented. Checks that a
cause blocks tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from causes import Cause

from worksample.checks import CheckResult, Finding
from worksample.grading.priority import Issue
from worksample.probes.exchange import Exchange

CATCH_ALL = ("no-request-makes-the-server-fail", "no-answer-breaks-the-contract")


@dataclass(frozen=True, slots=True)
class Account:
    """How the issues of a report and the planted causes correspond.

    `told` holds pairs of a cause and its issue; `repeated` and `invented` hold further issues.
    """

    told: tuple[tuple[Cause, Issue], ...]
    missed: tuple[Cause, ...]
    repeated: tuple[Issue, ...]
    invented: tuple[Issue, ...]


def compare(issues: Sequence[Issue], causes: Sequence[Cause]) -> Account:
    """Assign issues to causes by the rule above."""
    possible = [[n for n, cause in enumerate(causes) if can_tell(i, cause)] for i in issues]
    names = [i.lead.check.id not in CATCH_ALL for i in issues]
    telling = [found if named else [] for found, named in zip(possible, names, strict=True)]
    issue_of = _largest_assignment(telling)
    told = {number: (causes[cause], issues[number]) for cause, number in issue_of.items()}
    others = [number for number in range(len(issues)) if number not in told]
    return Account(
        tuple(told[number] for number in sorted(told)),
        tuple(cause for number, cause in enumerate(causes) if number not in issue_of),
        tuple(issues[number] for number in others if possible[number]),
        tuple(issues[number] for number in others if not possible[number]),
    )


def can_tell(issue: Issue, cause: Cause) -> bool:
    """Whether the issue can stand for the cause."""
    lead = issue.lead
    return lead.check.id in cause.found_by and _shows(lead.finding, cause)


def _shows(finding: Finding, cause: Cause) -> bool:
    if cause.shows and not re.search(cause.shows, _text_of(finding)):
        return False
    return any(
        cause.concerns(exchange.request.method, exchange.request.target)
        and cause.status in (0, exchange.status)
        for exchange in _shown(finding)
    )


def _shown(finding: Finding) -> Sequence[Exchange]:
    """Return the culprit alone, or all exchanges where there is none."""
    if finding.culprit is not None and 0 <= finding.culprit < len(finding.exchanges):
        return (finding.exchanges[finding.culprit],)
    return finding.exchanges


def _text_of(finding: Finding) -> str:
    """Return what a reader of the finding sees: its words, the log, and what was sent and got."""
    texts = [finding.expected, finding.actual, *finding.details, finding.error, finding.log]
    for exchange in _shown(finding):
        texts += _texts_of(exchange)
    return "\n".join(texts)


def _texts_of(exchange: Exchange) -> Iterator[str]:
    yield f"{exchange.request.method} {exchange.request.target}"
    yield exchange.request.body.decode(errors="replace")
    if exchange.response is not None:
        yield exchange.response.body.decode(errors="replace")


def _largest_assignment(possible: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return the largest matching of causes to issues, by augmenting paths (Kuhn)."""
    issue_of: dict[int, int] = {}

    def place(issue: int, seen: set[int]) -> bool:
        for cause in possible[issue]:
            if cause in seen:
                continue
            seen.add(cause)
            if cause not in issue_of or place(issue_of[cause], seen):
                issue_of[cause] = issue
                return True
        return False

    for issue in range(len(possible)):
        place(issue, set())
    return issue_of


def name_of(issue: Issue) -> str:
    """Return how the report calls an issue, and the check of the finding that leads it."""
    return f"{issue.title} ({issue.lead.check.id})"


def failing(results: Sequence[CheckResult], verdict: str) -> list[str]:
    """Return the ids of the checks with this verdict."""
    return [result.check.id for result in results if result.verdict.value == verdict]
