"""What each check of a challenge costs, and which planted defects it finds.

`costs.json` of a challenge is measured: `bench/check_costs.py` writes it from reports of the
reference solutions and from the mutants. It gives no mutant away: defects are only numbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from worksample.catalogue.measured import read_measured

COSTS = "costs.json"


class CheckCost(msgspec.Struct, frozen=True):
    """The seconds of a run that a check accounts for, and the numbers of the defects it finds."""

    seconds: float
    defects: tuple[int, ...] = ()


def read_costs(challenge: Path) -> Mapping[str, CheckCost]:
    """Return the costs of the checks, by id; empty if nobody has measured the challenge.

    A check that was added later has none. Raises `BrokenChallenge` if the file is broken.
    """
    return read_measured(challenge / COSTS, CheckCost)
