"""The race of a run on a screen of its own: statement by statement, and the commands to go on."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.checks import Timeline
from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import truncate
from worksample.reports.support.numbering import NumberedFinding, numbered_findings
from worksample.reports.text.figures import figures_as_lines, show_figures
from worksample.reports.text.page import Page

_MAX_LINES = 38
_ROWS = 24
_MAX_RESULT = 240


def show_race(page: Page, report: Report, commands: Sequence[tuple[str, str]]) -> None:
    """Write the first race that the run found, then `commands`, each with what it does."""
    with page.at_most(_MAX_LINES):
        with page.at_most(_MAX_LINES - 2 * len(commands) - 2):
            _show_timeline(page, race_of(report))
        page.heading("Go on with")
        for command, what in commands:
            page.line((command, "bold"), f"  {what}", indent=2, hang=4)


def race_of(report: Report) -> NumberedFinding | None:
    """Return the first finding that shows two requests at the same time, if there is one."""
    races = (each for each in numbered_findings(report) if _timeline(each) is not None)
    return next(races, None)


def _timeline(numbered: NumberedFinding) -> Timeline | None:
    drawn = (each for each in numbered.finding.figures if isinstance(each, Timeline))
    return next((each for each in drawn if len(each.actors) > 1), None)


def _show_timeline(page: Page, race: NumberedFinding | None) -> None:
    if race is None:
        page.line("This run found no race.")
        return
    page.heading("A race, statement by statement", message("finding {number}", number=race.number))
    page.line((race.result.check.title, "bold"), indent=2, hang=2)
    page.field("expected", (truncate(race.finding.expected, _MAX_RESULT), "green"), indent=2)
    page.field("actual", (truncate(race.finding.actual, _MAX_RESULT), "red"), indent=2)
    page.field("why it matters", race.result.check.why, indent=2)
    page.blank_line()
    drawn = [figure for figure in [_timeline(race)] if figure]
    show_figures(page, drawn, rows=_rows_that_fit(page, drawn))


def _rows_that_fit(page: Page, drawn: Sequence[Timeline]) -> int:
    """Return how many rows around its mark the page has lines for: the mark is never cut off."""
    sizes = range(_ROWS, 1, -1)
    fitting = (n for n in sizes if len(figures_as_lines(drawn, page.width, n)) <= page.left)
    return next(fitting, 1)
