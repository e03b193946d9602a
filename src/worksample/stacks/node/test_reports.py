"""Read the JSON reports of jest, vitest and mocha. The text is untrusted."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from worksample.messages import message
from worksample.stacks.testing import Outcome, TestResult, UnreadableReport

JEST_OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED,
    "skipped": Outcome.SKIPPED,
    "todo": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
}


def read_jest(text: str) -> Iterator[TestResult]:
    """Yield the results of a report of `jest --json` or vitest's reporter json.

    A file that could not be run is one result, with the outcome `ERROR` and the file as its name.
    Raises `UnreadableReport`.
    """
    for file in _items(_object(text), "testResults"):
        name = _text(file, "name")
        tests = _items(file, "assertionResults")
        if not tests and _text(file, "status") == "failed":
            yield TestResult(name, Outcome.ERROR, message=_text(file, "message"))
        for each in tests:
            outcome = JEST_OUTCOMES.get(_text(each, "status"), Outcome.ERROR)
            titles = [str(title) for title in _list(each, "ancestorTitles")]
            path = " > ".join((name, *titles, _text(each, "title")))
            message = "\n".join(str(line) for line in _list(each, "failureMessages"))
            yield TestResult(path, outcome, _seconds(each), message)


def read_mocha(text: str) -> Iterator[TestResult]:
    """Yield the results of a report of mocha's reporter json; raises `UnreadableReport`.

    A hook that failed is a result too: mocha lists it among the failures, but not among the tests.
    """
    report = _object(text)
    pending = {_text(each, "fullTitle") for each in _items(report, "pending")}
    tests = _items(report, "tests")
    names = {_mocha_name(each) for each in tests}
    hooks = [each for each in _items(report, "failures") if _mocha_name(each) not in names]
    for each in (*tests, *hooks):
        error = each.get("err")
        message = _text(error, "stack") or _text(error, "message") if error else ""
        outcome = Outcome.FAILED if message else Outcome.PASSED
        if _text(each, "fullTitle") in pending:
            outcome, message = Outcome.SKIPPED, ""
        elif each in hooks:
            outcome = Outcome.ERROR
        yield TestResult(_mocha_name(each), outcome, _seconds(each), message)


def _mocha_name(test: dict[str, Any]) -> str:
    return " > ".join(filter(None, (_text(test, "file"), _text(test, "fullTitle"))))


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableReport(message("it is not valid JSON: {error}", error=error)) from error
    if not isinstance(found, dict):
        raise UnreadableReport("it is not a JSON object")
    return found


def _list(data: Any, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _items(data: Any, key: str) -> list[dict[str, Any]]:
    return [each for each in _list(data, key) if isinstance(each, dict)]


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def _seconds(test: dict[str, Any]) -> float:
    milliseconds = test.get("duration")
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return 0.0
    return milliseconds / 1000 if 0 <= milliseconds < math.inf else 0.0
