"""How checks show the defects of a server, in a few lines each."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.checks import CheckResult, Verdict
from worksample.messages import message
from worksample.reports.support.formatting import place_of, truncate
from worksample.reports.support.numbering import NumberedFinding
from worksample.reports.text.findings import show_title
from worksample.reports.text.page import Page
from worksample.reports.text.screen_causes import show_field, show_figure, show_requests

_MAX_REASON = 400
_REQUEST_LINES = 2


def show_proofs(page: Page, proofs: Sequence[Sequence[CheckResult]]) -> None:
    """Write the results of the checks of each defect, with the number of the defect."""
    for number, results in enumerate(proofs, 1):
        page.blank_line()
        for result in results:
            if result.verdict is Verdict.FAIL:
                _show_failure(page, number, result)
            else:
                page.line((f"{number:>3}  ", "bold red"), _why_no_proof(result), hang=5)


def _show_failure(page: Page, number: int, result: CheckResult) -> None:
    finding = result.findings[0]
    show_title(page, NumberedFinding(number, result, finding))
    show_field(page, "expected", finding.expected, "green")
    show_field(page, "actual", finding.actual, "red")
    show_field(page, "in the code", place_of(finding), "bold")
    show_requests(page, finding, lines=_REQUEST_LINES)
    show_figure(page, finding)


def _why_no_proof(result: CheckResult) -> str:
    title = result.check.title
    if result.verdict is Verdict.PASS:
        return message("“{title}” passes here: it does not show the defect.", title=title)
    return message(
        "“{title}” shows nothing here ({verdict}): {reason}",
        title=title,
        verdict=result.verdict,
        reason=truncate(result.reason or result.blocked_by, _MAX_REASON),
    )
