"""How many checks could not be asked, for which causes."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.reports.support.unasked import causes_of_blocks


def blocked(number: int, by: str) -> list[CheckResult]:
    """Return results of checks that `by` blocks."""
    return [
        CheckResult(reports.check(f"{by}-{n}"), Verdict.BLOCKED, blocked_by=by)
        for n in range(number)
    ]


def failed(name: str) -> CheckResult:
    """Return a failure with a cause of its own."""
    return reports.failed(reports.check(name), reports.finding(error=f"main.py: {name}"))


def causes(results: Sequence[CheckResult]) -> str:
    """Return what is said of a report with these results."""
    return str(causes_of_blocks(reports.report(results)))


def test_nothing_is_said_if_nothing_is_blocked() -> None:
    assert causes([failed("one")]) == ""


def test_causes_that_block_most_are_named_first() -> None:
    names = ("one", "two", "three", "four")
    told = causes(
        [*map(failed, names), *blocked(1, "one"), *blocked(3, "two"), *blocked(2, "three"),
         *blocked(1, "four")]
    )  # fmt: skip
    assert told.startswith("3 for “")
    assert ", 2 for “" in told
    assert told.endswith(", 2 for 2 other causes")


def test_blocks_of_blocked_checks_count_for_the_cause_at_the_end() -> None:
    told = causes([failed("one"), *blocked(1, "one"), *blocked(2, "one-0")])
    assert told.startswith("3 for “")


def test_excused_checks_do_not_count_and_those_without_a_cause_do() -> None:
    excused = CheckResult(reports.check("lab"), Verdict.BLOCKED, reason="no lab", excused=True)
    error = CheckResult(reports.check("ours"), Verdict.ERROR, reason="broken")
    assert causes([excused, error, *blocked(2, "ours")]) == "2 for a check without a verdict"
