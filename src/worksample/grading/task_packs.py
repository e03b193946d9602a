"""A task in one file, to hand out: made on one machine, opened on another without the answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from worksample.catalogue.workspace import is_taken, taken
from worksample.errors import InternalError, UserError
from worksample.grading.workspace import Workspace
from worksample.messages import message
from worksample.tasks.history import pack_repository, unpack_repository


def write_pack(make: Callable[[Path], object], path: Path) -> None:
    """Write the workspace that `make` makes in a new folder to the file `path`.

    Raises `UserError` if it is no repository, or if the file exists or cannot be written.
    """
    if path.exists():
        raise UserError(
            message("{path} exists; nothing was changed.", path=path), hint="Name another file."
        )
    with tempfile.TemporaryDirectory() as place:
        folder, packed = Path(place) / "task", Path(place) / "packed"
        make(folder)
        if not (folder / ".git").is_dir():
            raise UserError(
                "This kind of work has no tasks to pack: everybody begins with the same files.",
                hint="Let each learner start it on their own machine.",
            )
        pack_repository(folder, packed)
        try:
            shutil.copyfile(packed, path)
        except OSError as error:
            raise UserError(
                message("{path} cannot be written: {reason}.", path=path, reason=error.strerror)
            ) from None


def open_pack(path: Path, folder: Path) -> Workspace:
    """Make the workspace of the packed task `path` in the new folder `folder`; return it.

    Raises `UserError` if the file is not a packed task, or if the folder is not empty.
    """
    if is_taken(folder):
        raise UserError(taken(folder), hint="Name another folder.")
    existed = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unpack_repository(path, folder)
        return Workspace.open(folder)
    except (InternalError, UserError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            folder.mkdir()
        raise UserError(
            message("{path} is not a packed task.", path=path),
            hint="`--pack` makes one, on a machine that has the answers.",
        ) from None
