"""Which checks a run with a time budget asks: those that tell most for the time, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from worksample.catalogue import Challenge
from worksample.catalogue.costs import CheckCost
from worksample.checks import Check
from worksample.checks.schedule import Budget
from worksample.grading.harm import Harm, harm_at_risk

#: How much more than the budget is planned: a server may be faster than the references were.
_OVERBOOKED = 1.5
#: How many ordinary defects one weighs that harms so much.
_WEIGHTS = {Harm.OTHERS_DATA: 4.0, Harm.EVERYBODY: 2.0, Harm.LIMITED: 1.0, Harm.FORM: 0.5}
#: What a check tells of which no defect is known, or whose defects others find: it may still fail.
_UNKNOWN = 0.1
#: The seconds of a check where nothing was measured, by whether it needs a copy of the server.
_UNMEASURED = {False: 0.1, True: 1.0}


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """The checks to ask, those that tell most in front, and how many seconds each may need."""

    checks: tuple[Check, ...]
    seconds: Mapping[str, float]

    def schedule(self, budget: float) -> Budget:
        """Return the schedule of a run with so many seconds."""
        return Budget(budget, self.seconds)


def plan(challenge: Challenge, checks: Sequence[Check], budget: float) -> BudgetPlan:
    """Return what to ask of `checks` within `budget` seconds.

    Checks that only look at what others ask cost nothing. Those that prove an operation come
    first: without them nobody can say why the checks fail that need it.
    """
    costs = _known_costs(checks, challenge.costs)
    proofs = {each.proven_by for each in challenge.world.operations}
    active = [check for check in checks if check.function is not None]
    first = [check for check in active if check.id in proofs]
    rest = [check for check in active if check.id not in proofs]
    chosen, left = [], budget * _OVERBOOKED
    for check in by_value(first, costs) + by_value(rest, costs, _defects(first, costs)):
        left -= costs[check.id].seconds
        chosen.append(check)
        if left <= 0:
            break
    passive = [check for check in checks if check.function is None]
    seconds = {check.id: costs[check.id].seconds for check in chosen}
    return BudgetPlan((*passive, *chosen), seconds)


def by_value(
    checks: Iterable[Check], costs: Mapping[str, CheckCost], known: Collection[int] = ()
) -> list[Check]:
    """Return `checks`, always the one next that tells most for its time.

    A check tells the defects that those before it do not find (nor `known`), weighed by the harm
    that it guards against. Among equals, the lowest stage comes first.
    """
    left, found = sorted(checks, key=lambda check: check.stage), set(known)
    ordered = []
    while left:
        best = max(left, key=lambda check: _value(check, costs[check.id], found))
        left.remove(best)
        ordered.append(best)
        found.update(costs[best.id].defects)
    return ordered


def _value(check: Check, cost: CheckCost, found: Collection[int]) -> float:
    new = sum(defect not in found for defect in cost.defects)
    return _WEIGHTS[harm_at_risk(check)] * (new + _UNKNOWN) / max(cost.seconds, 0.001)


def _defects(checks: Iterable[Check], costs: Mapping[str, CheckCost]) -> set[int]:
    return {defect for check in checks for defect in costs[check.id].defects}


def _known_costs(
    checks: Sequence[Check], measured: Mapping[str, CheckCost]
) -> dict[str, CheckCost]:
    """Return the cost of every check; of one that was not measured, what its like cost."""
    typical = dict(_UNMEASURED)
    for in_lab in typical:
        like = [measured[c.id].seconds for c in checks if c.id in measured and c.lab is in_lab]
        typical[in_lab] = median(like) if like else typical[in_lab]
    return {check.id: measured.get(check.id) or CheckCost(typical[check.lab]) for check in checks}
