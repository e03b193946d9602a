"""What each check of a challenge costs, and which planted defects it finds.

`costs.json` of a challenge is measured: `bench/check_costs.py` writes it from reports of the
reference solutions and from the mutants. It gives no mutant away: defects are only numbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from worksample.errors import BrokenChallenge
from worksample.messages import message

COSTS = "costs.json"


class CheckCost(msgspec.Struct, frozen=True):
    """The seconds of a run that a check accounts for, and the numbers of the defects it finds."""

    seconds: float
    defects: tuple[int, ...] = ()


def read_costs(challenge: Path) -> Mapping[str, CheckCost]:
    """Return the costs of the checks, by id; empty if nobody has measured the challenge.

    A check that was added later has none. Raises `BrokenChallenge` if the file is broken.
    """
    path = challenge / COSTS
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, CheckCost])
    except msgspec.MsgspecError as error:
        raise BrokenChallenge(
            message("{path} is broken: {reason}.", path=path, reason=error),
            hint="Measure it again, or remove it.",
        ) from None


def as_json(costs: Mapping[str, CheckCost]) -> bytes:
    """Return `costs` as JSON, a line a check."""
    lines = (
        f"  {msgspec.json.encode(name).decode()}: {msgspec.json.encode(costs[name]).decode()}"
        for name in sorted(costs)
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
