"""`worksample status`: compare the saved plan with the reports in the workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worksample.errors import SavedPlanError
from worksample.messages import message

if TYPE_CHECKING:
    from worksample.postings.progress import Progress

_MARKS = {"evidenced": ("✓", "green"), "in work": ("…", "yellow"), "open": ("·", "")}


@click.command("status")
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(folder: Path, as_json: bool) -> None:
    """Show the stages of the workspace DIR (default: here), and the progress of the saved plan.

    A step of the plan is evidenced, in work or open, as the reports of all workspaces in and below
    the folder that holds the plan show. A stage is done, open, or blocked by others.
    """
    from worksample.cli._plan_runs import find_runs
    from worksample.cli._stage_progress import stage_lines
    from worksample.postings.progress import plan_progress
    from worksample.postings.saved import find

    stages = [] if as_json else stage_lines(folder)
    for number, (line, colour) in enumerate(stages):
        click.secho(line, fg=colour or None, bold=not number)
    try:
        saved_plan = find(folder)
    except SavedPlanError:
        if stages:
            return
        raise
    if stages:
        click.echo()
    runs, broken = find_runs(saved_plan.path.parent.parent)
    steps = plan_progress(saved_plan.data, runs)
    if as_json:
        _as_json(saved_plan.title, saved_plan.saved, steps, saved_plan.data)
    else:
        _print(saved_plan.title, saved_plan.saved, steps, saved_plan.data)
    for line in broken:
        click.echo(line, err=True)


def _print(title: str, saved: str, steps: list[Progress], plan: Any) -> None:
    click.secho(
        message("{title}, saved {day}", title=title or "Your plan", day=saved[:10]), bold=True
    )
    for number, progress in enumerate(steps, start=1):
        step = progress.step
        mark, colour = _MARKS[progress.state]
        work = f"{step['kind']} {step['title']} ({step['hours']:g} h)"
        click.secho(f"{mark} {number}. {work}: {progress.state}", fg=colour or None)
        if progress.runs:
            run = progress.runs[0]
            click.echo(
                message(
                    "     {workspace}: {verdict}, {passed} of {checks} checks pass, {judged_by}",
                    workspace=run.workspace,
                    verdict=run.verdict_title.lower(),
                    passed=run.passed,
                    checks=run.checks,
                    judged_by=run.judged_by,
                )
            )
        elif step["command"]:
            click.echo(message("     start: {command}", command=step["command"]))
    for state in _MARKS:
        names = _asks(steps, state)
        if names:
            click.echo(click.wrap_text(f"{state}: {', '.join(names)}", 92, "", "  "))
    if plan.get("uncovered"):
        names = [_name(requirement) for requirement in plan["uncovered"]]
        click.echo(
            click.wrap_text(
                message("no evidence yet: {names}", names=", ".join(names)), 92, "", "  "
            )
        )


def _asks(steps: list[Progress], state: str) -> list[str]:
    return [
        _name(requirement) for p in steps if p.state == state for requirement in p.step["shows"]
    ]


def _name(requirement: Any) -> str:
    from worksample.skills import load

    return " or ".join(load()[s].name if s in load() else s for s in requirement["any_of"])


def _as_json(title: str, saved: str, steps: list[Progress], plan: Any) -> None:
    import orjson

    data = {
        "version": 1,
        "title": title,
        "saved": saved,
        "steps": [
            {
                "step": p.step,
                "state": p.state,
                "runs": [
                    {
                        "workspace": str(r.workspace),
                        "verdict": r.verdict,
                        "when": r.when,
                        "judged_by": r.judged_by,
                    }
                    for r in p.runs
                ],
            }
            for p in steps
        ],
        "uncovered": plan.get("uncovered", []),
    }
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
