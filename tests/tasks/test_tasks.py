"""A sample of the tasks that `make prove-tasks` proves: others in each run.

Of each kind, one task of two stacks of each challenge, of `speed-up`, which takes longest, of one;
$STAGES_SEED chooses them.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.support.solutions import require_solution
from tests.tasks.proving import problems, problems_of_defects
from tests.tasks.proving_reviews import problems_of_review
from tests.tasks.proving_speed import speed_problems
from worksample.catalogue import load
from worksample.grading.kinds import kind_called

SEED = int(os.environ.get("STAGES_SEED", "1"), 0) % 100_000


def chosen(kind: str, count: int = 2) -> list[tuple[str, str]]:
    """Return challenges with some of the stacks in which they offer a kind of work."""
    found = {name: list(kind_called(kind).stacks(load(name))) for name in ("booking", "conduit")}
    return [
        (name, stack)
        for name, stacks in found.items()
        for stack in sorted(random.Random(f"{SEED} {kind}").sample(stacks, count))
    ]


@pytest.mark.slow
@pytest.mark.timeout(1300)
@pytest.mark.parametrize(("challenge", "stack"), chosen("fix"))
def test_task_is_told_from_the_reference(challenge: str, stack: str) -> None:
    require_solution(challenge, stack)
    assert not problems(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(1900)
@pytest.mark.parametrize(("challenge", "stack"), chosen("speed-up", count=1))
def test_waste_tells_a_slow_task_from_the_reference(challenge: str, stack: str) -> None:
    require_solution(challenge, stack)
    assert not speed_problems(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.parametrize(("challenge", "stack"), chosen("test"))
def test_defects_of_a_test_target_apply(challenge: str, stack: str) -> None:
    assert not problems_of_defects(challenge, stack, SEED)


@pytest.mark.slow
@pytest.mark.parametrize(("challenge", "stack"), chosen("review"))
def test_review_is_told_right_from_wrong(challenge: str, stack: str) -> None:
    found = [problems_of_review(challenge, stack, SEED + each) for each in range(5)]
    assert not [line for lines in found for line in lines]
