"""Make the comments of a reviewer from the causes and remarks of a run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from worksample.checks.model import culprit_of
from worksample.grading import Report
from worksample.grading.grouping import Failure
from worksample.messages import message
from worksample.reports.feedback.model import Comment, Sign
from worksample.reports.support.formatting import (
    body_line,
    clause_text,
    outcome,
    place_of,
    request_line,
    rule_of,
    truncate,
)
from worksample.reports.support.numbering import NumberedIssue, numbered_issues
from worksample.reports.support.remarks import Remark, remarks_of
from worksample.tasks.reviewing.form import Severity

#: What comes after the place in "app.py:27: KeyError: 'x'".
_PLACE = re.compile(r"(?<=\d): ")
_MAX_BODY = 120
_MAX_TEXT = 300


def comments_of(report: Report) -> list[Comment]:
    """Return a blocking comment for each cause of `report`, and a nit for each remark.

    They are numbered from 1; the one to mend first is in front.
    """
    found = [*_blocking(report), *(_nit(report, each) for each in remarks_of(report))]
    return [_numbered(each, number) for number, each in enumerate(found, 1)]


def remark_sign(check: str, rule: str) -> Sign:
    """Return the sign of a remark: `check` found that `rule` is broken, which does not count."""
    return Sign(check, " ".join(("remark", rule)))


def sign_of(failure: Failure, failures: int) -> Sign:
    """Return the sign of a failure whose check told so many `failures`."""
    key, vague = failure.symptom.key, failure.symptom.vague
    if not key and vague:
        key = " ".join(("at", vague, failure.finding.difference))
    return Sign(failure.check.id, key, failures == 1)


def _numbered(comment: Comment, number: int) -> Comment:
    return replace(comment, number=number)


def _blocking(report: Report) -> Iterator[Comment]:
    issues = numbered_issues(report)
    counts = Counter(each.check.id for one in issues for each in one.issue.failures)
    for each in issues:
        signs = [sign_of(one, counts[one.check.id]) for one in each.issue.failures]
        yield _comment(report, each, tuple(dict.fromkeys(signs)))


def _comment(report: Report, issue: NumberedIssue, signs: tuple[Sign, ...]) -> Comment:
    finding, check = issue.lead.finding, issue.lead.result.check
    return Comment(
        number=0,
        run=report.run,
        title=issue.title,
        severity=Severity.BLOCKING,
        signs=signs,
        finding=issue.lead.number,
        stage=issue.issue.stage,
        place=_PLACE.split(place_of(finding))[0],
        shown=_shown(issue),
        expected=truncate(finding.expected, _MAX_TEXT),
        actual=truncate(finding.actual, _MAX_TEXT),
        rule=rule_of(check, finding),
        clause=clause_text(report, check, finding),
        why=check.why,
        further=len(issue.issue.checks) - 1 + issue.blocked,
    )


def _shown(issue: NumberedIssue) -> str:
    """Return the request that went wrong with its body and outcome, or else the last one."""
    finding = issue.lead.finding
    culprit = culprit_of(finding) or next(reversed(finding.exchanges), None)
    if culprit is None:
        return ""
    request = request_line(culprit)
    if culprit.request.body:
        request = message(
            "{request} with {body}",
            request=request,
            body=body_line(culprit.request.body, _MAX_BODY),
        )
    return message("{request} → {outcome}", request=request, outcome=outcome(culprit))


def _nit(report: Report, remark: Remark) -> Comment:
    check = remark.results[0].check
    return Comment(
        number=0,
        run=report.run,
        title=remark.sentence,
        severity=Severity.NIT,
        signs=tuple(remark_sign(each.check.id, remark.rule) for each in remark.results),
        stage=check.stage,
        rule=remark.rule,
        clause=remark.text,
        why=check.why,
        further=len(remark.results) - 1,
    )
