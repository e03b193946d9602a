"""`worksample checks`: list the checks of a challenge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worksample.errors import UserError
from worksample.messages import message, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worksample.catalogue import Challenge
    from worksample.checks import Check

_ASPECTS = ("behaviour", "contract", "concurrency", "performance", "resilience", "security")


@click.command("checks")
@click.option("--stage", type=click.IntRange(1), metavar="N", help="Only the checks of stage N.")
@click.option("--challenge", default="", metavar="ID", help="Only the checks of this challenge.")
@click.option("--aspect", type=click.Choice(_ASPECTS), help="Only the checks of this aspect.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(stage: int | None, challenge: str, aspect: str | None, as_json: bool) -> None:
    """List the checks: id, stage, aspect and title.

    Without --challenge, these are the checks of the workspace here, or of all challenges.
    """
    from worksample.cli._chosen_challenges import chosen_challenges, require_stage

    challenges = chosen_challenges(challenge, Path())
    require_stage(challenges, stage or 0)
    selected = [(each, _selected(each, stage, aspect)) for each in challenges]
    found = [(each, checks) for each, checks in selected if checks]
    if not found:
        raise UserError("No check is of this stage and this aspect.", hint="Leave one of them out.")
    if as_json:
        _as_json(found)
        return
    for each, checks in found:
        _print(each, checks)


def _selected(challenge: Challenge, stage: int | None, aspect: str | None) -> list[Check]:
    return [
        check
        for check in challenge.checks
        if stage in (None, check.stage) and aspect in (None, check.aspect.value)
    ]


def _print(challenge: Challenge, checks: Sequence[Check]) -> None:
    counted = plural(len(checks), "{count} check", "{count} checks")
    click.secho(
        message(
            "{id} {version}: {counted}", id=challenge.id, version=challenge.version, counted=counted
        ),
        bold=True,
    )
    width = max(len(check.id) for check in checks)
    for check in checks:
        click.echo(f"  {check.id:<{width}}  {check.stage:>2}  {check.aspect:<11}  {check.title}")


def _as_json(found: Sequence[tuple[Challenge, Sequence[Check]]]) -> None:
    import orjson

    entries = [_entry(challenge, check) for challenge, checks in found for check in checks]
    data = {"version": 1, "count": len(entries), "checks": entries}
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())


def _entry(challenge: Challenge, check: Check) -> dict[str, Any]:
    return {
        "challenge": challenge.id,
        "id": check.id,
        "title": check.title,
        "stage": check.stage,
        "aspect": check.aspect,
        "clause": check.clause,
        "cites": check.cites,
        "skills": list(check.skills),
        "operations": list(check.operations),
        "since": check.since,
    }
