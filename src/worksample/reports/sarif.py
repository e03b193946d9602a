"""The report as SARIF 2.1.0, from which GitHub and others annotate a pull request.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import worksample
from worksample.checks import Check
from worksample.checks.formatting import printable
from worksample.grading import Report
from worksample.grading.harm import Harm
from worksample.reports.support.annotations import Annotation, annotations_of

TITLE = "SARIF"
SUFFIX = ".sarif"
SUMMARY = "SARIF, for annotations in a pull request"
#: The rule of a server that could not be built or started.
NOT_STARTED = "server-starts"
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> bytes:
    """Return one result for each issue of `report`, as JSON with a trailing newline."""
    found = annotations_of(report)
    rules = {_rule_id(each): _rule(each.check) for each in found}
    driver = {
        "name": "Worksample",
        "version": worksample.__version__,
        "rules": [{"id": name, **rule} for name, rule in rules.items()],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"worksample/{printable(report.challenge)}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2).encode() + b"\n"


def _rule_id(annotation: Annotation) -> str:
    return annotation.check.id if annotation.check else NOT_STARTED


def _rule(check: Check | None) -> dict[str, Any]:
    if check is None:
        return {"shortDescription": {"text": "The server starts"}}
    rule: dict[str, Any] = {
        "shortDescription": {"text": _text(check.title)},
        "fullDescription": {"text": _text(check.why or check.title)},
        "properties": {"tags": [check.aspect.value, *check.skills]},
    }
    return rule | ({"help": {"text": _text(check.hint)}} if check.hint else {})


def _result(annotation: Annotation) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(annotation.path), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": annotation.line},
    }
    return {
        "ruleId": _rule_id(annotation),
        "level": "warning" if annotation.harm is Harm.FORM else "error",
        "message": {"text": _text(f"{annotation.title}\n{annotation.text}")},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"worksampleIssue/v1": annotation.fingerprint},
    }


def _text(text: str) -> str:
    """Return `text` so that nothing in it is taken for a link (SARIF 3.11.6)."""
    return _LINK.sub(r"\\[", text)
