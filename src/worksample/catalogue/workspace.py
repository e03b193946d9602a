"""Make a workspace out of a challenge."""

from __future__ import annotations

import shutil
from pathlib import Path

from worksample.catalogue.model import Challenge
from worksample.errors import UserError

_IGNORE = """\
.worksample/
.venv/
__pycache__/
node_modules/
.env
*.log
"""
_SETTINGS = """\
# Which challenge this folder answers. How the server is built and started is recognised from
# the Procfile and the usual files; docs/bring-your-own.md says what else can be set here.
challenge = "{id}"
"""
_README = """\
# {title}

{summary}

Read `brief.md` (what the customer wants, in numbered rules, stage by stage) and `openapi.yaml`
(the exact shapes). The starter in `{stack}` starts already and answers the first question; it is
yours to change as you like. `STARTER.md` says how it is put together.

## The three commands to know

    worksample check --stage 1     build it, start it on PostgreSQL, ask it the first questions
    worksample check --watch       the same, again whenever you save a file
    worksample replay 1            the first finding once more, request by request

When a stage is complete, take the next. `worksample report --html` shows everything as a page.

## The stages

{stages}
"""


def make_workspace(challenge: Challenge, stack: str, folder: Path) -> str:
    """Make a workspace in `folder` with the starter of `stack`; return the stack's id.

    `stack` may be left out where there is only one. Raises `UserError` when there is no such
    starter, or when the folder already holds something: nothing is ever overwritten.
    """
    chosen = _choose(challenge, stack)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(
            f"{folder} already holds something; nothing was changed.",
            hint="Name another folder: worksample start "
            f"{challenge.id} --stack {chosen} DIR. For a project that you already have, "
            'write challenge = "' + challenge.id + '" into its worksample.toml instead.',
        )
    try:
        _fill(challenge, chosen, folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}.") from None
    return chosen


def _choose(challenge: Challenge, stack: str) -> str:
    if not stack and len(challenge.starters) == 1:
        return challenge.stacks[0]
    if stack in challenge.starters:
        return stack
    if not challenge.starters:
        raise UserError(f"{challenge.id} has no starters; begin with a folder of your own.")
    known = ", ".join(challenge.stacks)
    problem = f"no starter for {stack!r}" if stack else "more than one starter"
    raise UserError(
        f"{challenge.id} has {problem}; there are {known}.",
        hint=f"worksample start {challenge.id} --stack {challenge.stacks[0]}. In any other "
        f'language, begin with your own folder and write challenge = "{challenge.id}" into a '
        "worksample.toml there.",
    )


def _fill(challenge: Challenge, stack: str, folder: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "node_modules", ".venv")
    shutil.copytree(challenge.starters[stack], folder, ignore=leave, dirs_exist_ok=True)
    own = folder / "README.md"
    if own.is_file():
        own.rename(folder / "STARTER.md")
    for name in ("brief.md", "openapi.yaml"):
        shutil.copyfile(challenge.folder / name, folder / name)
    own.write_text(_readme(challenge, stack), encoding="utf-8")
    (folder / "worksample.toml").write_text(_SETTINGS.format(id=challenge.id), encoding="utf-8")
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(_IGNORE, encoding="utf-8")


def _readme(challenge: Challenge, stack: str) -> str:
    stages = "\n".join(f"{stage.number}. {stage.title}" for stage in challenge.stages)
    return _README.format(
        title=challenge.title, summary=challenge.summary, stack=stack, stages=stages
    )
