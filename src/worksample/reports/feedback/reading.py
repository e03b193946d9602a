"""Carry feedback on from run to run: what is mended, what is still there, what is new."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import Enum, auto

from msgspec.structs import replace

from worksample.checks import CheckResult, Verdict
from worksample.grading import Report
from worksample.grading.grouping import failures_of
from worksample.reports.feedback.comments import comments_of, remark_sign, sign_of
from worksample.reports.feedback.model import Comment, Feedback, Round, Sign
from worksample.reports.support.formatting import rule_of


class _Now(Enum):
    """What a later run says of a sign."""

    THERE = auto()
    GONE = auto()
    UNKNOWN = auto()


def with_run(feedback: Feedback, report: Report, changes: Mapping[str, int]) -> Feedback:
    """Return `feedback` after the run of `report`, with `changes` since the run before it.

    A comment is mended if the run asked what it is about, and found it right; it is open again if
    the run found it wrong. What the run did not ask stays as it was. A cause that no comment is
    about gets a new one.
    """
    signs = _signs_of(report)
    results = {each.check.id: each for each in report.results}
    comments = [_judged(each, report.run, results, signs) for each in feedback.comments]
    told: set[int] = set()
    for found in comments_of(report):
        known = _about_the_same(found, comments, told)
        told.add(len(comments) if known is None else known)
        if known is None:
            comments.append(replace(found, number=len(comments) + 1))
        else:
            comments[known] = _told_again(comments[known], found)
    done = Round(report.run, str(report.verdict), report.digest, changes)
    return replace(feedback, comments=tuple(comments), rounds=(*feedback.rounds, done))


def _signs_of(report: Report) -> dict[str, set[Sign]]:
    """Map the id of each check to the signs that this run shows of it."""
    found: dict[str, set[Sign]] = defaultdict(set)
    failures = failures_of(report.results)
    counts = Counter(each.check.id for each in failures)
    for failure in failures:
        found[failure.check.id].add(sign_of(failure, counts[failure.check.id]))
    for result in report.remarked:
        for finding in result.remarks:
            rule = rule_of(result.check, finding)
            found[result.check.id].add(remark_sign(result.check.id, rule))
    return found


def _judged(
    comment: Comment,
    run: str,
    results: Mapping[str, CheckResult],
    signs: Mapping[str, set[Sign]],
) -> Comment:
    is_mended = bool(comment.mended_in)
    now = {
        _now(sign, results.get(sign.check), signs.get(sign.check, ()), is_mended)
        for sign in comment.signs
    }
    if _Now.THERE in now:
        return replace(comment, mended_in="")
    if now == {_Now.GONE} and not is_mended:
        return replace(comment, mended_in=run)
    return comment


def _now(sign: Sign, result: CheckResult | None, shown: Iterable[Sign], is_mended: bool) -> _Now:
    """Return what `result` and the signs `shown` in it say of `sign`.

    Another failure of a check that told `sign` alone may hide it, unless that `is_mended`.
    """
    if result is None or result.verdict not in (Verdict.PASS, Verdict.FAIL):
        return _Now.UNKNOWN
    if sign.key in {each.key for each in shown}:
        return _Now.THERE
    hidden = result.verdict is Verdict.FAIL and sign.is_only and not is_mended
    return _Now.THERE if hidden else _Now.GONE


def _about_the_same(found: Comment, comments: Sequence[Comment], told: Set[int]) -> int | None:
    """Return the index of the comment about the cause of `found`, None if there is none.

    It has a symptom or the title in common, or else every failed check of `found` told only that
    comment's failure before, which hid this one. Those in `told` have a cause of this run already.
    """
    keys, checks = {each.key for each in found.signs} - {""}, {each.check for each in found.signs}
    candidates = [
        (index, each)
        for index, each in enumerate(comments)
        if each.severity is found.severity and index not in told
    ]
    for index, each in candidates:
        if each.title == found.title or keys & {sign.key for sign in each.signs}:
            return index
    for index, each in candidates:
        if not each.mended_in and checks <= {sign.check for sign in each.signs if sign.is_only}:
            return index
    return None


def _told_again(comment: Comment, found: Comment) -> Comment:
    """Return `comment` as the later run shows it, with its number, replies and earlier signs."""
    known = {(each.check, each.key) for each in found.signs}
    earlier = (each for each in comment.signs if (each.check, each.key) not in known)
    return replace(
        found, number=comment.number, replies=comment.replies, signs=(*found.signs, *earlier)
    )
