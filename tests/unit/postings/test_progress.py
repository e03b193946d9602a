"""The progress of a saved plan, based on the reports in the learner's folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worksample.errors import UserError
from worksample.postings.progress import find_runs, plan_progress
from worksample.postings.saved import find, save

PLAN: dict[str, Any] = {
    "steps": [
        {"challenge": c, "kind": "build", "title": c, "hours": 1, "shows": [], "command": ""}
        for c in ("done", "begun", "untouched")
    ]
}


def keep(workspace: Path, run: str, **report: Any) -> None:
    folder = workspace / ".worksample" / "runs" / run
    folder.mkdir(parents=True)
    data = {
        "kind": "build",
        "verdict": "rejected",
        "challenge": {"id": "begun"},
        "stack": "python-fastapi",
        "started": f"2026-01-0{run}T00:00:00Z",
        "selection": "",
        "checks": [{"verdict": "pass"}, {"verdict": "fail"}],
        **report,
    }
    (folder / "report.json").write_text(json.dumps(data), encoding="utf-8")


def test_step_state_follows_from_runs(tmp_path: Path) -> None:
    keep(tmp_path / "a", "1", verdict="accepted", challenge={"id": "done"})
    keep(tmp_path / "a", "2", challenge={"id": "done"})
    keep(tmp_path / "deep" / "b", "1")
    runs, broken = find_runs(tmp_path)
    assert broken == []
    states = [p.state for p in plan_progress(PLAN, runs)]
    assert states == ["evidenced", "in work", "open"]
    latest = plan_progress(PLAN, runs)[0].runs[0]
    assert (latest.verdict, latest.passed, latest.checks) == ("rejected", 1, 2)


def test_ignores_run_of_selected_checks(tmp_path: Path) -> None:
    keep(tmp_path, "1", verdict="accepted", challenge={"id": "done"}, selection="stage 1")
    runs, _ = find_runs(tmp_path)
    assert [p.state for p in plan_progress(PLAN, runs)] == ["open", "open", "open"]


def test_skips_broken_report_and_returns_message(tmp_path: Path) -> None:
    keep(tmp_path, "1")
    for run, text in (("2", "{"), ("3", "[]"), ("4", '{"checks": 1}')):
        folder = tmp_path / ".worksample" / "runs" / run
        folder.mkdir()
        (folder / "report.json").write_text(text, encoding="utf-8")
    runs, broken = find_runs(tmp_path)
    assert len(runs) == 1
    assert len(broken) == 3


def test_finds_saved_plan_from_subfolder(tmp_path: Path) -> None:
    save(tmp_path, "Backend Engineer", PLAN)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find(below).data == PLAN
    assert find(below).title == "Backend Engineer"


def test_rejects_missing_and_unreadable_plan(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no saved plan"):
        find(tmp_path)
    path = save(tmp_path, "x", PLAN)
    path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(UserError, match="another version"):
        find(tmp_path)
    path.write_text("nothing", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be read"):
        find(tmp_path)
