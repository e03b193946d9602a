"""The report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from worksample.checks.formatting import printable
from worksample.grading import Report
from worksample.reports.page.issues import issue_views
from worksample.reports.page.overview import overview_of

TITLE = "HTML"
SUFFIX = ".html"
SUMMARY = "one self-contained HTML page"
_CODE = re.compile(r"`([^`]{1,200})`")
_PAGE = Path(__file__).parent / "page"


def render(report: Report) -> bytes:
    """Return `report` as an HTML document in UTF-8 that loads no other resource.

    Text from the server is bounded and escaped, control characters included. A content security
    policy allows only the style and the script of this page, by their hashes
    (https://www.w3.org/TR/CSP3/#source-list-valid-hashes).
    """
    style, script = _part("style.css"), _part("copy.js")
    text = _template().render(
        report=report,
        overview=overview_of(report),
        issues=issue_views(report),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        policy=_policy(style, script),
    )
    return text.encode("utf-8", "backslashreplace")


@cache
def _part(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGE),
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline_code"] = inline_code
    return environment.get_template("report.html")


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
