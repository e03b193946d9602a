"""Which challenges a command is about: the named one, that of the workspace, or all."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from worksample.catalogue import Challenge, load, load_all
from worksample.checks import Check
from worksample.errors import NotAWorkspace, UserError
from worksample.grading import Workspace
from worksample.messages import join_and, join_or, message


def chosen_challenges(named: str, folder: Path) -> list[Challenge]:
    """Return the challenge `named`, else that of the workspace `folder`, else all.

    Raises `CatalogueError` if there is no such challenge, `UserError` if there is no such folder.
    """
    if named:
        return [load(named)]
    try:
        return [load(Workspace.open(folder).challenge)]
    except NotAWorkspace:
        if not folder.is_dir():
            raise
        return load_all()


def require_stage(challenges: Sequence[Challenge], stage: int) -> None:
    """Raise `UserError` if none of the challenges has the stage; 0 stands for all stages."""
    last = max((each.number for found in challenges for each in found.stages), default=0)
    if stage <= last:
        return
    names = join_or(each.id for each in challenges)
    raise UserError(
        message("There is no stage {stage} in {challenges}.", stage=stage, challenges=names),
        hint=message("The last stage is {last}.", last=last) if last else "It has no stages.",
    )


def find_check(name: str, challenges: Sequence[Challenge]) -> tuple[Challenge, Check]:
    """Return the check with the id `name`, and its challenge.

    Raises `UserError` if none of `challenges` has it, or more than one.
    """
    found = [(each, check) for each in challenges for check in each.checks if check.id == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(
            message(
                "{names} have a check called {check}.",
                names=join_and(challenge.id for challenge, _ in found),
                check=repr(name),
            ),
            hint="Name one of them: --challenge ID",
        )
    titles = join_or(each.id for each in challenges)
    raise UserError(
        message("No check of {challenges} is called {check}.", challenges=titles, check=repr(name)),
        hint=_advice(name, challenges),
    )


def _advice(name: str, challenges: Sequence[Challenge]) -> str:
    """Return the ids that are close to `name`, or contain it; else where all of them are listed."""
    known = list(dict.fromkeys(check.id for each in challenges for check in each.checks))
    close = difflib.get_close_matches(name, known, 3)
    close = close or [each for each in known if name and name in each][:3]
    if close:
        return message("Did you mean {names}?", names=join_or(close))
    return "`worksample checks` lists all of them."
