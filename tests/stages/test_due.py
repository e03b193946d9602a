"""Tests of the stage from which on a mutant must die."""

from __future__ import annotations

import pytest

from tests.stages.due import due_stage, shown_by
from worksample.catalogue import load

ENTRIES = [
    (challenge, solution, mutant)
    for challenge, solutions in shown_by().items()
    for solution, mutants in solutions.items()
    for mutant in mutants
]


@pytest.mark.parametrize(("challenge", "solution", "mutant"), ENTRIES)
def test_mutant_shows_later_than_its_checks(challenge: str, solution: str, mutant: str) -> None:
    loaded = load(challenge)
    mutants = {each.id: each for each in loaded.answers("a test").mutants(solution)}
    stages = {check.id: check.stage for check in loaded.checks}
    last = max(stages[each] for each in mutants[mutant].killed_by)
    assert due_stage(loaded, solution, mutants[mutant]) > last


def test_mutant_is_due_in_the_last_stage_of_its_checks() -> None:
    conduit = load("conduit")
    stages = {check.id: check.stage for check in conduit.checks}
    mutant = conduit.answers("a test").mutants("python-fastapi")[0]
    last = max(stages[each] for each in mutant.killed_by)
    assert due_stage(conduit, "python-fastapi", mutant) == last
