"""A whole server in Go, as somebody may bring it: accepted as it is, and rejected with a defect.

$STAGES_SEED chooses the defects; `STAGES_SEED=all`, for this file alone, tries all.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.support.checking import Report, check, verdicts
from tests.support.machine import OF_THE_MACHINE
from worksample.catalogue.mutants import Mutant, mutants_in
from worksample.stacks.go.toolchain import toolchains

APPS = Path(__file__).parents[1] / "support" / "apps"
SEED = os.environ.get("STAGES_SEED", "1")
MUTANTS = mutants_in(APPS / "go-conduit.mutants")
CHOSEN = MUTANTS if SEED == "all" else random.Random(SEED).sample(MUTANTS, 4)

pytestmark = [
    pytest.mark.skipif(not any(toolchains()), reason="Go is not installed"),
    pytest.mark.slow,
    pytest.mark.alone,
]


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A copy of the server that may be changed."""
    return Path(shutil.copytree(APPS / "go-conduit", tmp_path / "conduit"))


def checked(server: Path, *arguments: str) -> tuple[int, Report]:
    """Check by the brief; return exit code and report."""
    code, report = check(server, "--challenge", "conduit", "--spec", "brief", *arguments)
    if "downloading the Go modules" in str(report["problem"]):
        pytest.skip(f"{OF_THE_MACHINE}the modules of Go cannot be downloaded")
    return code, report


def test_server_in_go_is_accepted(server: Path) -> None:
    code, report = checked(server)
    assert (code, report["verdict"]) == (0, "accepted"), verdicts(report, "fail")
    assert report["stack"] == "go-nethttp"
    assert not verdicts(report, "blocked") | verdicts(report, "undecided")


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda each: f"{each.id}, seed {SEED}")
def test_defect_of_a_server_in_go_is_found(server: Path, mutant: Mutant) -> None:
    mutant.apply(server)
    code, report = checked(server, "--only", ",".join(sorted(mutant.killed_by)))
    assert code == 1
    assert verdicts(report, "fail") >= set(mutant.killed_by)
