"""The report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from worksample.checks import Check
from worksample.checks.formatting import printable
from worksample.grading import Report
from worksample.reports.page.causes import causes_of
from worksample.reports.page.comparison import bars_of
from worksample.reports.page.issues import Detail, finding_view
from worksample.reports.page.overview import overview_of
from worksample.reports.page.room import fitted
from worksample.reports.support.numbering import (
    NumberedFinding,
    NumberedIssue,
    numbered_issues,
)

TITLE = "HTML"
SUFFIX = ".html"
SUMMARY = "one self-contained HTML page"
#: The largest page, in bytes.
LIMIT = 1_000_000
#: For what the page says of findings that it has no room for.
_RESERVE = 10_000
_CODE = re.compile(r"`([^`]{1,200})`")
_PAGE = Path(__file__).parent / "page"


def render(report: Report) -> bytes:
    """Return `report` as an HTML document in UTF-8, of at most `LIMIT` bytes.

    It loads no other resource. Text from the server is bounded and escaped, control characters
    included. A content security policy allows only the style and the script of this page, by their
    hashes (https://www.w3.org/TR/CSP3/#source-list-valid-hashes).
    """
    issues = numbered_issues(report)
    render_finding = _template("parts.html").module.finding  # type: ignore[attr-defined]

    def rendered(numbered: NumberedFinding, detail: Detail) -> str:
        first = numbered.number == 1
        text: str = render_finding(finding_view(report, numbered, detail), first)
        return text

    nothing = {finding.number: "" for issue in issues for finding in issue.findings}
    room = LIMIT - _RESERVE - len(_page(report, issues, nothing))
    return _page(report, issues, fitted(issues, room, rendered))


def _page(report: Report, issues: Sequence[NumberedIssue], findings: Mapping[int, str]) -> bytes:
    """Return the page with those of the findings of `issues` that are in `findings`."""
    style, script = _part("style.css"), _part("copy.js") + _part("filter.js")
    text = _template("report.html").render(
        report=report,
        overview=overview_of(report, issues),
        compared=bars_of(report.comparison),
        blocked=_blocked(report, issues),
        issues=issues,
        causes=causes_of(issues),
        findings=findings,
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        policy=_policy(style, script),
    )
    return text.encode("utf-8", "backslashreplace")


def _blocked(report: Report, issues: Sequence[NumberedIssue]) -> dict[int, list[Check]]:
    """Return the checks that each issue blocks, by the number of its first finding."""
    checks = {result.check.id: result.check for result in report.results}
    return {issue.lead.number: [checks[each] for each in issue.issue.blocked] for issue in issues}


@cache
def _part(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGE),
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline_code"] = inline_code
    return environment.get_template(name)


def inline_code(text: str) -> Markup:
    """Return untrusted `text` escaped, with text in backticks as `<code>`."""
    escaped = str(escape(printable(text)))
    return Markup(_CODE.sub(r"<code>\1</code>", escaped))  # noqa: S704 - escaped just above


def _finalize(value: Any) -> Any:
    """Escape control characters of every text before Jinja escapes it for HTML."""
    if isinstance(value, Markup):
        return value
    return printable(value) if isinstance(value, str) else value


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    found = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(found).decode('ascii')}'"
