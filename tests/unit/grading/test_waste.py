"""Tests of what counts as waste, and of which part is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worksample.checks import CheckResult, Verdict
from worksample.errors import InternalError
from worksample.grading.report import RunVerdict, judge
from worksample.grading.speed_checks import (
    ANSWERS,
    NO_WORSE,
    WASTE,
    comparison_of,
    results_of,
    without_the_answer,
    without_waste,
)
from worksample.grading.waste import Costs, compared, gone_in_all, wasted
from worksample.suites.large_data_costs import ReadCost, ServerCosts

GOOD = ReadCost(
    statements=1, writes=0, rows=20, size=2000, length=2700, status=200, entries=20, cpu=1.0,
    examined=200,
)  # fmt: skip
N_PLUS_ONE = replace(GOOD, statements=21)
ALL_ROWS = replace(GOOD, rows=17_000, size=1_800_000, cpu=22.0)
NO_INDEX = replace(GOOD, examined=30_000)
WRITES = replace(GOOD, writes=1)


def server(cost: ReadCost, own_rows: int = 0, own_statements: int = 0) -> ServerCosts:
    return ServerCosts({"a page": cost, "an account": GOOD}, own_statements, own_rows)


def costs(slow: ReadCost, yours: ReadCost) -> Costs:
    return Costs(server(slow), server(yours), server(GOOD))


def verdicts(measured: Costs) -> list[CheckResult]:
    return results_of(measured, compared(measured), 7)


def failed(measured: Costs) -> set[str]:
    return {each.check.id for each in verdicts(measured) if each.verdict is Verdict.FAIL}


@pytest.mark.parametrize("slow", [N_PLUS_ONE, ALL_ROWS, NO_INDEX, WRITES])
def test_slow_server_wastes_and_unchanged_one_is_rejected(slow: ReadCost) -> None:
    found = compared(costs(slow, slow))
    assert wasted(found)
    assert gone_in_all(found) == 0
    assert failed(costs(slow, slow)) == {WASTE.id}


@pytest.mark.parametrize("slow", [N_PLUS_ONE, ALL_ROWS, NO_INDEX, WRITES])
def test_reference_is_accepted(slow: ReadCost) -> None:
    assert gone_in_all(compared(costs(slow, GOOD))) == 100
    assert failed(costs(slow, GOOD)) == set()


def test_another_good_way_is_accepted() -> None:
    two_statements = replace(GOOD, statements=3, rows=41, size=5000, cpu=2.5, examined=900)
    for slow in (N_PLUS_ONE, ALL_ROWS, NO_INDEX):
        assert failed(costs(slow, two_statements)) == set()


def test_half_of_the_waste_is_not_enough() -> None:
    assert failed(costs(N_PLUS_ONE, replace(GOOD, statements=11))) == {WASTE.id}


def test_half_of_the_cpu_time_is_enough() -> None:
    assert failed(costs(ALL_ROWS, replace(GOOD, cpu=11.0))) == set()


def test_small_differences_are_no_waste() -> None:
    noisy = replace(GOOD, statements=2, rows=30, size=3000, cpu=2.5, examined=350)
    assert wasted(compared(costs(noisy, noisy))) == []


def test_waste_that_is_moved_to_another_measure_is_rejected() -> None:
    assert failed(costs(N_PLUS_ONE, replace(GOOD, rows=5000))) == {NO_WORSE.id}


def test_work_at_the_start_is_rejected() -> None:
    yours = server(GOOD, own_rows=10_000, own_statements=1)
    assert failed(Costs(server(ALL_ROWS), yours, server(GOOD))) == {NO_WORSE.id}
    few = server(GOOD, own_rows=300, own_statements=30)
    assert failed(Costs(server(ALL_ROWS), few, server(GOOD))) == set()


def test_shorter_page_is_rejected() -> None:
    assert failed(costs(ALL_ROWS, replace(GOOD, entries=5))) == {ANSWERS.id}


def test_answer_that_stays_the_same_is_rejected() -> None:
    fresh = server(replace(GOOD, changes=True))
    measured = Costs(server(replace(ALL_ROWS, changes=True)), server(GOOD), fresh)
    assert failed(measured) == {ANSWERS.id}
    assert failed(replace(measured, yours=fresh)) == set()


def test_named_checks_tell_no_answer_while_waste_is_left() -> None:
    measured = verdicts(costs(NO_INDEX, NO_INDEX))
    asked = [replace(measured[0], check=replace(WASTE, id="an-index")), measured[1]]
    first, second = without_the_answer(asked, measured, ["an-index"])
    assert (first.verdict, first.blocked_by, first.findings) == (Verdict.BLOCKED, WASTE.id, ())
    assert second == asked[1]
    solved = verdicts(costs(NO_INDEX, GOOD))
    assert without_the_answer(asked, solved, ["an-index"]) == asked


def test_comparison_shows_slow_yours_and_good() -> None:
    shown = comparison_of(compared(costs(NO_INDEX, replace(GOOD, examined=250))))
    assert shown.names == ("slow", "yours", "good")
    (row,) = shown.rows
    assert (row.label, row.values) == ("a page", (30_000.0, 250.0, 200.0))


def test_data_that_are_too_few_to_show_the_waste_block_what_is_measured() -> None:
    found = without_waste("The database cannot be filled.", 7)
    assert {each.check.id for each in found} == {WASTE.id, ANSWERS.id, NO_WORSE.id}
    assert {(each.verdict, each.check.stage) for each in found} == {(Verdict.BLOCKED, 7)}
    assert all(each.reason.endswith(": The database cannot be filled.") for each in found)
    assert judge(found) is RunVerdict.ERROR


def test_task_without_waste_is_our_fault() -> None:
    with pytest.raises(InternalError):
        without_waste("", 7)
