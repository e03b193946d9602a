"""The progress of a saved plan, based on the learner's runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from worksample.errors import UserError
from worksample.postings.progress import Run, plan_progress
from worksample.postings.saved import find, save

PLAN: dict[str, Any] = {
    "steps": [
        {"challenge": c, "kind": "build", "title": c, "hours": 1, "shows": [], "command": ""}
        for c in ("done", "begun", "untouched")
    ]
}


def run(challenge: str, day: int, verdict: str = "rejected") -> Run:
    when = f"2026-01-0{day}T00:00:00+00:00"
    return Run(Path("work"), challenge, "build", "python-fastapi", verdict, "", when, 1, 2, "")


def test_step_state_follows_from_runs() -> None:
    runs = [run("done", 1, "accepted"), run("done", 2), run("begun", 1)]
    steps = plan_progress(PLAN, runs)
    assert [step.state for step in steps] == ["evidenced", "in work", "open"]
    assert [each.when[:10] for each in steps[0].runs] == ["2026-01-02", "2026-01-01"]


def test_run_of_other_kind_is_no_evidence() -> None:
    [first, *_] = plan_progress(PLAN, [replace(run("done", 1, "accepted"), kind="review")])
    assert first.state == "open"


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
