"""`make demo`: the race that the check found on a second screen, and what to type next."""

from __future__ import annotations

import sys
from pathlib import Path

from worksample.cli._paths import display_path
from worksample.grading import Report
from worksample.messages import message
from worksample.reports.support.formatting import check_command
from worksample.reports.text.page import page_for
from worksample.reports.text.race_screen import race_of, show_race

_NAME = "worksample"


def show_demo(report: Report, folder: Path) -> None:
    """Write the second screen of the demo about the run of the server in `folder`."""
    place, race = display_path(folder), race_of(report)
    again = "worksample check --only concurrency"
    if race is not None:
        again = check_command(report, race.result.check)
    commands = [
        (
            message("{command} {folder}", command=again, folder=place),
            "this race alone" if race else "look for races",
        ),
        (message("worksample check {folder}", folder=place), "all checks"),
        (
            message("worksample start {challenge} mine", challenge=report.challenge),
            "a server of your own",
        ),
    ]
    shown = [(_as_called(command), what) for command, what in commands]
    show_race(page_for(None), report, shown)


def _as_called(command: str) -> str:
    """Return `command` with the path by which this program was started, if it is not in PATH."""
    program = Path(sys.argv[0])
    called = display_path(program) if program.name == _NAME and program.parent.name else _NAME
    return called + command.removeprefix(_NAME)
