"""`worksample diff`: what changed between two saved runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worksample.errors import NoSavedRun
from worksample.messages import message

if TYPE_CHECKING:
    from worksample.grading import Report, Workspace
    from worksample.reports.support.changes import Change


@click.command("diff")
@click.argument("words", nargs=-1, metavar="[RUN] [RUN] [DIR|ARCHIVE]")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(words: tuple[str, ...], as_json: bool) -> None:
    """Show what changed from the first RUN to the second: mended, new, still failing.

    A RUN is an id or its beginning; the default is the last but one and the latest run of DIR or
    ARCHIVE (default: here). With one RUN, it is compared with the latest.
    """
    from worksample.cli._saved_runs import find_workspace

    runs, folder = _split(words)
    workspace, _ = find_workspace("", folder)
    before, after = _reports(workspace, runs)
    if as_json:
        _as_json(before, after)
        return
    from worksample.reports.text.changes import show_diff
    from worksample.reports.text.page import page_for

    show_diff(page_for(None), before, after)


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], Path | None]:
    """Return the runs and the folder or archive; a last word that exists as a file is a folder."""
    named = len(words) == 3 or (words and Path(words[-1]).exists())
    runs = words[:-1] if named else words
    if len(runs) > 2:
        raise click.UsageError("Name at most two runs, and one folder or archive.")
    return runs, Path(words[-1]) if named else None


def _reports(workspace: Workspace, runs: tuple[str, ...]) -> tuple[Report, Report]:
    """Return the reports of two runs; raise `NoSavedRun` if there is only one."""
    saved = workspace.runs()
    if not runs and len(saved) == 1:
        raise NoSavedRun(
            message(
                "There is only one run in {folder}: {run}.", folder=workspace.place, run=saved[0]
            ),
            hint="There is something to compare after the next run.",
        )
    before = runs[0] if runs else "".join(saved[-2:-1])
    return workspace.report(before), workspace.report(runs[1] if len(runs) == 2 else "")


def _as_json(before: Report, after: Report) -> None:
    import orjson

    from worksample.reports.support.changes import changes

    by_kind = changes(before, after).by_kind()
    found = {kind.name.lower(): list(map(_entry, each)) for kind, each in by_kind.items()}
    data = {
        "version": 1,
        "challenge": before.challenge,
        "before": _run(before),
        "after": _run(after),
        "counts": {name: len(each) for name, each in found.items()},
        **found,
    }
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())


def _run(report: Report) -> dict[str, Any]:
    from worksample.checks import BRIEF

    return {
        "run": report.run,
        "verdict": report.verdict,
        "challenge_version": report.challenge_version,
        "selection": str(report.selection),
        "profile": report.profile or BRIEF.id,
        "checks": len(report.results),
    }


def _entry(change: Change) -> dict[str, Any]:
    check = change.check
    return {
        "id": check.id,
        "title": check.title,
        "stage": check.stage,
        "aspect": check.aspect,
        "before": change.before,
        "after": change.after,
    }
