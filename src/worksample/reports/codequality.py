"""The report as GitLab reads it for the changes of a merge request: Code Quality.

The format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from worksample.grading import Report
from worksample.grading.harm import Harm
from worksample.reports.support.annotations import Annotation, annotations_of

TITLE = "Code Quality"
SUFFIX = ".json"
SUMMARY = "GitLab's Code Quality, for the changes of a merge request"
_SEVERITIES: Mapping[Harm | None, str] = {
    None: "blocker",
    Harm.OTHERS_DATA: "critical",
    Harm.EVERYBODY: "major",
    Harm.LIMITED: "minor",
    Harm.FORM: "info",
}


def render(report: Report) -> bytes:
    """Return one entry for each issue of `report`, as JSON with a trailing newline."""
    return json.dumps([_entry(each) for each in annotations_of(report)], indent=2).encode() + b"\n"


def _entry(annotation: Annotation) -> dict[str, Any]:
    return {
        "description": f"{annotation.title}. {annotation.text}",
        "check_name": annotation.check.id if annotation.check else "server-starts",
        "fingerprint": annotation.fingerprint,
        "severity": _SEVERITIES[annotation.harm],
        "location": {"path": annotation.path, "lines": {"begin": annotation.line}},
    }
