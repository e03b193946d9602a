"""`worksample report`: a kept run again, in any form."""

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
    help="Write it as HTML, to FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--junit", "as_junit", is_flag=True, help="Print it as JUnit XML.")
@click.option("--all", "whole", is_flag=True, help="Show every finding whole.")
@click.option("--list", "as_list", is_flag=True, help="List the runs that are kept.")
def command(
    run: str,
    folder: Path | None,
    html: Path | None,
    as_json: bool,
    as_junit: bool,
    whole: bool,
    as_list: bool,
) -> None:
    """Show the report of RUN (its id or the beginning of it; default: the latest) in DIR.

    `--html` without a file writes it beside the kept report and says where.
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

        terminal.show(report, whole=whole)
