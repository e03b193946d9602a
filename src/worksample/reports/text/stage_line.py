"""The stages of a run in one line: done, open, blocked; and the mark of each state."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.tally import StageState, by_stage, state_of, without_stage
from worksample.reports.text.page import Part

#: State to mark and colour.
STAGE_MARKS = {
    StageState.DONE: ("✓", "green"),
    StageState.OPEN: ("✗", "red"),
    StageState.BLOCKED: ("…", "yellow"),
    StageState.PARTLY: ("·", ""),
    StageState.NOT_RUN: ("·", ""),
}


def stage_parts(report: Report) -> list[Part]:
    """Return "done 1, 2; open 3 to 6; not run 7"; empty if no check belongs to a stage."""
    if report.results and len(without_stage(report)) == len(report.results):
        return []
    states = {each.number: state_of(each) for each in by_stage(report)}
    parts: list[Part] = []
    for state in StageState:
        numbers = [number for number, each in states.items() if each is state]
        if numbers:
            parts += ["; "] if parts else []
            parts.append((f"{state} {_ranges(numbers)}", STAGE_MARKS[state][1] or "dim"))
    return parts


def _ranges(numbers: Sequence[int]) -> str:
    """Return "1, 3 to 5" for 1, 3, 4 and 5."""
    grouped = groupby(enumerate(numbers), lambda one: one[1] - one[0])
    runs = [[number for _, number in members] for _, members in grouped]
    return ", ".join(
        message("{first} to {last}", first=run[0], last=run[-1])
        if len(run) > 2
        else ", ".join(map(str, run))
        for run in runs
    )
