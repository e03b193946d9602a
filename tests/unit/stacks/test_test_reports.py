"""Readers of test reports. jest 30.5, mocha 12.0 and vitest 4.1 wrote those in recorded/."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from worksample.stacks.junit import path_name, read_junit
from worksample.stacks.node import STACK as NODE
from worksample.stacks.node.test_reports import read_jest, read_mocha
from worksample.stacks.testing import Outcome, TestResult, UnreadableReport

RECORDED = Path(__file__).parent / "recorded"
PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED
Reader = Callable[[str], Iterable[TestResult]]


def recorded(name: str, read: Reader) -> dict[str, TestResult]:
    return {each.name: each for each in read((RECORDED / name).read_text())}


@pytest.mark.parametrize(
    ("name", "folder", "suffix"), [("jest.json", "jt", "js"), ("vitest.json", "vt", "mjs")]
)
def test_jest_and_vitest(name: str, folder: str, suffix: str) -> None:
    results = recorded(name, read_jest)
    test = f"/app/{folder}/cart.test.{suffix}"
    assert {name: each.outcome for name, each in results.items()} == {
        f"/app/{folder}/broken.test.{suffix}": ERROR,
        f"{test} > total > of one": PASSED,
        f"{test} > total > of many": FAILED,
        f"{test} > discount": SKIPPED,
        f"{test} > currency": SKIPPED,
    }
    assert "Cannot find module" in results[f"/app/{folder}/broken.test.{suffix}"].message
    assert "Object.is equality" in results[f"{test} > total > of many"].message
    assert 0 < results[f"{test} > total > of one"].seconds < 1


def test_mocha() -> None:
    results = recorded("mocha.json", read_mocha)
    found = {
        name.removeprefix("/app/mt/cart.js > "): each.outcome for name, each in results.items()
    }
    assert found == {
        "total of one": PASSED,
        "total of many": FAILED,
        "total discount": SKIPPED,
        'stock "before all" hook for "is counted"': ERROR,
    }
    assert "no warehouse" in [*results.values()][-1].message


def test_junit_names_suites_and_keeps_order() -> None:
    text = """<testsuites><testcase name="a" time="0.5"/><testsuite name="s"><testcase name="b">
      <failure message="1 == 2">1 == 2 at b.js</failure></testcase><testsuite name="t">
      <testcase name="c"><error message="gone"/></testcase></testsuite></testsuite>
      <testcase name="d"><skipped message="later"/><failure/></testcase></testsuites>"""
    assert list(read_junit(text, path_name)) == [
        TestResult("a", PASSED, 0.5),
        TestResult("s > b", FAILED, 0.0, "1 == 2 at b.js"),
        TestResult("s > t > c", ERROR, 0.0, "gone"),
        TestResult("d", SKIPPED, 0.0, "later"),
    ]


def test_junit_with_characters_that_xml_forbids() -> None:
    text = '<testsuite><testcase name="a\x1b[31m&#27;&#x0;b&#10;" time="-1"/></testsuite>'
    assert list(read_junit(text)) == [TestResult("a\ufffd[31m\ufffd\ufffdb\n", PASSED, 0.0)]


@pytest.mark.parametrize("seconds", ["nan", "inf", "x", "", "1e999"])
def test_junit_with_impossible_times(seconds: str) -> None:
    [found] = read_junit(f'<testsuite><testcase name="a" time="{seconds}"/></testsuite>')
    assert found.seconds == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Segmentation fault",
        "<testsuite><testcase>",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite>&b;</testsuite>',
    ],
)
def test_junit_refuses_other_text(text: str) -> None:
    with pytest.raises(UnreadableReport):
        list(read_junit(text))


def test_junit_nested_deeply_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="nested more than 50 deep"):
        list(read_junit("<testsuite>" * 500_000))


@pytest.mark.parametrize("piece", ["<x/>", "<testcase><x/><failure/><failure/></testcase>", "y"])
def test_junit_with_very_many_elements_costs_little_memory(piece: str) -> None:
    text = f"<testsuite>{piece * 100_000}</testsuite>"
    tracemalloc.start()
    try:
        for _ in read_junit(text):
            pass
        assert tracemalloc.get_traced_memory()[1] < 3 * len(text) + 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("read", [read_jest, read_mocha])
@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, '"x"', "{"])
def test_json_refuses_other_text(read: Reader, text: str) -> None:
    with pytest.raises(UnreadableReport):
        list(read(text))


@pytest.mark.parametrize("read", [read_jest, read_mocha])
def test_json_of_wrong_types_gives_no_error(read: Reader) -> None:
    odd = [None, 1, "x", {"title": 1, "fullTitle": [], "err": 3, "duration": "x", "name": {}}]
    keys = ("testResults", "tests", "pending", "failures")
    for value in (None, 3, "x", odd, [{"assertionResults": odd, "status": 5}]):
        list(read(json.dumps(dict.fromkeys(keys, value))))


def test_node_escapes_quotes_twice(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"scripts": {"test": "node --test"}}')
    plan = NODE.tests(tmp_path)
    assert plan is not None
    text = '<testsuites><testcase name="&amp;quot;a&amp;quot; &lt; b"/></testsuites>'
    assert [each.name for each in plan.read(text)] == ['"a" < b']


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n  status 401\nmore", "status 401"),
        ("client = <Client>\n\n>   ask()\nE   KeyError: 'SEEN'\n\ntest.py:3", "KeyError: 'SEEN'"),
        ("Each seat is sold twice", "Each seat is sold twice"),
        ("", "no reason is given"),
    ],
)
def test_reason_is_what_the_tool_marks_as_the_error(text: str, line: str) -> None:
    assert TestResult("1", FAILED, message=text).reason == line
