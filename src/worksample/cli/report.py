"""`worksample report`: show the report of a saved run in any form."""

from __future__ import annotations

from pathlib import Path

import click

_PLACE = click.Path(path_type=Path)
_BESIDE = Path()


@click.command("report")
@click.argument("run", required=False, default="")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
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
@click.option("--all", "full", is_flag=True, help="Show every finding in full.")
@click.option("--list", "as_list", is_flag=True, help="List the saved runs.")
def command(
    run: str,
    folder: Path | None,
    html: Path | None,
    as_json: bool,
    as_junit: bool,
    full: bool,
    as_list: bool,
) -> None:
    """Show the report of RUN (an id or its beginning; default: the latest) in DIR.

    `--html` without a file writes it to the folder of the run and prints the path.
    """
    from worksample.cli._saved_runs import find_workspace, print_runs, write_html
    from worksample.reports import form

    workspace, run = find_workspace(run, folder)
    if as_list:
        print_runs(workspace)
        return
    report = workspace.report(run)
    if html is not None:
        beside = workspace.runs_folder / report.run / "report.html"
        click.echo(write_html(report, beside if html == _BESIDE else html))
    for wanted, name in ((as_json, "json_form"), (as_junit, "junit")):
        if wanted:
            click.echo(form(name).render(report), nl=False)
    if html is None and not as_json and not as_junit:
        from worksample.reports import terminal

        terminal.show(report, full=full)
