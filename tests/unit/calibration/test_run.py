"""Which references and mutants are tried."""

from __future__ import annotations

import pytest

from worksample.calibration import Trials
from worksample.catalogue import load
from worksample.errors import UserError


def trials(*mutants: str) -> Trials:
    return Trials(load("booking"), stacks=("python-fastapi",), mutants=mutants)


def test_mutants_that_are_asked_for_are_tried() -> None:
    found = trials("anybody-reads-a-reservation").chosen_mutants()
    assert [(stack, each.id) for stack, each in found] == [
        ("python-fastapi", "anybody-reads-a-reservation")
    ]


def test_unknown_mutant_beside_a_known_one_is_told() -> None:
    with pytest.raises(UserError, match="booking has no mutant 'no-such' in python-fastapi"):
        trials("anybody-reads-a-reservation", "no-such").chosen_mutants()
