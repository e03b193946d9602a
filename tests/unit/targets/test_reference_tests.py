"""The own tests of every reference pass with the services that a check would provide."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.solutions import require_solution
from worksample.catalogue import load, load_all
from worksample.services import services
from worksample.services.detection import used_services
from worksample.stacks import detect, load_settings
from worksample.stacks.testing import Outcome
from worksample.targets.own_tests import OwnTestRun, run_own_tests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
#: Their tests measure time: nothing else is computed meanwhile.
ALONE = {"python-django", "python-django-mysql"}
REFERENCES = [
    pytest.param(challenge.id, solution, marks=[pytest.mark.alone] if solution in ALONE else ())
    for challenge in load_all()
    for solution in challenge.answers("this test").solutions
]


async def own_tests_of(reference: Path, names: Iterable[str] = ("postgres",)) -> OwnTestRun:
    """Build `reference` with its tests and run them on the services called `names`."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(services()[name].start()) for name in names]
        built = await stack.enter_async_context(detect(reference).build(tests=True))
        return await run_own_tests(built, [await each.create_resource() for each in servers])


@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_every_test_of_a_reference_passes(challenge: str, solution: str) -> None:
    require_solution(challenge, solution)
    found = load(challenge)
    with found.answers("this test").whole(solution) as reference:
        used = [each.service for each in used_services(reference)]
        names = found.services.choose(load_settings(reference), used)
        done = asyncio.run(own_tests_of(reference, names))
    assert not done.problem, f"{done.problem}\n{done.log}"
    assert done.results
    assert {
        each.name: each.outcome for each in done.results if each.outcome is not Outcome.PASSED
    } == {}


def test_every_reference_is_tried() -> None:
    assert len(REFERENCES) >= 10
