"""`worksample skills`: list the skills, and the work that gives evidence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worksample.messages import message

if TYPE_CHECKING:
    from worksample.skills import Skill


@click.command("skills")
@click.argument("skill", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(skill: str, as_json: bool) -> None:
    """List the skills, or show what SKILL is and which work gives evidence of it."""
    from worksample.skills import get, load

    wanted = [get(skill)] if skill else list(load().values())
    if as_json:
        _as_json(wanted)
    elif skill:
        _one(wanted[0])
    else:
        _all(wanted)


def _all(skills: list[Skill]) -> None:
    from itertools import groupby

    for kind, members in groupby(sorted(skills, key=lambda s: s.kind), lambda s: s.kind):
        click.secho(kind, bold=True)
        for skill in members:
            click.echo(f"  {skill.id:<24} {skill.name}")
    click.echo(
        message("\n{count} skills. More about one: worksample skills SKILL", count=len(skills))
    )


def _one(skill: Skill) -> None:
    from worksample.skills import load

    click.secho(f"{skill.name} ({skill.id}, {skill.kind})", bold=True)
    click.echo(
        click.wrap_text(message("A junior: {sentence}", sentence=skill.junior), 92, "  ", "  ")
    )
    spoken = [form for form in (*skill.exact, *skill.weak, *skill.forms["en"]) if "*" not in form]
    click.echo(
        click.wrap_text(
            message("Found in ads as: {forms}", forms=", ".join(spoken[:14])), 92, "  ", "  "
        )
    )
    if skill.umbrella_of:
        names = ", ".join(load()[member].name for member in skill.umbrella_of)
        click.echo(click.wrap_text(message("Also shown by: {names}", names=names), 92, "  ", "  "))
    for scheme, target in skill.same_as.items():
        click.echo(message("  The same as: {scheme} {target}", scheme=scheme, target=target))
    click.echo("  Evidence in the catalogue:")
    for line in _evidence(skill) or ["nothing yet"]:
        click.echo(f"    {line}")


def _evidence(skill: Skill) -> list[str]:
    from worksample.cli._offers import all_offers

    offers = all_offers()
    shown = [f"{o.kind} {o.full_title} ({o.hours:g} h)" for o in offers if o.shows(skill.id)]
    touched = {
        message("{kind} {title} exercises it; shown, never scored", kind=o.kind, title=o.title)
        for o in offers
        if o.kind in skill.touched_by
    }
    return [*shown, *sorted(touched)]


def _as_json(skills: list[Skill]) -> None:
    import orjson

    data = [
        {
            "id": skill.id,
            "name": skill.name,
            "kind": skill.kind,
            "junior": skill.junior,
            "umbrella_of": list(skill.umbrella_of),
            "same_as": dict(skill.same_as),
            "evidence": _evidence(skill),
        }
        for skill in skills
    ]
    click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
