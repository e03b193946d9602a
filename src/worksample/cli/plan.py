"""`worksample plan`: plan the work that gives evidence for the requirements of a job ad."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("plan")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--together",
    is_flag=True,
    help="Show the requirements of all ads together, the most frequent first.",
)
@click.option("--stack", default="", help="Plan for this stack (see `worksample work`).")
@click.option("--hours", type=click.FloatRange(min=1), help="Plan at most so many hours.")
@click.option("--save", is_flag=True, help="Save the plan in this folder, for `worksample status`.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON (docs/plan.md).")
@click.option("--markdown", is_flag=True, help="Print the plan as a Markdown checklist.")
@click.option(
    "--html", type=_FILE, help="Write the annotated ad and the plan as an HTML page to FILE."
)
@click.option("--ics", type=_FILE, help="Write the plan as a calendar to FILE.")
@click.option(
    "--from", "begin", type=click.DateTime(["%Y-%m-%d"]), help="The calendar's first day."
)
@click.option(
    "--per-week",
    type=click.FloatRange(min=1),
    default=10.0,
    show_default=True,
    help="Hours a week in the calendar.",
)
def command(
    files: tuple[str, ...],
    together: bool,
    stack: str,
    hours: float | None,
    save: bool,
    as_json: bool,
    markdown: bool,
    html: Path | None,
    ics: Path | None,
    begin: datetime | None,
    per_week: float,
) -> None:
    """Read job ads and plan the work that gives evidence for their requirements.

    FILE is a text, Markdown, HTML, PDF or Word file, a page with a schema.org JobPosting, a saved
    API response of Greenhouse, Lever, Ashby, Workable or RemoteOK, JSON Lines, or - for standard
    input. Nothing leaves this machine.
    """
    from worksample.cli._planning import PlanOptions, run

    options = PlanOptions(
        together=together,
        stack=stack,
        hours=hours or 0,
        save=save,
        form="json" if as_json else "markdown" if markdown else "terminal",
        html=html,
        ics=ics,
        begin=begin.date() if begin else None,
        per_week=per_week,
    )
    if code := run(files, options):
        raise click.exceptions.Exit(code)
