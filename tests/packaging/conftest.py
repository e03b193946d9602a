"""Both distributions, built once, and the main one installed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.installation import Installation

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Distributions:
    """The files that `make dist` writes."""

    wheel: Path
    sdist: Path
    answers_wheel: Path
    answers_sdist: Path


@pytest.fixture(scope="package")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build both distributions as `make dist` does."""
    folder = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder))
    for project in (ROOT, ROOT / "packages" / "answers"):
        done = subprocess.run([*build, str(project)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("worksample-*.whl")
    (sdist,) = folder.glob("worksample-*.tar.gz")
    (answers_wheel,) = folder.glob("worksample_answers-*.whl")
    (answers_sdist,) = folder.glob("worksample_answers-*.tar.gz")
    return Distributions(wheel, sdist, answers_wheel, answers_sdist)


@pytest.fixture(scope="package")
def learner(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return an environment with the main distribution alone."""
    made = Installation(tmp_path_factory.mktemp("learner") / "venv")
    made.install(distributions.wheel)
    return made
