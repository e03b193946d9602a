"""The stages of a workspace, as its latest runs show them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.cli._stage_progress import latest_stages, stage_lines
from worksample.grading import Report, Selection, Workspace

FIRST, SECOND = reports.check("a", stage=1), reports.check("b", stage=2)


def run(*results: CheckResult, **fields: Any) -> Report:
    """Return a run of a challenge with two stages."""
    return reports.report(results, **{"stages": {1: "It reads", 2: "It writes"}, **fields})


def passed(*numbers: int) -> list[CheckResult]:
    return [CheckResult({1: FIRST, 2: SECOND}[number], Verdict.PASS) for number in numbers]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    return Workspace.open(tmp_path)


def save(workspace: Workspace, *runs: Report) -> None:
    """Save these runs, the oldest first."""
    for number, each in enumerate(runs, start=1):
        assert workspace.save(replace(each, run=f"2026-01-0{number}"))


def shown(workspace: Workspace) -> list[str]:
    return [line for line, _ in stage_lines(workspace.folder)]


def test_a_stage_is_that_of_the_newest_run_of_all_its_checks(workspace: Workspace) -> None:
    both = run(reports.failed(FIRST), reports.failed(SECOND))
    one = run(*passed(1), selection=Selection(stage=1))
    part = run(*passed(2), selection=Selection(only=("b",)))
    save(workspace, run(*passed(1, 2)), both, one, part)
    assert [(s.number, s.tally.passed, s.tally.total) for s in latest_stages(workspace)] == [
        (1, 1, 1),
        (2, 0, 1),
    ]
    assert shown(workspace) == [
        both.challenge_title,
        "✓ 1  It reads: done, 1 of 1 checks pass",
        "✗ 2  It writes: open, 0 of 1 checks pass",
    ]


def test_a_stage_that_no_run_asked_is_not_run(workspace: Workspace) -> None:
    of_another = run(*passed(1, 2), challenge="another")
    save(workspace, of_another, run(*passed(1), selection=Selection(stage=1)))
    assert shown(workspace)[1:] == [
        "✓ 1  It reads: done, 1 of 1 checks pass",
        "· 2  It writes: not run",
    ]


def test_a_run_without_results_asked_nothing(workspace: Workspace) -> None:
    save(workspace, run(*passed(1, 2)), run())
    assert [stage.tally.passed for stage in latest_stages(workspace)] == [1, 1]


def test_no_stages_without_runs(workspace: Workspace, tmp_path: Path) -> None:
    assert stage_lines(workspace.folder) == []
    assert latest_stages(workspace) == []
    save(workspace, run(*passed(1), stages={}))
    assert stage_lines(workspace.folder) == []
    assert stage_lines(tmp_path / "nothing") == []
