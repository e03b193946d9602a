"""Which defects a task has."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from worksample.catalogue import Challenge
from worksample.catalogue.mutants import Mutant

_BY_REQUESTS = ("behaviour", "contract", "security")
#: How many tasks of ten have one, two and three defects.
_WEIGHTS = {1: 5, 2: 3, 3: 2}


def testable(challenge: Challenge, mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return the mutants that a test can find every time, by requests alone.

    What shows only in a race, after a kill or in figures has no such test: nobody may be refused a
    fix because the regression test fails only now and then.
    """
    certain = {
        check.id
        for check in challenge.checks
        if check.aspect.value in _BY_REQUESTS and not (check.lab or check.alone)
    }
    return [each for each in mutants if certain.issuperset(each.killed_by)]


def choose(mutants: Sequence[Mutant], rng: random.Random) -> list[Mutant]:
    """Return one to three of `mutants` that stay told apart; `mutants` must not be empty."""
    (wanted,) = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    chosen: list[Mutant] = []
    for mutant in rng.sample(mutants, len(mutants)):
        if all(are_apart(mutant, other) for other in chosen):
            chosen.append(mutant)
        if len(chosen) == wanted:
            break
    return chosen


def are_apart(one: Mutant, other: Mutant) -> bool:
    """Return whether no check is to find both, and the patches touch different folders.

    Within a folder one defect may hide another: where an edit is refused that leaves out a field,
    what goes wrong with such an edit is not seen. A mutant that hides more than that says so.
    """
    if one.alone or other.alone:
        return False
    return not _folders(one) & _folders(other) and not {*one.killed_by} & {*other.killed_by}


def _folders(mutant: Mutant) -> set[PurePosixPath]:
    return {PurePosixPath(path).parent for path in mutant.files}
