"""`worksample check`: build and start a server, run the checks, report."""

from __future__ import annotations

from pathlib import Path

import click

from worksample.cli._durations import budget_option
from worksample.cli._lists import only_option
from worksample.cli._recording import BESIDE, require_file
from worksample.cli._report_outputs import ReportOutput, form_option

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check")
@click.argument("folders", nargs=-1, metavar="[DIR|ARCHIVE]...", type=click.Path(path_type=Path))
@click.option(
    "--challenge", default="", metavar="ID", help="The challenge, if worksample.toml names none."
)
@click.option(
    "--stage",
    default=None,
    metavar="N",
    type=click.IntRange(1),
    help="Only the stages up to this one.",
)
@budget_option
@click.option(
    "--spec",
    default="",
    metavar="NAME",
    help="What to judge by: brief, or a public specification of the challenge.",
)
@only_option("Only these aspects or checks.")
@click.option(
    "--seed",
    default=None,
    metavar="N",
    type=click.IntRange(0),
    help="Repeat a run's random values.",
)
@click.option(
    "--shuffle",
    default=None,
    metavar="SEED",
    type=click.IntRange(0),
    help="Ask the checks of each stage in another order.",
)
@click.option("--url", default="", metavar="URL", help="Check a server that is already running.")
@click.option("--postgres", default="", metavar="URL", help="Use this PostgreSQL server.")
@click.option("--mysql", default="", metavar="URL", help="Use this MySQL or MariaDB server.")
@click.option(
    "--watch",
    is_flag=True,
    help="Check the lowest open stage (or the selected checks) again whenever a file changes.",
)
@click.option("--html", "html", type=_FILE, help="Write the HTML report to this file too.")
@click.option("--no-html", is_flag=True, help="Write no HTML report.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--junit", type=_FILE, help="Write the report as JUnit XML to this file.")
@form_option
@click.option(
    "--csv", "table", type=_FILE, metavar="FILE", help="Write a row for each DIR to this file."
)
@click.option(
    "--record",
    "recording",
    type=click.Path(path_type=Path),
    metavar="[FILE]",
    is_flag=False,
    flag_value=BESIDE,
    help="Record every exchange in FILE (default: beside the report), compressed.",
)
@click.option("--all", "full", is_flag=True, help="Show every finding in full.")
@click.option(
    "--demo", is_flag=True, hidden=True, help="Show a race, and exit with 0 after any verdict."
)
def command(
    folders: tuple[Path, ...],
    challenge: str,
    stage: int | None,
    budget: float,
    spec: str,
    only: str,
    seed: int | None,
    shuffle: int | None,
    url: str,
    postgres: str,
    mysql: str,
    watch: bool,
    html: Path | None,
    no_html: bool,
    as_json: bool,
    junit: Path | None,
    forms: tuple[ReportOutput, ...],
    table: Path | None,
    recording: Path | None,
    full: bool,
    demo: bool,
) -> None:
    """Build and start the server in DIR (default: here), run the checks, and report.

    An ARCHIVE, as `worksample archive` writes it, is checked like the folder that it was made of;
    its runs are saved beside it, in `NAME.runs`.

    Several DIRs are checked one after the other, and a table is printed; a DIR that cannot be
    checked gets a row that says why. --csv also writes the table to a file.

    Exits with 0 if the server is accepted (with --budget: if nothing was found), 1 if it is
    rejected, 2 for a usage error, 3 if the server cannot be built or started, and 4 for an
    internal error. With several DIRs or --csv, exits with 0 if each of them would, else with 1.
    """
    from worksample.cli._checking import CheckOptions, OutputOptions, check_once, new_seed
    from worksample.cli._exit_codes import NEGATIVE, SUCCESS, code_of_verdict
    from worksample.grading import RunVerdict

    if budget and shuffle is not None:
        raise click.UsageError(
            "--budget asks the checks that tell most first: leave out --shuffle or --budget."
        )
    options = CheckOptions(
        folder=folders[0] if folders else Path(),
        challenge=challenge,
        stage=stage or 0,
        budget=budget,
        spec=spec,
        only=only,
        seed=new_seed() if seed is None else seed,
        shuffle=shuffle,
        url=url,
        postgres=postgres,
        mysql=mysql,
        recording=recording,
    )
    page = None if no_html else html
    files = [ReportOutput(name, path) for name, path in (("html", page), ("junit", junit)) if path]
    printed = [ReportOutput("json")] if as_json else []
    output = OutputOptions((*files, *printed, *forms), no_html, full)
    output.require_writable_paths(require_file(recording))
    if table is not None or len(folders) > 1:
        if watch or url or recording or output.reports or full or demo:
            raise click.UsageError(
                "Several folders, or --csv, go without --watch, --url, --record and other forms of "
                "a report: `worksample report DIR` shows the report of each."
            )
        from worksample.cli._class_checks import check_folders

        accepted = check_folders(folders or (Path(),), options, output, table)
        raise SystemExit(SUCCESS if accepted else NEGATIVE)
    if watch:
        if options.archive:
            raise click.UsageError("An archive does not change: check it without --watch.")
        if recording:
            raise click.UsageError("--record records one run: check without --watch.")
        from worksample.cli._watching import watch as watch_for_changes

        watch_for_changes(options, output)
    report = check_once(options, output)
    if demo and not output.is_printed:
        from worksample.cli._demo import show_demo

        show_demo(report, options.folder)
    ended = report.verdict in (
        RunVerdict.ACCEPTED,
        RunVerdict.NOTHING_FOUND,
        RunVerdict.REJECTED,
    )
    raise SystemExit(SUCCESS if demo and ended else code_of_verdict(report.verdict))
