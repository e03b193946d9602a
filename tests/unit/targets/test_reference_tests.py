"""The own tests of every reference pass with the services that a check would provide."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.solutions import require_solution
from worksample.services import services
from worksample.stacks import detect
from worksample.stacks.testing import Outcome
from worksample.targets.own_tests import OwnTestRun, run_own_tests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
ROOT = Path(__file__).parents[3]
REFERENCES = sorted(ROOT.glob("challenges/*/solutions/*/"))


async def own_tests_of(reference: Path) -> OwnTestRun:
    """Build `reference` with its tests and run them on a database of their own."""
    async with (
        services()["postgres"].start() as server,
        detect(reference).build(tests=True) as built,
    ):
        return await run_own_tests(built, [await server.create_resource()])


@pytest.mark.parametrize(
    "reference",
    REFERENCES,
    ids=lambda path: f"{path.parts[-3]}-{path.name}",
)
def test_every_test_of_a_reference_passes(reference: Path) -> None:
    require_solution(reference.parts[-3], reference.name)
    done = asyncio.run(own_tests_of(reference))
    assert not done.problem, f"{done.problem}\n{done.log}"
    assert done.results
    assert {
        each.name: each.outcome for each in done.results if each.outcome is not Outcome.PASSED
    } == {}


def test_every_reference_is_tried() -> None:
    assert len(REFERENCES) >= 4
