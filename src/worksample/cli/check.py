"""`worksample check`: build, start, question, judge."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--challenge", default="", metavar="ID", help="Where worksample.toml names none.")
@click.option(
    "--stage", default=None, metavar="N", type=click.IntRange(1), help="Only up to this stage."
)
@click.option("--only", default="", metavar="X,...", help="Only these aspects or checks.")
@click.option(
    "--seed",
    default=None,
    metavar="N",
    type=click.IntRange(0),
    help="Repeat a run's random values.",
)
@click.option("--url", default="", metavar="URL", help="Question a server that runs already.")
@click.option("--postgres", default="", metavar="URL", help="Use this PostgreSQL server.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@click.option("--html", "html", type=_FILE, help="Write the HTML report here too.")
@click.option("--no-html", is_flag=True, help="Write no HTML report.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--junit", type=_FILE, help="Write the report as JUnit XML here.")
@click.option("--all", "whole", is_flag=True, help="Show every finding whole.")
@click.option("--demo", is_flag=True, hidden=True, help="Exit 0 when the check ran to its end.")
def command(
    folder: Path | None,
    challenge: str,
    stage: int | None,
    only: str,
    seed: int | None,
    url: str,
    postgres: str,
    watch: bool,
    html: Path | None,
    no_html: bool,
    as_json: bool,
    junit: Path | None,
    whole: bool,
    demo: bool,
) -> None:
    """Build and start the server in DIR (default: here), question it, and report.

    Exits with 0 when it is accepted, 1 when it is rejected, 3 when it could not be built or
    started, 2 for misuse and 4 when the fault is ours.
    """
    from worksample.cli._checking import CheckOptions, OutputOptions, check_once, new_seed
    from worksample.grading import RunVerdict

    options = CheckOptions(
        folder=folder or Path(),
        challenge=challenge,
        stage=stage or 0,
        only=only,
        seed=new_seed() if seed is None else seed,
        url=url,
        postgres=postgres,
    )
    output = OutputOptions(html, no_html, as_json, junit, whole)
    output.require_writable_paths()
    if watch:
        from worksample.cli._watching import watch as watch_for_changes

        watch_for_changes(options, output)
    report = check_once(options, output)
    ended = report.verdict in (RunVerdict.ACCEPTED, RunVerdict.REJECTED)
    raise SystemExit(0 if demo and ended else report.verdict.exit_code)
