"""Validate `costs.json` of a challenge: every check has a cost, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from worksample.catalogue.costs import COSTS, CheckCost
from worksample.catalogue.mistakes import Mistake, matching_line
from worksample.checks import Check
from worksample.messages import message

_NO_CHECK = "there is no check of this id that sends requests"


def mistakes_in_costs(folder: Path, checks: Sequence[Check]) -> Iterator[Mistake]:
    """Yield what is wrong with the costs of `checks`; nothing if nobody has measured them."""
    path = folder / COSTS
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        found = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        yield Mistake(path, 0, message("is broken: {error}", error=error))
        return
    measured = {check.id for check in checks if check.function is not None}
    for name, cost in found.items():
        problem = _problem(cost) if name in measured else _NO_CHECK
        if problem:
            at = matching_line(text, rf'^\s*"{re.escape(name)}"\s*:')
            yield Mistake(path, at, message("{check}: {problem}", check=name, problem=problem))
    for name in sorted(measured - set(found)):
        yield Mistake(path, 0, message("{check} has no cost: measure again", check=name))


def _problem(cost: Any) -> str:
    """Return what is wrong with the cost of a check, or an empty text."""
    try:
        known = msgspec.convert(cost, CheckCost)
    except msgspec.ValidationError as error:
        return str(error)
    if known.seconds < 0 or any(number < 0 for number in known.defects):
        return "seconds and numbers of defects are not negative"
    return ""
