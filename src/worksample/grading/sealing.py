"""Folders that a task carries sealed, and opens only while it is checked."""

from __future__ import annotations

import io
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.catalogue import seal
from worksample.errors import BrokenArchive, BrokenSeal
from worksample.grading.archive import read_tar, write_tar
from worksample.messages import message
from worksample.sandbox.folders import ScratchDirectory


def seal_folder(folder: Path, task: str) -> str:
    """Return the files in `folder`, their names too, as the text of a sealed file.

    `task` identifies the task in one line, which can be read in the file. What a build would not
    copy is left out. Raises `WorkspaceError` if the folder is too large.
    """
    content = io.BytesIO()
    write_tar(folder, content)
    return seal.sealed(content.getvalue(), task)


@asynccontextmanager
async def unsealed_folder(path: Path, task: str) -> AsyncIterator[Path]:
    """Open the sealed file `path`, made for `task`; return a temporary folder with its files.

    Only this user can look into the folder (mode 0700, a random name). It is removed when the block
    ends, however it ends. Raises `BrokenSeal`, with file and line, for a file that was changed.
    """
    content = seal.unsealed(path, task)
    async with ScratchDirectory.open("opened") as place:
        folder = place.path / "files"
        folder.mkdir()
        try:
            read_tar(io.BytesIO(content), path, folder)
        except (BrokenArchive, tarfile.TarError, OSError) as error:
            raise BrokenSeal(
                message("{path}:1: cannot be unpacked: {error}", path=path, error=error)
            ) from None
        yield folder
