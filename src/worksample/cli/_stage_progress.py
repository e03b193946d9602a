"""The stages of a workspace as its latest runs show them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
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
        title, stages = _newest_of_each(_latest_reports(Workspace.open(folder)))
    except WorksampleError:
        return []
    return [(title, ""), *map(_line, stages)] if stages else []


def latest_stages(workspace: Workspace) -> list[StageTally]:
    """Return each stage as the newest run shows it that asked all checks of the stage.

    Empty if no run with stages is saved.
    """
    return _newest_of_each(_latest_reports(workspace))[1]


def _latest_reports(workspace: Workspace) -> Iterator[Report]:
    """Yield the latest reports that can be read, the newest first; each is read when asked for."""
    for run in reversed(workspace.runs()[-_LATEST:]):
        try:
            yield workspace.report(run)
        except WorksampleError:
            continue


def _newest_of_each(reports: Iterator[Report]) -> tuple[str, list[StageTally]]:
    """Return the title of the challenge, and its stages; read only as many reports as that needs.

    A stage is that of the newest run of all its checks; of the newest run if there is none.
    """
    latest = next(reports, None)
    if latest is None:
        return "", []
    newest = {each.number: each for each in by_stage(latest)}
    unknown = set(newest)
    of_challenge = (each for each in reports if each.challenge == latest.challenge)
    for report in chain([latest], of_challenge):
        found = {each.number: each for each in _whole_stages(report) if each.number in unknown}
        newest |= found
        unknown -= set(found)
        if not unknown:
            break
    return latest.challenge_title, [newest[number] for number in sorted(newest)]


def _whole_stages(report: Report) -> list[StageTally]:
    """Return the stages whose checks all ran; if any did, those without checks count too."""
    return [each for each in by_stage(report) if each.whole] if report.results else []


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
