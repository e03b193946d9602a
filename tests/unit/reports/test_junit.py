"""JUnit XML: one testcase per check, valid for any text of a target."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from tests.support import reports
from worksample.reports import junit


def suite_of(name: str) -> Xml.Element:
    """Return the only suite of the report of this kind."""
    found = Xml.fromstring(junit.render(reports.every_kind()[name])).find("testsuite")
    assert found is not None
    return found


def test_every_check_is_a_testcase_of_its_aspect() -> None:
    cases = suite_of("rejected").findall("testcase")
    assert len(cases) == 11
    named = {(case.get("classname"), case.get("name")) for case in cases}
    assert ("conduit.security", "only-the-author-edits") in named


def test_verdicts_become_failures_errors_and_skips() -> None:
    suite = suite_of("rejected")
    counts = {
        name: len(suite.findall(f"testcase/{name}")) for name in ("failure", "error", "skipped")
    }
    assert counts == {"failure": 4, "error": 1, "skipped": 4}
    attributes = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert attributes == {"tests": "11", "failures": "4", "errors": "1", "skipped": "4"}


def test_failure_has_expected_actual_and_requests() -> None:
    failure = suite_of("rejected").find("testcase/failure")
    assert failure is not None
    assert failure.get("message", "").startswith("expected 201 Created, got 500")
    assert "POST /api/articles -> 500" in (failure.text or "")
    assert "KeyError: 'tagList'" in (failure.text or "")


def test_failure_text_includes_figures() -> None:
    race, growth = suite_of("drawn").findall("testcase/failure")
    assert "▶ UPDATE articles SET favorites_count = $1" in (race.text or "")
    assert "(held here until B has ended)" in (race.text or "")
    assert "GET /api/articles    5  14  50  ×10" in (growth.text or "")


def test_failed_build_is_an_error() -> None:
    suite = suite_of("build_failed")
    error = suite.find("testcase/error")
    assert error is not None
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    assert "No matching distribution" in (error.text or "")


@pytest.mark.parametrize("name", sorted(reports.every_kind()))
def test_output_is_well_formed(name: str) -> None:
    suite_of(name)


def test_escapes_only_characters_invalid_in_xml() -> None:
    assert junit.clean("tab\t line\n \x1b \x00 \ud800 \ufffe 記😀") == (
        "tab\t line\n \\u001b \\u0000 \\ud800 \\ufffe 記😀"
    )
