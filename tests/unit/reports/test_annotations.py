"""SARIF and Code Quality: an annotation for each issue, at its place in the learner's code."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Report
from worksample.grading.priority import issues_of
from worksample.reports import codequality, sarif
from worksample.reports.support.annotations import annotations_of

LOG = 'Traceback (most recent call last):\n  File "{path}", line 27, in f\nKeyError: {key}\n'


def one_failure(error: str, **words: Any) -> Report:
    """Return a report with one failure, for which the server logged `error`."""
    found = reports.finding(error=error, **words)
    return reports.report([reports.failed(reports.check("articles-are-listed"), found)])


def sarif_run(report: Report) -> dict[str, Any]:
    log = json.loads(sarif.render(report))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    found: dict[str, Any] = run
    return found


def place_in(result: dict[str, Any]) -> tuple[str, int]:
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def test_a_result_for_each_issue_at_its_line() -> None:
    run = sarif_run(one_failure("src/app one.py:27: KeyError: 'tagList'"))
    (result,) = run["results"]
    assert place_in(result) == ("src/app%20one.py", 27)
    assert result["ruleId"] == "articles-are-listed"
    assert "expected" in result["message"]["text"].lower()
    assert "worksample check --only articles-are-listed --seed 42" in result["message"]["text"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "articles-are-listed"


@pytest.mark.parametrize(
    "error", ["", "/etc/passwd:3: KeyError: 1", "../x.py:3: KeyError: 1", "a.py:0: KeyError: 1"]
)
def test_without_a_line_of_the_learner_the_settings_are_annotated(error: str) -> None:
    (result,) = sarif_run(one_failure(error, log=""))["results"]
    assert place_in(result) == ("worksample.toml", 1)


def test_a_server_that_does_not_start_is_annotated_where_it_fails() -> None:
    report = reports.build_failed()
    assert report.problem is not None
    log = LOG.format(path="app.py", key="'PORT'")
    report = replace(report, problem=replace(report.problem, log=log))
    (result,) = sarif_run(report)["results"]
    assert place_in(result) == ("app.py", 27)
    (entry,) = json.loads(codequality.render(report))
    assert entry["severity"] == "blocker"
    assert entry["location"] == {"path": "app.py", "lines": {"begin": 27}}


def test_accepted_servers_have_no_annotations() -> None:
    assert sarif_run(reports.accepted())["results"] == []
    assert json.loads(codequality.render(reports.accepted())) == []


def test_severity_follows_the_harm() -> None:
    stranger = reports.exchange("A stranger edits it", "PUT", "/api/articles/x", status=200)
    taken = reports.finding(
        exchanges=(stranger,), culprit=0, expected="status 403", actual="200", log=""
    )
    guarding = reports.check("only-the-author-edits", aspect=Aspect.SECURITY, cites="CWE-639")
    report = reports.report(
        [
            reports.failed(guarding, taken),
            CheckResult(reports.check("fine"), Verdict.PASS),
        ]
    )
    (entry,) = json.loads(codequality.render(report))
    assert (entry["severity"], entry["check_name"]) == ("critical", "only-the-author-edits")


def test_fingerprints_stay_when_lines_move_and_differ_between_issues() -> None:
    before, after = (
        annotations_of(one_failure(f"app.py:{line}: KeyError: 'tagList'"))[0] for line in (27, 99)
    )
    assert before.line != after.line
    assert before.fingerprint == after.fingerprint
    every = [each.fingerprint for each in annotations_of(reports.rejected())]
    assert len(set(every)) == len(every) == len(issues_of(reports.rejected().results))


def test_texts_of_the_server_are_no_links() -> None:
    report = one_failure("", actual="[click](http://evil.test) [1, 2]")
    (result,) = sarif_run(report)["results"]
    assert r"\[click](http" in result["message"]["text"]
    assert "[1, 2]" in result["message"]["text"]


def test_hostile_texts_are_printable_and_bounded() -> None:
    for each in annotations_of(reports.hostile()):
        assert each.title.isprintable()
        assert len(each.title) <= 200
        assert len(each.text) <= 1000
        assert "\x1b" not in each.text
