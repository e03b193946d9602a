"""Which defects a task has."""

from __future__ import annotations

import random
from collections.abc import Sequence

from worksample.catalogue.mutants import Mutant

#: How many tasks of ten have one, two and three defects.
_WEIGHTS = {1: 5, 2: 3, 3: 2}


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
    """Return whether the patches touch different files, and no check is to find both."""
    return not one.files & other.files and not {*one.killed_by} & {*other.killed_by}
