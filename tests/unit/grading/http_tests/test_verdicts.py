"""What the learner's tests are told: results, notes, and what is left undecided."""

from __future__ import annotations

from pathlib import Path

from worksample.catalogue.mutants import Mutant
from worksample.checks import Verdict
from worksample.grading.http_tests.quality import CorrectRuns, unreliable
from worksample.grading.http_tests.verdicts import (
    FOUND,
    RIGHT,
    STACK,
    blocked_defects,
    of_correct_servers,
    of_defects,
    untouched,
)
from worksample.grading.report import RunVerdict, judge
from worksample.stacks.testing import Outcome, TestResult
from worksample.targets.own_tests import OwnTestRun
from worksample.tasks.testing import Defect, SealedTask


def task(planted: int = 10, needed: int = 7) -> SealedTask:
    defects = [
        Defect(
            number, 3, Mutant(f"m{number}", Path("m"), "d", f"Symptom {number}.", "w", "s", ("c",))
        )
        for number in range(1, planted + 1)
    ]
    return SealedTask("python", needed, defects, {}, {})


def passing(server: str) -> CorrectRuns:
    done = OwnTestRun("tool", (TestResult("a", Outcome.PASSED),))
    return CorrectRuns(server, [done, done], [done])


def test_enough_defects_are_accepted_and_the_others_noted() -> None:
    results, notes = of_defects(task(), set(range(1, 9)))
    assert judge(results) is RunVerdict.ACCEPTED
    assert [each.check.id for each in results] == [
        FOUND, *(f"defect-{number}-is-found" for number in range(1, 9)),
    ]  # fmt: skip
    assert notes == ["not found: Symptom 9.", "not found: Symptom 10."]


def test_too_few_defects_are_rejected_with_a_symptom_each() -> None:
    results, notes = of_defects(task(), {1, 2})
    assert (judge(results), notes) == (RunVerdict.REJECTED, [])
    failed = [each for each in results if each.verdict is Verdict.FAIL]
    assert failed[0].check.id == FOUND
    assert failed[1].check.title == "Defect 3: Symptom 3."
    assert len({each.findings[0].cause for each in failed}) == len(failed) == 9


def test_cause_of_a_defect_is_never_shown() -> None:
    results, _ = of_defects(task(), set())
    shown = str([each.findings for each in results])
    assert "Symptom 1." in shown
    assert results[0].findings[0].actual == "on none"
    assert "m1" not in shown


def test_one_correct_server_is_too_few() -> None:
    servers = [passing("python")]
    results = of_correct_servers(servers, unreliable(servers), {"node": "Node is missing"})
    assert judge(results) is RunVerdict.ERROR
    assert results[-1].check is STACK
    assert "(node: Node is missing)" in results[-1].reason


def test_two_correct_servers_are_enough() -> None:
    servers = [passing("python"), passing("node")]
    results = of_correct_servers(servers, unreliable(servers), {})
    assert judge(results) is RunVerdict.ACCEPTED


def test_run_that_breaks_off_is_told_first() -> None:
    broken = OwnTestRun("tool", (), "tool: not finished after 3 s", log="the last line")
    results = of_correct_servers([CorrectRuns("python", [broken])], [], {})
    assert results[0].check is RIGHT
    assert "on the correct server python: tool: not finished" in results[0].findings[0].actual
    assert results[0].findings[0].log == "the last line"
    assert {each.verdict for each in results[1:]} == {Verdict.BLOCKED}


def test_skipped_tests_are_no_tests() -> None:
    done = OwnTestRun("tool", (TestResult("a", Outcome.SKIPPED),))
    servers = [CorrectRuns("python", [done]), CorrectRuns("node", [done])]
    [result] = of_correct_servers(servers, unreliable(servers), {})
    assert result.findings[0].actual == "every test is skipped"


def test_untouched_task_and_blocked_defects_say_why() -> None:
    [result] = untouched(task())
    assert result.findings[0].actual == "nothing is changed yet"
    assert blocked_defects(task()).blocked_by == RIGHT.id
