"""Measure what each check costs and which planted defects it finds: `costs.json` of a challenge.

    python bench/check_costs.py conduit REPORT.json...

The reports are those of whole checks of reference solutions (`worksample check --json`) on a
machine with nothing else to do. A check accounts for its share of the time of its phase, in which
others run beside it. One that took next to nothing uses the result of an experiment that another
check has paid for: it counts as much as its like. The defects are the mutants that name the check,
numbered.

`worksample check --budget` orders checks by it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median

from worksample.catalogue import Challenge, load
from worksample.catalogue.costs import COSTS, CheckCost
from worksample.catalogue.measured import as_json
from worksample.checks import Check
from worksample.checks.lab_pool import MAX_LABS
from worksample.checks.target_runner import WIDTH
from worksample.grading import Report, codec

_BENCH = "the costs of checks"
#: Below this part of the mean of its like, a check has not paid for what it found.
_FREE_RIDE = 0.1


def shares(report: Report) -> dict[str, float]:
    """Return how many seconds of the run each check accounts for, by id."""
    occupied = {
        result.check.id: result.seconds / _beside(result.check)
        for result in report.results
        if result.requests or result.seconds
    }
    factor = report.timings["asking"] / sum(occupied.values())
    return {name: seconds * factor for name, seconds in occupied.items()}


def without_free_rides(challenge: Challenge, seconds: Mapping[str, float]) -> Mapping[str, float]:
    """Return `seconds`, but for a check far below its like, the mean of these.

    Its like are the checks of its file, or all checks in labs, or all others.
    """
    found = dict(seconds)
    checks = [check for check in challenge.checks if check.id in seconds]
    for like in (_of_file, _of_kind):
        groups: dict[object, list[str]] = {}
        for check in checks:
            groups.setdefault(like(check), []).append(check.id)
        for names in groups.values():
            typical = mean(found[name] for name in names)
            found |= {name: typical for name in names if found[name] < typical * _FREE_RIDE}
    return found


def _of_file(check: Check) -> object:
    return check.source.rpartition(":")[0], check.lab


def _of_kind(check: Check) -> object:
    return check.lab


def _beside(check: Check) -> int:
    """Return how many checks run at the same time as this one, itself included."""
    if check.alone:
        return 1
    return MAX_LABS if check.lab else WIDTH


def defects_by_check(challenge: Challenge) -> dict[str, list[int]]:
    """Return the numbers of the mutants that name each check, by its id."""
    answers = challenge.answers(_BENCH)
    mutants = [each for name in answers.solutions for each in answers.mutants(name)]
    names = sorted({each.id for each in mutants})
    found: dict[str, set[int]] = {}
    for mutant in mutants:
        for check in mutant.killed_by:
            found.setdefault(check, set()).add(names.index(mutant.id))
    return {check: sorted(numbers) for check, numbers in found.items()}


def costs(challenge: Challenge, reports: Sequence[Report]) -> Mapping[str, CheckCost]:
    """Return the cost of each check that sends requests: the median over the reports."""
    measured = [shares(report) for report in reports]
    defects = defects_by_check(challenge)
    seconds = {
        check.id: median(each[check.id] for each in measured if check.id in each)
        for check in challenge.checks
        if check.function and any(check.id in each for each in measured)
    }
    return {
        name: CheckCost(round(value, 4), tuple(defects.get(name, ())))
        for name, value in without_free_rides(challenge, seconds).items()
    }


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("challenge")
    parser.add_argument("reports", nargs="+", type=Path)
    options = parser.parse_args()
    challenge = load(options.challenge)
    found = costs(challenge, [codec.read(path) for path in options.reports])
    path = challenge.folder / COSTS
    path.write_bytes(as_json(found))
    total = sum(each.seconds for each in found.values())
    print(f"{path}: {len(found)} checks, {total:.1f} s")


if __name__ == "__main__":
    main()
