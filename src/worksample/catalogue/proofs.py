"""How a check is proven: by the mutants that it must kill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksample.catalogue.model import Challenge


@dataclass(frozen=True, slots=True)
class Proof:
    """How many mutants of each reference solution name a check, and their classes of defects.

    It says nothing that would give a mutant away.
    """

    mutants: Mapping[str, int]
    defects: tuple[str, ...]


def proof_of(challenge: Challenge, check: str) -> Proof:
    """Return the proof of the check with this id.

    Raises `MissingAnswers` if the mutants are not installed, `CatalogueError` if one is invalid.
    """
    answers = challenge.answers("the proof of a check")
    counted: dict[str, int] = {}
    defects: set[str] = set()
    for solution in answers.solutions:
        naming = [each for each in answers.mutants(solution) if check in each.killed_by]
        counted[solution] = len(naming)
        defects.update(kind for mutant in naming for kind in mutant.defect.split(", "))
    return Proof(counted, tuple(sorted(defects)))
