"""`report` and `replay` outside a workspace say where the nearest run is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.running import worksample
from worksample.grading import Workspace
from worksample.grading.workspace_search import nearest_run

FIRST, SECOND = "20261123-100000-aaaa", "20261124-110000-bbbb"


def save(folder: Path, *runs: str) -> Path:
    """Save runs in the folder, which is no workspace otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.open(folder, "conduit")
    for run in runs:
        assert workspace.save(replace(reports.rejected(), run=run))
    return folder


@pytest.mark.parametrize("command", ["report", "replay"])
def test_names_nearest_run_below(tmp_path: Path, command: str) -> None:
    save(tmp_path / "course" / "ann", FIRST, SECOND)
    done = worksample(command, cwd=tmp_path)
    assert done.returncode == 2
    assert ". is not a workspace" in done.stderr
    assert f"The nearest saved run is {SECOND} in course/ann" in done.stderr
    assert not done.stdout


def test_names_nearest_run_above(tmp_path: Path) -> None:
    inner = save(tmp_path / "mine", FIRST) / "app" / "routes"
    inner.mkdir(parents=True)
    done = worksample("report", cwd=inner)
    assert done.returncode == 2
    assert f"The nearest saved run is {FIRST} in ../.." in done.stderr
    shown = worksample("report", "../..", cwd=inner)
    assert shown.returncode == 0
    assert shown.stdout.startswith("NOT YET")


def test_says_what_to_do_if_no_run_is_near(tmp_path: Path) -> None:
    done = worksample("report", cwd=tmp_path)
    assert done.returncode == 2
    assert "nearest" not in done.stderr
    assert "worksample start conduit DIR" in done.stderr
    missing = worksample("report", "", "nowhere", cwd=tmp_path)
    assert missing.returncode == 2
    assert "There is no folder nowhere." in missing.stderr


def test_prefers_near_folders_then_later_runs(tmp_path: Path) -> None:
    assert nearest_run(tmp_path) is None
    deep = save(tmp_path / "a" / "b" / "c", SECOND)
    assert nearest_run(tmp_path) == (deep, SECOND)
    near = save(tmp_path / "z", FIRST)
    assert nearest_run(tmp_path) == (near, FIRST)
    later = save(tmp_path / "m", SECOND)
    assert nearest_run(tmp_path) == (later, SECOND)
    assert nearest_run(deep.parent) == (deep, SECOND)
    save(tmp_path, FIRST)
    assert nearest_run(deep.parent) == (tmp_path, FIRST)


def test_does_not_search_endlessly_deep(tmp_path: Path) -> None:
    save(tmp_path / "1" / "2" / "3" / "4" / "5", FIRST)
    assert nearest_run(tmp_path) is None
