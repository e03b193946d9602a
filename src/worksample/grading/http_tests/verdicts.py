"""The results of the kind of work `test`: what the learner's tests are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from worksample.checks import Aspect, Check, CheckResult, Finding, Verdict
from worksample.grading.http_tests.quality import CorrectRuns, Fault, Unreliable, relied_on
from worksample.grading.report import Score
from worksample.messages import message, plural
from worksample.targets.own_tests import OwnTestRun
from worksample.tasks.testing import Defect, SealedTask

_MAX_SHOWN = 8


def _check(name: str, title: str, why: str, stage: int = 1) -> Check:
    return Check(id=name, title=title, aspect=Aspect.BEHAVIOUR, stage=stage, clause="", why=why)


RIGHT = _check(
    "tests-pass-on-correct-servers",
    "The tests pass on every correct server",
    "A test that fails on a correct server is switched off, and then it finds nothing.",
)
STEADY = _check(
    "tests-come-out-the-same-each-time",
    "The tests come out the same each time",
    "Nobody looks any more when a test fails that fails now and then.",
)
ORDER = _check(
    "tests-do-not-depend-on-their-order",
    "The tests do not depend on their order",
    "A test that needs another one before it cannot be run alone, nor beside others.",
)
STACK = _check(
    "tests-do-not-depend-on-the-stack",
    "The tests do not depend on how the server is written",
    "The brief allows every language: what the tests see must be what a client sees.",
)
FOUND = "tests-find-planted-defects"
_OF_FAULT = {
    Fault.WRONG: RIGHT,
    Fault.FLAKY: STEADY,
    Fault.ORDER: ORDER,
    Fault.STACK: STACK,
}
_EXPECTED = {
    Fault.WRONG: "each test passes on each correct server: it asks for no more than the brief does",
    Fault.FLAKY: "each test passes on the same server each time",
    Fault.ORDER: "each test passes in every order: it makes what it needs",
    Fault.STACK: "each test passes on each correct server, whatever it is written in",
}

_ASKS_FOR_MORE = (
    "Which rule of brief.md asks for it? Tests know a server through BASE_URL alone: its files, "
    "processes and database are not theirs to see."
)
_HINT = {Fault.WRONG: _ASKS_FOR_MORE, Fault.STACK: _ASKS_FOR_MORE}


def score_of(task: SealedTask, found: int) -> Score:
    """Return the score of a task in which `found` defects were found."""
    return Score("defects found", found, len(task.defects))


def found_check(task: SealedTask) -> Check:
    """Return the check that enough defects are found."""
    return _check(
        FOUND,
        message(
            "The tests find at least {needed} of {planted} planted defects",
            needed=task.needed,
            planted=len(task.defects),
        ),
        "What no test finds, a customer will.",
    )


def defect_check(defect: Defect) -> Check:
    """Return the check that a test finds `defect`; its title is what a customer would report."""
    return _check(
        f"defect-{defect.number}-is-found",
        message("Defect {number}: {symptom}", number=defect.number, symptom=defect.symptom),
        "What no test finds, a customer will.",
        defect.stage,
    )


def untouched(task: SealedTask) -> list[CheckResult]:
    """Return the result for a task in which nothing is done yet."""
    finding = Finding(
        message(
            "tests that find {needed} of {planted} planted defects",
            needed=task.needed,
            planted=len(task.defects),
        ),
        "nothing is changed yet",
        hint="Begin with backlog.md; the first test shows how a server is asked.",
    )
    return [CheckResult(found_check(task), Verdict.FAIL, (finding,))]


def of_correct_servers(
    servers: Sequence[CorrectRuns], faults: Sequence[Unreliable], missing: Mapping[str, str]
) -> list[CheckResult]:
    """Return whether the tests can be relied on, as the runs on correct servers show.

    `missing` says, by server, why this machine cannot run it.
    """
    broken = [(each.server, run) for each in servers for run in each.all if run.problem]
    if broken:
        finding = _broke_off(*broken[0])
        first = CheckResult(RIGHT, Verdict.FAIL, (finding,))
        return [first, *(_blocked(check) for check in (STEADY, ORDER, STACK))]
    if not faults and not relied_on(servers):
        finding = Finding("a test that passes", "every test is skipped")
        return [CheckResult(RIGHT, Verdict.FAIL, (finding,))]
    results = [_of_fault(fault, check, faults) for fault, check in _OF_FAULT.items()]
    if len(servers) < 2 and results[-1].verdict is Verdict.PASS:
        results[-1] = CheckResult(STACK, Verdict.UNDECIDED, reason=_too_few(servers, missing))
    return results


def of_defects(task: SealedTask, found: Collection[int]) -> tuple[list[CheckResult], list[str]]:
    """Return the results for the defects, and notes. `found` holds the numbers of those found.

    Once enough are found, those that are not are notes alone.
    """
    enough = len(found) >= task.needed
    lost = [each for each in task.defects if each.number not in found]
    results = [
        CheckResult(defect_check(each), Verdict.PASS)
        for each in task.defects
        if each.number in found
    ]
    if enough:
        notes: list[str] = [message("not found: {symptom}", symptom=each.symptom) for each in lost]
        return [CheckResult(found_check(task), Verdict.PASS), *results], notes
    few = Finding(
        message(
            "a failing test on at least {needed} of {planted} servers with a planted defect",
            needed=task.needed,
            planted=len(task.defects),
        ),
        plural(len(found), "on one", "on {count}") if found else "on none",
        hint="What customers report is below: for each, which rule of the brief does it break, and "
        "which request shows it?",
        cause=FOUND,
    )
    results += [CheckResult(defect_check(each), Verdict.FAIL, (_lost(each),)) for each in lost]
    return [CheckResult(found_check(task), Verdict.FAIL, (few,)), *results], []


def blocked_defects(task: SealedTask) -> CheckResult:
    """Return the result for defects that were not looked for, since the tests are not right."""
    reason = "tests that fail on a correct server find nothing"
    return CheckResult(found_check(task), Verdict.BLOCKED, blocked_by=RIGHT.id, reason=reason)


def _lost(defect: Defect) -> Finding:
    return Finding(
        message(
            "a test that fails on a server of which a customer says: {symptom}",
            symptom=defect.symptom,
        ),
        "all tests pass",
        cause=f"defect {defect.number}",
    )


def _of_fault(fault: Fault, check: Check, faults: Sequence[Unreliable]) -> CheckResult:
    of_it = [each for each in faults if each.fault is fault]
    if not of_it:
        return CheckResult(check, Verdict.PASS)
    first, *others = (message("{name} {says}", name=each.name, says=each.says) for each in of_it)
    more = len(others) - _MAX_SHOWN
    details = [
        *others[:_MAX_SHOWN],
        *([message("and {count} more", count=more)] if more > 0 else []),
    ]
    finding = Finding(
        _EXPECTED[fault],
        first,
        hint=_HINT.get(fault, ""),
        details=tuple(details),
        cause=check.id,
    )
    return CheckResult(check, Verdict.FAIL, (finding,))


def _broke_off(server: str, run: OwnTestRun) -> Finding:
    return Finding(
        "the tests run to their end",
        message("on the correct server {server}: {problem}", server=server, problem=run.problem),
        hint=run.hint,
        log=run.log,
        cause=RIGHT.id,
    )


def _blocked(check: Check) -> CheckResult:
    reason = "the tests do not run to their end"
    return CheckResult(check, Verdict.BLOCKED, blocked_by=RIGHT.id, reason=reason)


def _too_few(servers: Sequence[CorrectRuns], missing: Mapping[str, str]) -> str:
    lacks = "; ".join(_lacking(missing.items()))
    return message(
        "only {server} can run on this machine, so nobody knows whether the tests pass on another "
        "({lacks})",
        server=" and ".join(each.server for each in servers),
        lacks=lacks,
    )


def _lacking(missing: Iterable[tuple[str, str]]) -> list[str]:
    return [message("{server}: {why}", server=name, why=why) for name, why in missing]
