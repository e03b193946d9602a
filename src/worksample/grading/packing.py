"""Which findings of a large report have their exchanges compressed, so that the JSON stays small.

Nothing is lost by it, and `worksample` reads both alike. The findings to fix first stay readable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worksample.checks import CheckResult
from worksample.grading import conversion
from worksample.grading.json_text import to_json
from worksample.grading.priority import issues_of

#: The result and the finding of it, by number.
Place = tuple[int, int]


def in_order(results: Sequence[CheckResult]) -> list[Place]:
    """Return the places of all findings: those that lead an issue first, then the others."""
    issues = list(_of_issues(results))
    leads = [found[0] for found in issues]
    others = [each for found in issues for each in found[1:]]
    every = [(n, i) for n, result in enumerate(results) for i in range(len(result.findings))]
    return list(dict.fromkeys([*leads, *others, *every]))


def packed_places(results: Sequence[CheckResult], room: int) -> frozenset[Place]:
    """Return which findings to pack, so that all together have at most `room` bytes of JSON."""
    order = in_order(results)
    found = {place: results[place[0]].findings[place[1]] for place in order}
    packed = {place: len(to_json(conversion.finding_entry(found[place], True))) for place in order}
    room -= sum(packed.values())
    readable = set()
    for place in order:
        more = len(to_json(conversion.finding_entry(found[place]))) - packed[place]
        if more <= room:
            room -= more
            readable.add(place)
    return frozenset(set(order) - readable)


def _of_issues(results: Sequence[CheckResult]) -> Iterator[list[Place]]:
    """Yield the places of the findings of each issue."""
    numbers = {result.check.id: number for number, result in enumerate(results)}
    for issue in issues_of(results):
        yield [(numbers[e.check.id], e.result.findings.index(e.finding)) for e in issue.failures]
