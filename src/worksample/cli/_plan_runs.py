"""Read the saved reports of the learner's workspaces, as runs for the progress of a plan."""

from __future__ import annotations

from pathlib import Path

from worksample.checks import Verdict
from worksample.errors import BrokenReport
from worksample.grading import Report, codec
from worksample.grading.giving_up import note_of_giving_up
from worksample.grading.workspace_search import saved_reports
from worksample.messages import message
from worksample.postings.progress import Run
from worksample.reports.support.remarks import judged_by
from worksample.reports.support.tally import verdict_title


def find_runs(folder: Path) -> tuple[list[Run], list[str]]:
    """Return (the runs of all workspaces in and below `folder`, a message per broken report).

    Runs of selected checks, and of a task that was given up, are left out: they are no evidence.
    """
    runs: list[Run] = []
    broken: list[str] = []
    for workspace, path in saved_reports(folder):
        try:
            report = codec.read(path)
        except BrokenReport as error:
            broken.append(message("Skipped: {reason}", reason=error.message))
            continue
        if report.selection.is_everything and not note_of_giving_up(workspace):
            runs.append(_run(workspace, report))
    return runs, broken


def _run(workspace: Path, report: Report) -> Run:
    return Run(
        workspace=workspace,
        challenge=report.challenge,
        kind=report.kind,
        stack=report.stack,
        verdict=report.verdict,
        verdict_title=verdict_title(report),
        when=report.started,
        passed=len(report.with_verdict(Verdict.PASS)),
        checks=len(report.results),
        judged_by=judged_by(report),
    )
