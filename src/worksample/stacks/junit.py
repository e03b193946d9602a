"""Read the JUnit XML that test tools write. The text is untrusted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from worksample.stacks.testing import Outcome, TestResult, UnreadableReport

# Characters and references that XML does not allow, but test tools write all the same.
INVALID = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
# In this order: a test that is expected to fail may be marked as skipped and as failed.
OUTCOMES = {
    "skipped": Outcome.SKIPPED,
    "error": Outcome.ERROR,
    "failure": Outcome.FAILED,
}

NameOf = Callable[[Element, tuple[str, ...]], str]


def path_name(case: Element, suites: tuple[str, ...]) -> str:
    """Return "suite > suite > test", from the names of the suites around a test."""
    return " > ".join((*suites, case.get("name", "")))


def class_name(case: Element, suites: tuple[str, ...]) -> str:
    """Return "package.Class.test", from the class that a test states."""
    return ".".join(filter(None, (case.get("classname", ""), case.get("name", ""))))


def read_junit(text: str, name_of: NameOf = class_name) -> Iterator[TestResult]:
    """Yield the result of each test case of a report; raises `UnreadableReport`.

    A document type, which no test tool writes, is refused: its entities could expand without end.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableReport("it has a document type")
    try:
        root = ElementTree.fromstring(INVALID.sub("\ufffd", text))  # noqa: S314 - see above
    except ElementTree.ParseError as error:
        raise UnreadableReport(f"it is not valid XML: {error}") from error
    if root.tag not in ("testsuite", "testsuites"):
        raise UnreadableReport(f"its first element is {root.tag[:50]}")
    waiting: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, suites = waiting.pop()
        if element.tag == "testcase":
            yield _result(element, name_of(element, suites))
            continue
        inner = (*suites, element.get("name", "")) if element is not root else suites
        waiting += [(child, inner) for child in reversed(element)]


def _result(case: Element, name: str) -> TestResult:
    for tag, outcome in OUTCOMES.items():
        if (found := case.find(tag)) is not None:
            return TestResult(name, outcome, _seconds(case), _message(found))
    return TestResult(name, Outcome.PASSED, _seconds(case))


def _message(element: Element) -> str:
    head, text = element.get("message", "").strip(), (element.text or "").strip()
    return "\n".join(filter(None, (head if head not in text else "", text)))


def _seconds(case: Element) -> float:
    try:
        seconds = float(case.get("time", "0").replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds >= 0 else 0.0
