"""Read the JUnit XML that test tools write. The text is untrusted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from worksample.messages import message
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
CHUNK = 8 * 1024
MAX_DEPTH = 50
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
    Elements are dropped once they are read, so that a hostile report costs little memory.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableReport("it has a document type")
    path: list[Element] = []
    for event, element in xml_events(INVALID.sub("\ufffd", text)):
        if event == "start":
            path.append(element)
            _check(path)
            continue
        path.pop()
        if element.tag == "testcase":
            yield _result(element, name_of(element, _suites(path)))
        if path and not _is_outcome(path[-1], element):
            path[-1].remove(element)


def xml_events(text: str) -> Iterator[tuple[str, Element]]:
    """Yield "start" or "end" with each element; raises `UnreadableReport`."""
    parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(("start", "end"))
    try:
        for start in range(0, len(text), CHUNK):
            parser.feed(text[start : start + CHUNK])
            yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
        parser.close()  # a parser may keep the last elements back until here
        yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
    except ElementTree.ParseError as error:
        raise UnreadableReport(message("it is not valid XML: {error}", error=error)) from error


def _check(path: list[Element]) -> None:
    if path[0].tag not in ("testsuite", "testsuites"):
        raise UnreadableReport(message("its first element is {tag}", tag=path[0].tag[:50]))
    if len(path) > MAX_DEPTH:
        raise UnreadableReport(message("it is nested more than {most} deep", most=MAX_DEPTH))


def _suites(path: list[Element]) -> tuple[str, ...]:
    return tuple(each.get("name", "") for each in path[1:] if each.tag == "testsuite")


def _is_outcome(parent: Element, element: Element) -> bool:
    """Whether `element` says what came of the test case `parent`."""
    return (
        parent.tag == "testcase" and element.tag in OUTCOMES and parent.find(element.tag) is element
    )


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
