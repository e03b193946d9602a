"""A task that was given up: its answer was shown before it was accepted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from worksample.errors import UserError
from worksample.grading.report import RunVerdict
from worksample.grading.selection import EVERYTHING
from worksample.grading.workspace import STATE_FOLDER, Workspace
from worksample.messages import message

_FILE = "given-up"


def is_accepted(workspace: Workspace) -> bool:
    """Return whether a saved run of the whole challenge accepted what is in `workspace`."""
    for run in workspace.runs():
        try:
            report = workspace.report(run)
        except UserError:
            continue
        if report.verdict is RunVerdict.ACCEPTED and report.selection == EVERYTHING:
            return True
    return False


def give_up(workspace: Workspace) -> None:
    """Write down in `workspace` that the answer is shown now.

    Raises `UserError` if that cannot be written: an answer that leaves no trace is not shown.
    """
    now = datetime.now(UTC).isoformat(timespec="minutes")
    try:
        (workspace.state_folder() / _FILE).write_text(now, encoding="utf-8")
    except OSError as error:
        path = workspace.folder / STATE_FOLDER / _FILE
        raise UserError(
            message("{path} cannot be written: {reason}.", path=path, reason=error.strerror)
        ) from None


def note_of_giving_up(folder: Path) -> str:
    """Return the sentence for reports of a task that was given up, "" for any other."""
    try:
        when = (folder / STATE_FOLDER / _FILE).read_text(encoding="utf-8")
    except OSError:
        return ""
    return message("the answer to this task was shown at {when}: it proves nothing", when=when)
