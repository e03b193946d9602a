"""A challenge has the same number of checks wherever one is named."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.counters import ENVIRONMENT, counter_workspace
from tests.support.running import worksample


def test_same_number_of_checks_in_catalogue_progress_and_report(tmp_path: Path) -> None:
    folder = counter_workspace("correct", tmp_path / "mine")
    done = worksample("check", "--no-html", cwd=folder, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13 checks to run" in done.stderr
    assert "all 13 checks passed" in done.stdout
    report = json.loads(worksample("report", "--json", cwd=folder, env=ENVIRONMENT).stdout)
    assert len(report["checks"]) == 13
    listed = worksample("work", "--json", cwd=folder, env=ENVIRONMENT)
    assert json.loads(listed.stdout)["challenges"][0]["checks"] == 13
    status = worksample("status", cwd=folder, env=ENVIRONMENT)
    assert "1  It starts and counts: done, 5 of 5 checks pass" in status.stdout


def test_selection_counts_what_is_named_and_the_check_that_the_server_stays_up(
    tmp_path: Path,
) -> None:
    folder = counter_workspace("correct", tmp_path / "mine")
    words = ["check", "--no-html", "--only", "a-name-is-text"]
    done = worksample(*words, cwd=folder, env=ENVIRONMENT)
    assert "2 checks to run" in done.stderr
    assert "all 2 checks passed" in done.stdout
    repeated = worksample(*words, "--only", "a-name-is-given-once", cwd=folder, env=ENVIRONMENT)
    assert "all 3 checks passed" in repeated.stdout
    words[-1] = "the-server-stays-up"
    done = worksample(*words, cwd=folder, env=ENVIRONMENT)
    assert done.returncode == 2
    assert "No check matches the selection: only the-server-stays-up" in done.stderr
