"""Without the tests that it breaks, the own tests of a solution with a mutant pass."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from worksample.catalogue import load
from worksample.services import services
from worksample.stacks import detect
from worksample.stacks.testing import Outcome
from worksample.targets.own_tests import OwnTestRun, run_own_tests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
ANSWERS = load("booking").answers("this test")
SAMPLE, SEED = 2, 13


def sample() -> Iterator[tuple[str, str]]:
    """Yield mutants that break some tests of each solution, chosen by the seed."""
    for solution in ANSWERS.solutions:
        broken = ANSWERS.broken_own_tests(solution)
        everything = {name for names in broken.values() for name in names}
        some = sorted(each for each, names in broken.items() if 0 < len(names) < len(everything))
        for mutant in random.Random(SEED).sample(some, min(SAMPLE, len(some))):
            yield solution, mutant


async def own_tests_without(names: tuple[str, ...], folder: Path) -> OwnTestRun:
    """Leave `names` out of the solution in `folder` and run the other tests."""
    plan = detect(folder)
    plan.stack.without_tests(folder, names)
    async with (
        services()["postgres"].start() as server,
        plan.build(tests=True) as built,
    ):
        return await run_own_tests(built, [await server.create_resource()])


@pytest.mark.parametrize(("solution", "mutant"), list(sample()))
def test_other_tests_pass(solution: str, mutant: str, tmp_path: Path) -> None:
    (planted,) = [each for each in ANSWERS.mutants(solution) if each.id == mutant]
    folder = ANSWERS.copy(solution, tmp_path / "app", planted)
    names = ANSWERS.broken_own_tests(solution)[mutant]
    done = asyncio.run(own_tests_without(names, folder))
    assert done.passed, f"{done.problem}\n{done.log}"
    assert {each.outcome for each in done.results} == {Outcome.PASSED}
    assert not {each.name for each in done.results} & set(names)
