"""The stage from which on a mutant must die."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.mutants import Mutant

_SHOWN_BY = Path(__file__).parent / "shown_by.toml"


@cache
def shown_by() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return `shown_by.toml`: challenge, solution, mutant, operation."""
    return tomllib.loads(_SHOWN_BY.read_text(encoding="utf-8"))


def due_stage(challenge: Challenge, solution: str, mutant: Mutant) -> int:
    """Return the stage from which on `mutant` must die: that of the checks that kill it.

    If it shows only at a later operation, the stage of that operation.
    """
    stages = {check.id: check.stage for check in challenge.checks}
    due = max(stages[each] for each in mutant.killed_by)
    operation = shown_by().get(challenge.id, {}).get(solution, {}).get(mutant.id)
    if operation is None:
        return due
    return max(due, next(each.stage for each in challenge.world.operations if each.id == operation))
