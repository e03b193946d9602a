"""With forty changes, a reference passes its own tests, and its check accepts it.

$STAGES_SEED chooses one solution of each challenge; `VARIATIONS=all` tries all.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
from pathlib import Path

import pytest

from tests.support.running import PROGRAM, environment
from tests.support.solutions import require_solution
from tests.unit.targets.test_reference_tests import ALONE, own_tests_of
from tests.unit.tasks.references import REFERENCES, answers, sampled
from worksample.stacks.testing import Outcome
from worksample.tasks.variation import variations

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
COUNT = 40


def chosen(challenge: str) -> list[object]:
    """Return the solutions of a challenge that this run tries."""
    solutions = [solution for name, solution in REFERENCES if name == challenge]
    names = [solutions[each] for each in sampled(range(len(solutions)), 1)]
    return [pytest.param(each, marks=[pytest.mark.alone] * (each in ALONE)) for each in names]


def changed(challenge: str, solution: str, folder: Path, seed: int) -> Path:
    """Return a copy of a reference with `COUNT` changes."""
    answers(challenge).copy(solution, folder)
    found = variations(folder, random.Random(seed), COUNT)
    assert [each.apply(folder) for each in found] == [True] * COUNT
    return folder


@pytest.mark.parametrize("solution", chosen("conduit"))
def test_own_tests_of_changed_reference_pass(solution: str, tmp_path: Path) -> None:
    require_solution("conduit", solution)
    done = asyncio.run(own_tests_of(changed("conduit", solution, tmp_path / "copy", seed=1)))
    assert not done.problem, f"{done.problem}\n{done.log}"
    assert {each.outcome for each in done.results} == {Outcome.PASSED}


@pytest.mark.alone
@pytest.mark.parametrize("solution", chosen("booking"))
def test_changed_reference_is_accepted(solution: str, tmp_path: Path) -> None:
    changed("booking", solution, tmp_path / "copy", seed=2)
    done = subprocess.run(
        [*PROGRAM, "check", "copy", "--challenge", "booking", "--no-html"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
