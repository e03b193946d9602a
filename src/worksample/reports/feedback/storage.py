"""Feedback on disk, and the submission that its latest round was about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from worksample.errors import UserError, WorkspaceError
from worksample.grading import Workspace, archive
from worksample.grading.json_text import to_json
from worksample.grading.workspace import STATE_FOLDER
from worksample.messages import message
from worksample.reports.feedback.model import FORMAT, Feedback
from worksample.tasks.trees import changed_lines, tree_of
from worksample.whole_files import write_whole

_FILE = "feedback.json"
_SUBMISSION = "feedback.tar.gz"


class _Head(msgspec.Struct):
    format: int = 0


def load_feedback(workspace: Workspace) -> Feedback | None:
    """Return the feedback in `workspace`, None if there is none yet.

    Raises `WorkspaceError` if the file cannot be read.
    """
    path = workspace.folder / STATE_FOLDER / _FILE
    try:
        return _decoded(path, path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror) from None


def save_feedback(workspace: Workspace, feedback: Feedback) -> None:
    """Write `feedback` into `workspace`. Raises `UserError` if that fails."""
    _write(workspace, _FILE, msgspec.json.format(to_json(feedback)))


def keep_submission(workspace: Workspace) -> None:
    """Keep a copy of what is in `workspace` now, from which changes are counted.

    Raises `UserError`.
    """
    _write(workspace, _SUBMISSION, archive.pack(workspace.folder))


def changes_since(workspace: Workspace) -> Mapping[str, int]:
    """Return how many lines differ in each file from the submission that was kept.

    Empty if none was kept. Raises `WorkspaceError`.
    """
    path = workspace.folder / STATE_FOLDER / _SUBMISSION
    if not path.is_file():
        return {}
    with archive.opened(path) as before:
        return changed_lines(tree_of(before), tree_of(workspace.folder))


def _decoded(path: Path, data: bytes) -> Feedback:
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format > FORMAT:
            raise WorkspaceError(
                message("{path} was written by a later version of Worksample.", path=path),
                hint="Use that version, or move the file away to begin anew.",
            )
        return msgspec.json.decode(data, type=Feedback)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, reason: object) -> WorkspaceError:
    return WorkspaceError(
        message("{path} cannot be read: {reason}.", path=path, reason=reason),
        hint="It holds the comments and your replies. Move it away to begin anew.",
    )


def _write(workspace: Workspace, name: str, data: bytes) -> None:
    try:
        write_whole(workspace.state_folder() / name, data)
    except OSError as error:
        path = workspace.folder / STATE_FOLDER / name
        raise UserError(
            message("{path} cannot be written: {reason}.", path=path, reason=error.strerror),
            hint="Feedback is kept in the folder of the task: it must be writable.",
        ) from None
