"""The command `worksample calibrate`, run as a subprocess."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CHECK, MUTANT = "favourites-come-newest-first", "favourites-come-as-they-were-marked"


def calibrate(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "worksample", "calibrate", *words],
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_runs_check_on_mutants_that_name_it(tmp_path: Path) -> None:
    matrix = tmp_path / "matrix.json"
    ran = calibrate("conduit", "--only", CHECK, "--no-references", "--out", str(matrix))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"ok    node-express/{MUTANT}: killed by " in ran.stdout
    assert "0 runs of references, 1 of mutants" in ran.stdout
    [trial] = json.loads(matrix.read_text("utf-8"))["trials"]
    assert (trial["mutant"], CHECK in trial["killers"]) == (MUTANT, True)


def test_unknown_challenge_exits_with_2() -> None:
    ran = calibrate("conduits")
    assert ran.returncode == 2
    assert "conduits" in ran.stderr
    assert "Traceback" not in ran.stderr
