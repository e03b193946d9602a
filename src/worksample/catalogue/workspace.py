"""Create a workspace from a challenge and a starter."""

from __future__ import annotations

import shutil
from pathlib import Path

from worksample.catalogue.model import Challenge
from worksample.catalogue.services import DATABASE
from worksample.errors import StarterError, UserError
from worksample.messages import join_or, message
from worksample.stacks.base import stacks
from worksample.stacks.copying import Generated
from worksample.stacks.settings import SETTINGS_FILE

_SETTINGS = """\
# The challenge that this folder solves. Worksample detects how to build and start the server from
# the Procfile and the usual files; docs/bring-your-own.md lists all settings.
challenge = "{id}"

# What the server is judged by: the brief, all of whose rules count.
spec = "brief"
"""
_CHOICE = """
[services]
database = "{database}"
"""
_README = """\
# {title}

{summary}

`brief.md` holds the requirements as numbered rules, stage by stage. `openapi.yaml` defines requests
and responses. The starter for `{stack}` runs and passes the first check; change it as you like.
`STARTER.md` explains its structure.

## Commands

    worksample check --stage 1     build and start the server, run the checks of stage 1
    worksample check --watch       the same, again whenever you save a file
    worksample replay 1            send the requests of the first finding again

When all checks of a stage pass, go on to the next. `worksample report --html` shows the whole
report as a web page.

## The stages

{stages}
"""


def make_workspace(challenge: Challenge, stack: str, folder: Path, database: str = "") -> str:
    """Create a workspace in `folder` from the starter for `stack`; return the stack's id.

    An empty `stack` selects the only starter, an empty `database` the usual one. Raises `UserError`
    if there is no such starter or database, if `folder` is not empty (nothing is ever overwritten),
    or if it cannot be written.
    """
    chosen = _choose(challenge, stack)
    changes = _changes_for(challenge, chosen, database)
    if is_taken(folder):
        raise StarterError(
            taken(folder),
            hint=message(
                "Name another folder. For an existing project, write challenge = "
                '"{challenge}" into its worksample.toml instead.',
                challenge=challenge.id,
            ),
            challenge=challenge.id,
            stack=chosen,
        )
    try:
        _copy_files(challenge, chosen, folder, changes)
        if database:
            with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
                settings.write(message(_CHOICE, database=database))
    except OSError as error:
        raise UserError(
            message("{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror)
        ) from None
    return chosen


def is_taken(folder: Path) -> bool:
    """Return whether there is something in `folder`, or in its place."""
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def taken(folder: Path) -> str:
    """Return the message for a folder that is taken."""
    return message("{folder} exists and is not empty; nothing was changed.", folder=folder)


def _choose(challenge: Challenge, stack: str) -> str:
    if not stack and len(challenge.starters) == 1:
        return challenge.stacks[0]
    if stack in challenge.starters:
        return stack
    if not challenge.starters:
        raise UserError(
            message(
                "{challenge} has no starters; use a folder of your own.", challenge=challenge.id
            )
        )
    known = ", ".join(challenge.stacks)
    problem = (
        "{challenge} has no starter for {stack}; available: {known}."
        if stack
        else "{challenge} has more than one starter; available: {known}."
    )
    raise StarterError(
        message(problem, challenge=challenge.id, stack=repr(stack), known=known),
        hint=message(
            "Choose one of these. For any other language, create a folder and write "
            'challenge = "{challenge}" into a worksample.toml in it.',
            challenge=challenge.id,
        ),
        challenge=challenge.id,
        stack=challenge.stacks[0],
    )


def _changes_for(challenge: Challenge, stack: str, database: str) -> Path | None:
    """Return the folder with the files of the starter that differ on `database`, None if none."""
    offered = challenge.services.choices.get(DATABASE, ())
    if database and database not in offered:
        known = join_or(offered) if offered else "no choice"
        raise StarterError(
            message(
                "{challenge} does not offer the database {database}; it offers {known}.",
                challenge=challenge.id,
                database=database,
                known=known,
            ),
            hint="Choose one of these, or leave it out.",
            challenge=challenge.id,
            stack=stack,
        )
    if not database or database == offered[0]:
        return None
    changes = challenge.starter_changes(database)
    if stack not in changes:
        raise StarterError(
            message(
                "{challenge} has no starter for {stack} on {database}; available: {known}.",
                challenge=challenge.id,
                stack=stack,
                database=database,
                known=", ".join(changes) or "none",
            ),
            hint=message(
                'Create a folder, and write challenge = "{challenge}" and, under [services], '
                'database = "{database}" into a worksample.toml in it.',
                challenge=challenge.id,
                database=database,
            ),
            challenge=challenge.id,
            stack=stack,
        )
    return changes[stack]


def _copy_files(challenge: Challenge, stack: str, folder: Path, changes: Path | None) -> None:
    for source in filter(None, (challenge.starters[stack], changes)):
        shutil.copytree(source, folder, ignore=Generated.of_all_stacks().ignore, dirs_exist_ok=True)
    readme = folder / "README.md"
    if readme.is_file():
        readme.rename(folder / "STARTER.md")
    for name in ("brief.md", "openapi.yaml"):
        shutil.copyfile(challenge.folder / name, folder / name)
    readme.write_text(_readme(challenge, stack), encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(_SETTINGS.format(id=challenge.id), encoding="utf-8")
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(ignored_files(), encoding="utf-8")


def ignored_files() -> str:
    """Return a .gitignore for a project of any language."""
    generated = sorted({name for each in stacks().values() for name in each.generated_names})
    lines = [".worksample/", *(f"{name}/" for name in generated), ".env", "*.log"]
    return "".join(f"{line}\n" for line in lines)


def _readme(challenge: Challenge, stack: str) -> str:
    stages = "\n".join(f"{stage.number}. {stage.title}" for stage in challenge.stages)
    return message(
        _README, title=challenge.title, summary=challenge.summary, stack=stack, stages=stages
    )
