"""Group the findings of a run by their cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worksample.checks import Check, CheckResult, Finding, Verdict
from worksample.checks.model import culprit_of
from worksample.checks.request_kinds import pattern_of
from worksample.grading.fingerprint import symptom_of
from worksample.grading.symptoms import Keyed, Symptom, without_generated
from worksample.probes.exchange import Exchange, Request

_MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """A finding of a failed check, and what goes wrong in it."""

    result: CheckResult
    finding: Finding
    symptom: Symptom

    @property
    def check(self) -> Check:
        """The check that failed."""
        return self.result.check

    @property
    def culprit(self) -> Exchange | None:
        """The exchange that went wrong, if it is a single one."""
        return culprit_of(self.finding)


def failures_of(results: Iterable[CheckResult]) -> list[Failure]:
    """Return the findings of all failed checks.

    Findings of one check to which its author gave several causes stay together.
    """
    found: list[Failure] = []
    for result in results:
        if result.verdict is not Verdict.FAIL:
            continue
        symptoms = [symptom_of(finding) for finding in result.findings]
        given = {each.key for each in symptoms if isinstance(each, Keyed)}
        for finding, symptom in zip(result.findings, symptoms, strict=True):
            own = isinstance(symptom, Keyed) and (len(given) > 1 or not symptom.key)
            found.append(
                Failure(result, finding, Keyed(f"check {result.check.id}") if own else symptom)
            )
    return found


def grouped(failures: Sequence[Failure]) -> list[list[Failure]]:
    """Return the failures in groups with one cause each.

    Those that tell their cause come together by it. The others, which tell at most where and how
    the server failed, join the one cause that failed there and in that way; if there are several,
    they are a group of their own, because they may have another cause. A failure that shows a
    request of another check joins that one.
    """
    groups: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        if failure.symptom.key and not failure.finding.observed:
            groups[failure.symptom.key].append(failure)
    _add_vague(groups, [each for each in failures if not _has_place(each)])
    _add_observed(groups, [each for each in failures if each.finding.observed])
    return list(groups.values())


def _has_place(failure: Failure) -> bool:
    return bool(failure.symptom.key) or failure.finding.observed


def _add_vague(groups: dict[str, list[Failure]], failures: Sequence[Failure]) -> None:
    known = _causes_by_vague(groups)
    for failure in failures:
        vague = failure.symptom.vague
        causes = _that_differ_alike(groups, known.get(vague, []), failure.finding.difference)
        join = len(causes) == 1 or (causes and failure.finding.step)
        place = f"at {vague} {failure.finding.difference}"
        apart = place if vague else f"check {failure.check.id}"
        groups[_largest(groups, causes) if join else apart].append(failure)


def _that_differ_alike(
    groups: Mapping[str, Sequence[Failure]], causes: list[str], difference: str
) -> list[str]:
    """Return those causes whose requests differ in this way from those that work, if any do."""
    alike = [key for key in causes if any(m.finding.difference == difference for m in groups[key])]
    return alike if difference and alike else causes


def _add_observed(groups: dict[str, list[Failure]], failures: Sequence[Failure]) -> None:
    by_vague, by_request = _causes_by_vague(groups), _causes_by_request(groups)
    by_place, by_page = _causes_by(groups, _place), _causes_by(groups, _page)
    for failure in failures:
        same = failure.culprit and by_request.get(_identity(failure.culprit))
        causes = [same] if same else by_vague.get(failure.symptom.vague, [])
        causes = causes or by_place.get(_place(failure), []) or by_page.get(_page(failure), [])
        key = failure.symptom.key or f"at {failure.symptom.vague} {failure.finding.difference}"
        groups[_largest(groups, causes) if causes and key not in groups else key].append(failure)


def _causes_by_vague(groups: Mapping[str, Sequence[Failure]]) -> dict[str, list[str]]:
    """Map where and how the server failed to the causes that were found there."""
    return _causes_by(groups, lambda failure: failure.symptom.vague)


def _causes_by(
    groups: Mapping[str, Sequence[Failure]], name: Callable[[Failure], str]
) -> dict[str, list[str]]:
    """Map what `name` returns, unless it is empty, to the groups with such a failure."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, members in groups.items():
        for each in dict.fromkeys(map(name, members)):
            if each:
                found[each].append(key)
    return found


def _place(failure: Failure) -> str:
    """Return operation and status of a 5xx; empty for any other failure."""
    culprit = failure.culprit
    if culprit is None or culprit.status < 500:
        return ""
    return f"{pattern_of(culprit.request)} {culprit.status}"


def _page(failure: Failure) -> str:
    """Return the beginning of a page in HTML that was answered with a success; else nothing."""
    culprit = failure.culprit
    if culprit is None or culprit.response is None or not 200 <= culprit.status < 300:
        return ""
    text = culprit.response.body[:_MAX_PAGE].decode("utf-8", "replace").strip()
    return without_generated(text) if text.startswith("<") else ""


def _causes_by_request(groups: dict[str, list[Failure]]) -> dict[tuple[Request, float], str]:
    return {
        _identity(member.culprit): key
        for key, members in groups.items()
        for member in members
        if member.culprit is not None and member.culprit.status >= 500
    }


def _identity(exchange: Exchange) -> tuple[Request, float]:
    return exchange.request, exchange.started


def _largest(groups: dict[str, list[Failure]], keys: Sequence[str]) -> str:
    return max(keys, key=lambda key: len(groups[key]))
