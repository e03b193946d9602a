"""What runs of the same tests on several servers say about the tests."""

from __future__ import annotations

import pytest

from worksample.grading.http_tests.quality import (
    CorrectRuns,
    Fault,
    finds,
    is_reversed,
    relied_on,
    unreliable,
)
from worksample.stacks.testing import Outcome, TestResult
from worksample.targets.own_tests import OwnTestRun

LETTERS = {"p": Outcome.PASSED, "f": Outcome.FAILED, "e": Outcome.ERROR, "s": Outcome.SKIPPED}


def run(letters: str, problem: str = "") -> OwnTestRun:
    """Return a run of tests called 0, 1, ... (`-`: the test did not run)."""
    results = [
        TestResult(str(number), LETTERS[letter], message=f"\n  because {letter}\nmore")
        for number, letter in enumerate(letters)
        if letter != "-"
    ]
    return OwnTestRun("tool", tuple(results), problem)


def servers(*runs: str) -> list[CorrectRuns]:
    """Return the runs on two servers: twice in the usual order, once in another."""
    one, two, reverse = (run(each) for each in runs[:3])
    first, second, last = (run(each) for each in runs[3:])
    return [
        CorrectRuns("python", [one, two], [reverse]),
        CorrectRuns("node", [first, second], [last]),
    ]


@pytest.mark.parametrize(
    ("runs", "fault", "says"),
    [
        ("f f f f f f", Fault.WRONG, "fails on python and on node: because f"),
        ("e e e e e e", Fault.WRONG, "fails on python and on node: because e"),
        ("p f p p p p", Fault.FLAKY, "passes and fails on python: because f"),
        ("p - p p p p", Fault.FLAKY, "passes and fails on python: it is not run each time"),
        ("p p f p p f", Fault.ORDER, "fails in another order on python: because f"),
        ("p p p p p f", Fault.ORDER, "fails in another order on node: because f"),
        ("p p p f f f", Fault.STACK, "passes on python, fails on node: because f"),
        ("p p p - - -", Fault.STACK, "passes on python, fails on node: it is not run each time"),
        ("p p p s s s", Fault.STACK, "is skipped on node only"),
    ],
)
def test_unreliable_test_is_named_with_its_fault(runs: str, fault: Fault, says: str) -> None:
    found = servers(*(f"p{each}" for each in runs.split()))
    [told] = unreliable(found)
    assert (told.name, told.fault, told.says) == ("1", fault, says)
    assert "1" not in relied_on(found)
    assert "0" in relied_on(found)


@pytest.mark.parametrize("runs", ["p p p p p p", "s s s s s s"])
def test_reliable_test_is_not_named(runs: str) -> None:
    assert unreliable(servers(*runs.split())) == []


def test_skipped_test_finds_nothing() -> None:
    assert relied_on(servers(*["ps"] * 6)) == {"0"}


@pytest.mark.parametrize(
    ("letters", "problem", "found"),
    [
        ("pp", "", False),
        ("ps", "", False),
        ("pf", "", True),
        ("pe", "", True),
        ("p-", "", True),
        ("fp", "", False),
        ("", "not finished after 30 s", True),
    ],
)
def test_defect_is_found_by_a_test_that_is_relied_on(
    letters: str, problem: str, found: bool
) -> None:
    assert finds(run(letters, problem), {"1"}) is found


def test_worst_of_equal_names_counts() -> None:
    twice = (TestResult("1", Outcome.FAILED), TestResult("1", Outcome.PASSED))
    assert finds(OwnTestRun("tool", twice), {"1"})


def test_reverse_order_is_recognised() -> None:
    usual = run("ppp")
    backwards = OwnTestRun("tool", usual.results[::-1])
    assert is_reversed([CorrectRuns("python", [usual], [backwards])])
    assert not is_reversed([CorrectRuns("python", [usual], [usual])])
