"""Make the workspace of a task: a git repository, and the task's files in its last commit."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.workspace import ignored_files, is_taken, taken
from worksample.errors import UserError
from worksample.grading.sealing import seal_folder
from worksample.messages import message
from worksample.tasks.fixing import FixTask
from worksample.tasks.history import write_history
from worksample.tasks.tickets import ticket_files
from worksample.tasks.trees import write_tree

_SETTINGS = """\
challenge = "{challenge}"
kind = "{kind}"
spec = "brief"
"""
_OWN_STATE = b".worksample/\n"


def make_task_workspace(challenge: Challenge, task: FixTask, folder: Path) -> None:
    """Write the repository of `task` into the new folder `folder`.

    Raises `UserError` if it is not empty, or cannot be written.
    """
    if is_taken(folder):
        raise UserError(taken(folder), hint="Name another folder.")
    with tempfile.TemporaryDirectory() as place:
        write_tree(task.sealed, Path(place))
        text = seal_folder(Path(place), task.name)
    last = task.commits[-1]
    files = {
        **ticket_files(challenge, task.tickets),
        "task.sealed": text,
        "worksample.toml": message(_SETTINGS, challenge=challenge.id, kind="fix"),
    }
    added = {name: content.encode() for name, content in files.items()}
    added[".gitignore"] = last.tree.get(".gitignore", ignored_files().encode()) + _OWN_STATE
    tickets = replace(
        last,
        subject="Add the tickets of this week",
        when=last.when + timedelta(days=1),
        tree={**last.tree, **added},
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_history(folder, [*task.commits, tickets])
    except OSError as error:
        raise UserError(
            message("{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror)
        ) from None
