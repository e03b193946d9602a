"""The stages of a workspace as its latest runs show them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worksample.errors import WorksampleError
from worksample.grading import Report, Workspace
from worksample.messages import message
from worksample.reports.support.tally import StageState, StageTally, by_stage, state_of

_LATEST = 10
_MARKS = {
    StageState.DONE: ("✓", "green"),
    StageState.OPEN: ("✗", "red"),
    StageState.BLOCKED: ("…", "yellow"),
    StageState.NOT_RUN: ("·", ""),
}


def stage_lines(folder: Path) -> list[tuple[str, str]]:
    """Return a heading and a line for each stage of the workspace in `folder`, with its colour.

    Empty if the folder is no workspace, or no run with stages is saved in it.
    """
    reports = list(_latest_reports(folder))
    if not reports or not reports[0].stages:
        return []
    return [(reports[0].challenge_title, ""), *map(_line, _newest_of_each(reports))]


def _latest_reports(folder: Path) -> Iterator[Report]:
    """Yield the latest reports that can be read, the newest first."""
    try:
        workspace = Workspace.open(folder)
    except WorksampleError:
        return
    for run in reversed(workspace.runs()[-_LATEST:]):
        try:
            yield workspace.report(run)
        except WorksampleError:
            continue


def _newest_of_each(reports: list[Report]) -> list[StageTally]:
    """Return each stage from the newest run of all its checks; a run of single checks is none."""
    newest = {each.number: each for each in by_stage(reports[0])}
    known = set[int]()
    for report in reports:
        for stage in by_stage(report):
            is_run = state_of(stage) is not StageState.NOT_RUN and _is_whole(report)
            if is_run and stage.number in newest and stage.number not in known:
                newest[stage.number] = stage
                known.add(stage.number)
    return [newest[number] for number in sorted(newest)]


def _is_whole(report: Report) -> bool:
    return not report.selection or report.selection.startswith("stages 1 to ")


def _line(stage: StageTally) -> tuple[str, str]:
    state = state_of(stage)
    mark, colour = _MARKS[state]
    text = message(
        "{mark} {number}  {title}: {state}",
        mark=mark,
        number=stage.number,
        title=stage.title,
        state=state,
    )
    if state is not StageState.NOT_RUN:
        text = message(
            "{line}, {passed} of {total} checks pass",
            line=text,
            passed=stage.tally.passed,
            total=stage.tally.total,
        )
    return text, colour
