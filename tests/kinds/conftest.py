"""Tasks that several modules solve."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kinds.fixing import CHALLENGE, DEFECT, STACK, mend, seed_of
from tests.support.running import worksample


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fix")
    seed = str(seed_of(DEFECT))
    done = worksample(
        *("start", CHALLENGE, "--kind", "fix", "--stack", STACK, "--seed", seed, "mine"), cwd=place
    )
    assert done.returncode == 0, done.stderr
    assert f"mine is ready: Booking: seats on a ferry, in {STACK}, task {seed}." in done.stdout
    return place / "mine"


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task whose only ticket is that anyone reads a reservation."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def mended(task: Path) -> Path:
    mend(task)
    return task
