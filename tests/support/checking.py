"""Check a workspace as a learner does, and read the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.running import worksample

#: Seconds for a whole check, on a busy machine.
WHOLE_CHECK = 900.0
Report = dict[str, Any]


def check(workspace: Path, *arguments: str) -> tuple[int, Report]:
    """Check with seed 1; return exit code and report."""
    done = worksample(
        *("check", "--json", "--seed", "1", *arguments), cwd=workspace, timeout=WHOLE_CHECK
    )
    assert done.stdout, done.stderr
    report: Report = json.loads(done.stdout)
    return done.returncode, report


def verdicts(report: Report, verdict: str) -> set[str]:
    """Return the ids of the checks with this verdict."""
    return {each["id"] for each in report["checks"] if each["verdict"] == verdict}


def failed(report: Report) -> dict[str, str]:
    """Return what the first finding of each failed check says, by check id."""
    return {
        each["id"]: _said(each["findings"][0])
        for each in report["checks"]
        if each["verdict"] == "fail"
    }


def _said(finding: Report) -> str:
    """Return what was expected, what came, and the hint."""
    return f"{finding['expected']}: {finding['actual']} {finding.get('hint', '')}".strip()
