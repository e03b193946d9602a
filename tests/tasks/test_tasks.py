"""A sample of the tasks that `make prove-tasks` proves: one of each stack, another in each run."""

from __future__ import annotations

import os

import pytest

from tests.tasks.proving import problems, problems_of_defects
from tests.tasks.proving_reviews import problems_of_review
from tests.tasks.proving_speed import speed_problems

SEED = int(os.environ.get("STAGES_SEED", "1"), 0) % 100_000


@pytest.mark.slow
@pytest.mark.timeout(1300)
@pytest.mark.parametrize("stack", ["node-express", "python-fastapi"])
@pytest.mark.parametrize("challenge", ["booking", "conduit"])
def test_task_is_told_from_the_reference(challenge: str, stack: str) -> None:
    assert not problems(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(1900)
@pytest.mark.parametrize("stack", ["node-express", "python-fastapi"])
@pytest.mark.parametrize("challenge", ["booking", "conduit"])
def test_waste_tells_a_slow_task_from_the_reference(challenge: str, stack: str) -> None:
    assert not speed_problems(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["node-express", "python-fastapi"])
@pytest.mark.parametrize("challenge", ["booking", "conduit"])
def test_defects_of_a_test_target_apply(challenge: str, stack: str) -> None:
    assert not problems_of_defects(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["node-express", "python-fastapi"])
@pytest.mark.parametrize("challenge", ["booking", "conduit"])
def test_review_is_told_right_from_wrong(challenge: str, stack: str) -> None:
    found = [problems_of_review(challenge, stack, SEED + each) for each in range(5)]
    assert not [line for lines in found for line in lines]
