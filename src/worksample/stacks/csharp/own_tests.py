"""How the tests of C# projects are run: by `dotnet test`, which writes a TRX report."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from worksample.messages import message
from worksample.stacks.csharp.projects import Project, projects_in
from worksample.stacks.junit import INVALID, xml_events
from worksample.stacks.testing import REPORT, Outcome, TestPlan, TestResult, UnreadableReport

OUTCOMES = {
    "Passed": Outcome.PASSED,
    "Failed": Outcome.FAILED,
    "Timeout": Outcome.FAILED,
    "NotExecuted": Outcome.SKIPPED,
    "Inconclusive": Outcome.SKIPPED,
    "Error": Outcome.ERROR,
    "Aborted": Outcome.ERROR,
    "NotRunnable": Outcome.ERROR,
}
_DURATION = re.compile(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)")
_ABORTED = re.compile(r"(?i)\b(?:aborted|crashed)\b")
MAX_DEPTH = 50


def test_projects(folder: Path) -> list[Project]:
    """Return the projects in `folder` that hold tests."""
    return [each for each in projects_in(folder) if each.is_test]


def test_plan(folder: Path) -> TestPlan | None:
    """See `worksample.stacks.base.Stack.tests`."""
    found = [os.path.relpath(each.path, folder) for each in test_projects(folder)]
    if not found:
        return None
    # Each has a report of its own; all are run, also after one that failed.
    lines = [_command(each) for each in found]
    command = lines[0] if len(lines) == 1 else _all_of(lines)
    reason = message("{projects} has tests", projects=", ".join(found))
    return TestPlan("dotnet test", command, read_trx, (reason,))


def _command(project: str) -> str:
    words = ("dotnet test", shlex.quote(project), "--no-restore --logger trx --results-directory")
    return " ".join((*words, REPORT))


def _all_of(lines: list[str]) -> str:
    """Return a command that runs all of `lines` and fails if one does."""
    return "; ".join(["code=0", *(f"{each} || code=1" for each in lines), "exit $code"])


def read_trx(text: str) -> Iterator[TestResult]:
    """Yield the result of each test of a report; raises `UnreadableReport`.

    A test is called `Shop.Tests.CartTests.Total(count: 3)`. An error outside the tests (the process
    ended) is a result too. The text is untrusted.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableReport("it has a document type")
    classes: dict[str, str] = {}
    found: list[tuple[str, TestResult]] = []
    ends: list[str] = []
    depth, root = 0, ""
    for event, element in xml_events(INVALID.sub("\ufffd", text)):
        depth += 1 if event == "start" else -1
        name = element.tag.rpartition("}")[2]
        root = root or name
        if root != "TestRun":
            raise UnreadableReport(message("its first element is {tag}", tag=root[:50]))
        if depth > MAX_DEPTH:
            raise UnreadableReport(message("it is nested more than {most} deep", most=MAX_DEPTH))
        if event == "start":
            continue
        if name == "UnitTestResult" and (result := _result(element)):
            found.append((element.get("testId", ""), result))
        elif name == "UnitTest":
            classes[element.get("id", "")] = _class_of(element)
        elif name == "RunInfo" and element.get("outcome") == "Error":
            ends.append(_text(element, "Text"))
    for test, result in found:
        yield _named(result, classes.get(test, ""))
    if told := _end_of_process(ends, found):
        yield TestResult("dotnet test", Outcome.ERROR, 0.0, told)


def _result(element: Element) -> TestResult | None:
    outcome = OUTCOMES.get(element.get("outcome", ""))
    if outcome is None or element.get("testName") is None:
        return None
    told = "\n".join(filter(None, (_text(element, "Message"), _text(element, "StackTrace"))))
    seconds = _seconds(element.get("duration", ""))
    return TestResult(element.get("testName", ""), outcome, seconds, told)


def _end_of_process(ends: list[str], found: list[tuple[str, TestResult]]) -> str:
    """Return why the run ended before its tests did, or "". xunit tells each failed test there."""
    failed = any(result.outcome is Outcome.FAILED for _, result in found)
    aborted = [each for each in ends if _ABORTED.search(each)]
    return "\n".join(aborted if failed or aborted else ends)


def _named(result: TestResult, of_class: str) -> TestResult:
    """Return a result under its whole name: some tools tell the method only."""
    if not of_class or result.name.startswith(f"{of_class}."):
        return result
    name = f"{of_class}.{result.name}"
    return TestResult(name, result.outcome, result.seconds, result.message)


def _class_of(element: Element) -> str:
    methods = (each for each in element.iter() if each.tag.rpartition("}")[2] == "TestMethod")
    return next((each.get("className", "").split(",")[0] for each in methods), "")


def _text(element: Element, name: str) -> str:
    """Return the text of the first element of this name inside another."""
    found = (each for each in element.iter() if each.tag.rpartition("}")[2] == name)
    return next(((each.text or "").strip() for each in found), "")


def _seconds(text: str) -> float:
    found = _DURATION.fullmatch(text)
    if not found:
        return 0.0
    days, hours, minutes, seconds = (float(each or 0) for each in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
