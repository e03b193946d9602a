"""The report that fits a screen: the verdict, what changed, what to fix first, what else fails."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.checks import Verdict
from worksample.grading import Problem, Report
from worksample.messages import message, plural
from worksample.reports.support.changes import changes
from worksample.reports.support.formatting import (
    code_place,
    duration,
    lines_of,
    pluralize,
    truncate,
)
from worksample.reports.support.limits import large_limit
from worksample.reports.support.notes import notes_of
from worksample.reports.support.numbering import NumberedIssue, numbered_issues
from worksample.reports.support.remarks import judged_by, same_profile
from worksample.reports.support.unasked import causes_of_blocks
from worksample.reports.text.comparison import show_comparison
from worksample.reports.text.left_out import left_out_line
from worksample.reports.text.page import Page
from worksample.reports.text.remarks import show_few_remarks
from worksample.reports.text.screen_causes import MAX_CAUSES, show_field, show_first, show_others
from worksample.reports.text.stage_line import stage_parts
from worksample.reports.text.summary import show_limit, show_verdict

#: With the lines that `check` adds below (where the HTML report is), 40.
MAX_LINES = 38
_FOOT_LINES = 3
_MAX_NOTES = 6
_NOTE_LINES = 5
_FEWEST_NOTE_LINES = 3
_UNANSWERED_LINES = 3
#: Rows of a comparison, without and with findings.
_MAX_ROWS, _FEW_ROWS = 6, 3
_MORE = "More: `worksample report --all` (`--check ID`, `--html`), `worksample feedback`."


def show_screen(page: Page, report: Report, before: Report | None = None) -> None:
    """Write at most `MAX_LINES` lines about a run; `before` is the run before it, if any."""
    with page.at_most(MAX_LINES):
        with page.at_most(MAX_LINES - _FOOT_LINES):
            _show_head(page, report, before)
            _show_body(page, report)
        page.blank_line()
        page.single((_took(report), "dim"))
        page.single((_MORE, "dim"))


def _took(report: Report) -> str:
    """Return "Took 12.3 s, 1,234 requests; `--seed 42` repeats the run."."""
    seconds = duration(report.seconds)
    if not report.results:
        return message("Took {seconds}.", seconds=seconds)
    return message(
        "Took {seconds}, {requests}; `{options}` repeats the run.",
        seconds=seconds,
        requests=pluralize(report.requests, "request"),
        options=report.repeating,
    )


def _show_head(page: Page, report: Report, before: Report | None) -> None:
    show_verdict(page, report)
    if stages := stage_parts(report) if report.results else []:
        page.single(("Stages: ", "dim"), *stages)
    if report.left_out:
        page.single(("Left out for want of time: ", "dim"), left_out_line(report))
    if before is not None and (words := _changed(before, report)):
        page.single(("Since the last run: ", "dim"), words)
    show_limit(page, report)


def _changed(before: Report, report: Report) -> str:
    """Return "3 mended, 1 new."; empty if the runs cannot be compared."""
    if before.challenge != report.challenge or not (before.results and report.results):
        return ""
    if not same_profile(before, report):
        return message("that one was {judged_by}.", judged_by=judged_by(before))
    found = changes(before, report)
    if found.summary:
        return message("{changes}.", changes=found.summary)
    both = len(report.results) - len(found.only_after)
    if both and found.only_after:
        return message(
            "nothing mended, nothing new in {checks} that both runs asked.",
            checks=pluralize(both, "check"),
        )
    return "nothing mended, nothing new." if both else ""


def _show_body(page: Page, report: Report) -> None:
    issues = numbered_issues(report)
    if report.comparison is not None:
        show_comparison(page, report.comparison, _FEW_ROWS if issues else _MAX_ROWS)
    if issues:
        show_first(page, report, issues[0], reserve=_lines_of_rest(report, issues))
        show_others(page, issues)
    _show_unanswered(page, report)
    show_few_remarks(page, report)
    if report.problem is not None:
        _show_problem(page, report.problem, report.notes)
    else:
        _show_notes(page, notes_of(report), _MAX_NOTES if issues else page.left)


def _lines_of_rest(report: Report, issues: Sequence[NumberedIssue]) -> int:
    """Return how many lines the further causes and the checks without an answer take."""
    others = min(len(issues) - 1, MAX_CAUSES)
    return (others + 2 if others else 0) + _UNANSWERED_LINES * len(_unanswered(report)) + 1


def _show_unanswered(page: Page, report: Report) -> None:
    lines = _unanswered(report)
    if lines:
        page.blank_line()
    for line in lines:
        with page.at_most(_UNANSWERED_LINES):
            page.line((line, "dim"), hang=2)


def _unanswered(report: Report) -> list[str]:
    """Return a line for the blocked checks, the undecided ones, and our own errors."""
    blocked = report.with_verdict(Verdict.BLOCKED)
    undecided, errors = report.with_verdict(Verdict.UNDECIDED), report.with_verdict(Verdict.ERROR)
    excused = [] if large_limit(report) else [result for result in blocked if result.excused]
    told = (
        ("Not asked, because something that they need fails or is missing: {checks} ({causes}).",
         [result for result in blocked if not result.excused]),
        ("Could not run here: {checks} ({reason}).", excused),
        ("Undecided: {checks}, “{title}”: {reason}.", undecided),
        ("Our own error, not the server's: {checks}, “{title}”: {reason}.", errors),
    )  # fmt: skip
    return [
        message(
            template,
            checks=pluralize(len(results), "check"),
            causes=causes_of_blocks(report),
            title=truncate(results[0].check.title, 40),
            reason=truncate(results[0].reason.rstrip("."), 170),
        )
        for template, results in told
        if results
    ]


def _show_notes(page: Page, notes: Sequence[str], most: int) -> None:
    """Write the notes that fit on the page, at most `most`."""
    if not notes or page.left < _FEWEST_NOTE_LINES:
        return
    page.blank_line()
    shown = 0
    for note in notes[:most]:
        if page.left < _FEWEST_NOTE_LINES:
            break
        with page.at_most(min(_NOTE_LINES, page.left - 1)):
            page.line("· ", note, hang=2)
        shown += 1
    left = len(notes) - shown
    if left:
        page.single((plural(left, "· {count} further note", "· {count} further notes"), "dim"))


def _show_problem(page: Page, problem: Problem, notes: Sequence[str]) -> None:
    """Write why the server could not be built or started, and the end of its log.

    `notes` say how it was detected, and what its build lacks, such as a lock file.
    """
    page.blank_line()
    show_field(page, "in your code", code_place(problem.log), "bold red", indent=0)
    show_field(page, "likely cause", problem.hint, "bold", indent=0, lines=6)
    show_field(page, "what was run", problem.command, indent=0)
    show_field(page, "detected", "; ".join(notes), indent=0, lines=3)
    variables = (f"{name}={truncate(value, 60)}" for name, value in problem.environment.items())
    show_field(page, "environment", "  ".join(sorted(variables)), indent=0)
    if not problem.log.strip():
        page.field("last output", "it printed nothing", indent=0)
        return
    page.field("last output", ("(its last lines)", "dim"), indent=0)
    for line in lines_of(problem.log, page.left):
        page.single("│ ", line)
