"""The stages of a workspace as its latest runs show them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worksample.errors import WorksampleError
from worksample.grading import Report, Workspace
from worksample.messages import message
from worksample.reports.support.tally import StageState, StageTally, by_stage, state_of
from worksample.reports.text.stage_line import STAGE_MARKS

_LATEST = 10


def stage_lines(folder: Path) -> list[tuple[str, str]]:
    """Return a heading and a line for each stage of the workspace in `folder`, with its colour.

    Empty if the folder is no workspace, or no run with stages is saved in it.
    """
    try:
        title, stages = _title_and_stages(Workspace.open(folder))
    except WorksampleError:
        return []
    return [(title, ""), *map(_line, stages)] if stages else []


def latest_stages(workspace: Workspace) -> list[StageTally]:
    """Return each stage as the newest run shows it that asked all checks of the stage.

    Where no run did, as the newest run of all shows it. Empty if no run with stages is saved.
    """
    return _title_and_stages(workspace)[1]


def _title_and_stages(workspace: Workspace) -> tuple[str, list[StageTally]]:
    """Return the title of the newest run's challenge, and its stages as `latest_stages` says."""
    reports = _latest_reports(workspace)
    newest = next(reports, None)
    if newest is None:
        return "", []
    asked = _stages_asked(newest)
    while not newest.stages.keys() <= asked.keys() and (older := next(reports, None)):
        if older.challenge == newest.challenge:
            asked = _stages_asked(older) | asked
    return newest.challenge_title, [asked.get(each.number, each) for each in by_stage(newest)]


def _latest_reports(workspace: Workspace) -> Iterator[Report]:
    """Yield the latest reports that can be read, the newest first; each is read when asked for."""
    for run in reversed(workspace.runs()[-_LATEST:]):
        try:
            yield workspace.report(run)
        except WorksampleError:
            continue


def _stages_asked(report: Report) -> dict[int, StageTally]:
    """Return by number the stages whose checks were all asked; none if no check ran."""
    stages = by_stage(report) if report.results else []
    return {each.number: each for each in stages if each.whole}


def _line(stage: StageTally) -> tuple[str, str]:
    state = state_of(stage)
    mark, colour = STAGE_MARKS[state]
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
