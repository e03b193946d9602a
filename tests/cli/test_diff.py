"""`worksample diff` as a user runs it, on saved runs."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import reports
from tests.support.running import worksample
from worksample.checks import CheckResult, Verdict
from worksample.grading import Report, Selection, Workspace

FIRST, SECOND, THIRD = "20261123-100000-aaaa", "20261123-110000-bbbb", "20261124-120000-cccc"
FOURTH = "20261125-130000-dddd"
PASS, FAIL = Verdict.PASS, Verdict.FAIL


def run(name: str, verdicts: dict[str, Verdict], **words: Any) -> Report:
    """Return a report of the run `name` with these verdicts; all checks are of stage 2."""
    results = [CheckResult(reports.check(each), found) for each, found in verdicts.items()]
    return reports.report(results, run=name, **words)


RUNS = (
    run(FIRST, {"tags": FAIL, "slugs": FAIL, "names": PASS}, selection=Selection(stage=2)),
    run(SECOND, {"tags": PASS, "slugs": FAIL, "names": FAIL, "feeds": FAIL}),
    run(THIRD, {"tags": PASS, "slugs": FAIL, "names": PASS, "feeds": PASS}),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace with three runs."""
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    return save(tmp_path, *RUNS)


def save(folder: Path, *made: Report) -> Path:
    workspace = Workspace.open(folder)
    assert all(workspace.save(report) for report in made)
    return folder


def diff(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return worksample("diff", *words, cwd=folder)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that could not be run as given."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert not done.stdout
    return done.stderr


def test_shows_what_changed_with_counts_first(folder: Path) -> None:
    done = diff(folder, FIRST, SECOND)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{FIRST}  not yet, stages 1 to 2",
        f"{SECOND}  not yet, all checks",
        "1 mended, 1 new, 1 still failing",
        "",
        "Mended (1)",
        "  stage 2   Tags  [behaviour, tags]",
        "",
        "New (1)",
        "  stage 2   Names  [behaviour, names]",
        "",
        "Still failing (1)",
        "  stage 2   Slugs  [behaviour, slugs]",
        "",
        "Asked in the second run only (1)",
        "  1 check failed",
        "  stage 2   Feeds  [behaviour, feeds]",
    ]


def test_compares_latest_two_runs_by_default(folder: Path, tmp_path: Path) -> None:
    shown = diff(folder).stdout.splitlines()
    assert shown[0].startswith(SECOND)
    assert shown[1].startswith(THIRD)
    assert diff(folder, FIRST[:11]).stdout.startswith(FIRST)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert diff(elsewhere, "..").stdout.splitlines() == shown
    assert diff(elsewhere, SECOND, THIRD, "..").stdout.splitlines() == shown


def test_prints_json(folder: Path) -> None:
    data = json.loads(diff(folder, FIRST, SECOND, "--json").stdout)
    assert data["counts"] == {
        "mended": 1,
        "new": 1,
        "still_failing": 1,
        "other": 0,
        "only_before": 0,
        "only_after": 1,
    }
    assert (data["before"]["run"], data["after"]["run"]) == (FIRST, SECOND)
    assert data["mended"] == [
        {
            "id": "tags",
            "title": "Tags",
            "stage": 2,
            "aspect": "behaviour",
            "before": "fail",
            "after": "pass",
        }
    ]


def test_says_that_a_run_has_no_results(folder: Path) -> None:
    save(folder, replace(reports.build_failed(), run=FOURTH))
    shown = diff(folder, SECOND, FOURTH).stdout
    assert f"{FOURTH}  build failed, no checks were run" in shown
    assert "Asked in the first run only (4)" in shown


def test_refuses_runs_of_two_challenges(folder: Path) -> None:
    save(folder, replace(RUNS[2], challenge="booking", run=FOURTH))
    said = refused(diff(folder, FIRST, FOURTH))
    assert f"Run {FIRST} is of the challenge conduit, run {FOURTH} of booking" in said
    assert refused(diff(folder, FIRST, FOURTH, "--json"))


def test_refuses_report_of_newer_version(folder: Path) -> None:
    path = folder / ".worksample" / "runs" / THIRD / "report.json"
    path.write_text('{"format": 2, "run": "new"}')
    said = refused(diff(folder))
    assert "has format 2; this version of Worksample reads 1" in said


def test_refuses_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    assert "'2027' is not a run of" in refused(diff(folder, FIRST, "2027"))
    assert "matches several runs" in refused(diff(folder, "20261123"))
    assert "There is no folder nowhere" in refused(diff(folder, FIRST, SECOND, "nowhere"))
    assert "at most two runs" in refused(diff(folder, FIRST, SECOND, THIRD, "."))
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "worksample.toml").write_text('challenge = "conduit"\n')
    assert "There is no run in" in refused(diff(alone))
    save(alone, RUNS[0])
    assert f"There is only one run in {alone}: {FIRST}." in refused(diff(alone))
