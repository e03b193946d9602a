"""`worksample report`: show the report of a saved run in any form."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.cli._report_outputs import ReportOutput, file_beside, form_option
from worksample.errors import UserError
from worksample.messages import join_or, message

if TYPE_CHECKING:
    from worksample.grading import Report

_PLACE = click.Path(path_type=Path)
_BESIDE = Path()


@click.command("report")
@click.argument("run", required=False, default="")
@click.argument("folder", required=False, metavar="[DIR|ARCHIVE]", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=_PLACE,
    metavar="[FILE]",
    is_flag=False,
    flag_value=_BESIDE,
    help="Write the report as HTML to FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--junit", "as_junit", is_flag=True, help="Print the report as JUnit XML.")
@form_option
@click.option("--all", "full", is_flag=True, help="Show every finding in full.")
@click.option("--check", "check_id", default="", metavar="ID", help="Show all about one check.")
@click.option("--list", "as_list", is_flag=True, help="List the saved runs.")
def command(
    run: str,
    folder: Path | None,
    html: Path | None,
    as_json: bool,
    as_junit: bool,
    forms: tuple[ReportOutput, ...],
    full: bool,
    check_id: str,
    as_list: bool,
) -> None:
    """Show the report of RUN (an id or its beginning; default: the latest) of DIR or ARCHIVE.

    `--html` without a file writes it to the folder of the run and prints the path.
    """
    from worksample.cli._saved_runs import find_workspace, print_runs, run_before

    workspace, run = find_workspace(run, folder)
    if as_list:
        print_runs(workspace)
        return
    report = workspace.report(run)
    outputs = [*_shorthands(html, workspace.runs_folder / report.run, as_json, as_junit), *forms]
    for output in outputs:
        if path := output.write(report):
            click.echo(path)
    if outputs:
        return
    from worksample.reports import terminal

    if check_id:
        terminal.show_check(report, _known(check_id, report))
        return
    before = None if full else run_before(workspace, report.run)
    terminal.show(report, before=before, full=full)


def _known(check_id: str, report: Report) -> str:
    """Return `check_id`; raise `UserError`, with the closest ids, if the run has no such check."""
    ids = [result.check.id for result in report.results]
    if check_id in ids:
        return check_id
    close = difflib.get_close_matches(check_id, ids, 3)
    raise UserError(
        message("Run {run} has no check called {name}.", run=report.run, name=repr(check_id)),
        hint=message("Did you mean {names}?", names=join_or(close))
        if close
        else "`worksample report --json` lists the checks of the run.",
    )


def _shorthands(
    html: Path | None, run_folder: Path, as_json: bool, as_junit: bool
) -> list[ReportOutput]:
    """Return what the options ask for that a form has of its own."""
    outputs = [ReportOutput("json")] if as_json else []
    outputs += [ReportOutput("junit")] if as_junit else []
    if html is None:
        return outputs
    page = file_beside(run_folder, "html") if html == _BESIDE else ReportOutput("html", html)
    return [page, *outputs]
