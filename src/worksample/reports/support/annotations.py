"""What CI systems show beside a line of code: one annotation for each issue of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from worksample.checks import Check
from worksample.checks.formatting import printable
from worksample.grading import Report
from worksample.grading.harm import Harm
from worksample.grading.priority import Issue, issues_of
from worksample.grading.symptoms import without_generated
from worksample.messages import message
from worksample.reports.support.formatting import code_place, place_of, truncate
from worksample.stacks.settings import SETTINGS_FILE

_PLACE = re.compile(r"(?P<path>[^\s:][^:\n]*):(?P<line>[1-9]\d{0,6}): ")
_MAX_TITLE, _MAX_TEXT = 200, 1000


@dataclass(frozen=True, slots=True)
class Annotation:
    """One issue, or what kept the server from starting.

    check: the check that shows it; None if the server did not start.
    title, text: what is wrong in a line, and what was expected and came instead; printable.
    harm: None if the server did not start, so that nothing works.
    path, line: where in the learner's code it happens, relative to the folder that was checked; the
        first line of worksample.toml if the server's log does not tell.
    fingerprint: the same for the same issue in another run, whatever lines were added above it.
    """

    check: Check | None
    title: str
    text: str
    harm: Harm | None
    path: str
    line: int
    fingerprint: str


def annotations_of(report: Report) -> list[Annotation]:
    """Return the annotations of a run, what to fix first in front."""
    return [*_of_problem(report), *(_of_issue(report, each) for each in issues_of(report.results))]


def _of_problem(report: Report) -> Iterator[Annotation]:
    if (problem := report.problem) is None:
        return
    place = code_place(problem.log)
    text = "\n".join(filter(None, (place, problem.hint)))
    yield _annotation(None, problem.message, text or problem.message, None, place, problem.message)


def _of_issue(report: Report, issue: Issue) -> Annotation:
    lead = issue.lead
    place = next(filter(None, (place_of(each.finding) for each in issue.failures)), "")
    text = message(
        "Expected {expected}, got {actual}. `worksample check --only {check} {repeating}` asks "
        "again.",
        expected=lead.finding.expected,
        actual=lead.finding.actual,
        check=lead.check.id,
        repeating=report.repeating,
    )
    name = f"{lead.check.id} {without_generated(issue.title)}"
    return _annotation(lead.check, issue.title, text, issue.harm, place, name)


def _annotation(
    check: Check | None, title: str, text: str, harm: Harm | None, place: str, name: str
) -> Annotation:
    found = _PLACE.match(place)
    path, line = (found["path"], int(found["line"])) if found else (SETTINGS_FILE, 1)
    inside = not path.startswith("/") and ".." not in path.split("/")
    path, line = (path, line) if inside else (SETTINGS_FILE, 1)
    return Annotation(
        check,
        truncate(printable(title), _MAX_TITLE),
        truncate(printable(text), _MAX_TEXT),
        harm,
        path,
        line,
        sha256(f"{name}\0{path}".encode("utf-8", "replace")).hexdigest(),
    )
