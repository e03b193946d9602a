"""The command `worksample calibrate`, run as a subprocess."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from worksample.calibration import Trials
from worksample.catalogue import load

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


def chosen(seed: int, sample: int, **rest: Any) -> list[str]:
    """Return the names of the mutants that such a sample has."""
    trials = Trials(load("conduit"), sample=sample, seed=seed, **rest)
    return [f"{stack}/{mutant.id}" for stack, mutant in trials.chosen_mutants()]


def test_a_sample_is_chosen_by_the_seed_and_nothing_is_called_unproven(tmp_path: Path) -> None:
    matrix = tmp_path / "matrix.json"
    words = ("--sample", "1", "--only", "security", "--stack", "node-express", "--seed", "7")
    ran = calibrate("conduit", *words, "--no-references", "--out", str(matrix))
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert "seed 7" in ran.stdout
    assert "nproven" not in ran.stdout
    (name,) = chosen(7, 1, only=("security",), stacks=("node-express",))
    assert f"\n  {name}\n" in ran.stdout
    [trial] = json.loads(matrix.read_text("utf-8"))["trials"]
    assert f"node-express/{trial['mutant']}" == name


def test_another_seed_chooses_another_sample() -> None:
    one, other = chosen(1, 20), chosen(2, 20)
    assert len(set(one)) == len(set(other)) == 20
    assert one != other


def test_unknown_challenge_exits_with_2() -> None:
    ran = calibrate("conduits")
    assert ran.returncode == 2
    assert "conduits" in ran.stderr
    assert "Traceback" not in ran.stderr
