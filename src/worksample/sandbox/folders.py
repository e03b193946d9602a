"""Temporary folders that are gone afterwards, also after a kill -9 of ourselves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.sandbox.supervisor_client import SupervisorClient

GIGABYTE = 1 << 30


class ScratchDirectory:
    """A folder of our own for one purpose; `path` is absolute and free of symlinks."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    @asynccontextmanager
    async def open(
        cls, purpose: str, *, within: Path | None = None
    ) -> AsyncIterator[ScratchDirectory]:
        """Make a folder (mode 0700) and remove it when the block ends or when we die.

        `purpose` becomes part of the folder's name; `within` is the parent, by default the
        system's temporary folder.
        """
        parent = within or Path(tempfile.gettempdir())
        path = Path(tempfile.mkdtemp(prefix=f"worksample-{purpose}-", dir=parent)).resolve()
        try:
            supervisor = SupervisorClient.start()
            try:
                await supervisor.send(do="guard", folders=[str(path)])
                yield cls(path)
            finally:
                await asyncio.to_thread(remove_tree, path)
                await supervisor.close()
        finally:
            remove_tree(path)


def remove_tree(path: Path) -> None:
    """Remove a folder with all that is in it, also what was made unwritable."""
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        for folder, _, _ in os.walk(path):
            with contextlib.suppress(OSError):
                Path(folder).chmod(0o700)
        shutil.rmtree(path, ignore_errors=True)


def memory_backed_folder(candidates: Iterable[Path] = (Path("/dev/shm"),)) -> Path | None:  # noqa: S108
    """Return a memory-backed folder with more than 1 GB free, or None where there is none."""
    for each in candidates:
        try:
            if shutil.disk_usage(each).free > GIGABYTE:
                probe_folder = tempfile.mkdtemp(prefix="worksample-probe-", dir=each)
                Path(probe_folder).rmdir()
                return each
        except OSError:
            continue
    return None
