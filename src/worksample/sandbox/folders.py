"""Temporary folders that are removed even if Worksample is killed with SIGKILL."""

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
    """A private temporary folder; `path` is absolute, with symlinks resolved."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    @asynccontextmanager
    async def open(
        cls, purpose: str, *, within: Path | None = None
    ) -> AsyncIterator[ScratchDirectory]:
        """Create a folder (mode 0700); remove it when the block ends or this process dies.

        `purpose` becomes part of the folder's name; `within` is the parent folder (default: the
        system's temporary folder).
        """
        parent = within or Path(tempfile.gettempdir())
        path = Path(tempfile.mkdtemp(prefix=f"worksample-{purpose}-", dir=parent)).resolve()
        try:
            supervisor = SupervisorClient.start()
            try:
                await supervisor.send(command="remove_at_exit", folders=[str(path)])
                yield cls(path)
            finally:
                await asyncio.to_thread(remove_tree, path)
                await supervisor.close()
        finally:
            remove_tree(path)


def remove_tree(path: Path) -> None:
    """Remove a folder and its content, including read-only subfolders."""
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        for folder, _, _ in os.walk(path):
            with contextlib.suppress(OSError):
                Path(folder).chmod(0o700)
        shutil.rmtree(path, ignore_errors=True)


def memory_backed_folder(candidates: Iterable[Path] = (Path("/dev/shm"),)) -> Path | None:  # noqa: S108
    """Return a memory-backed folder (tmpfs) with more than 1 GB free, or None."""
    for each in candidates:
        try:
            if shutil.disk_usage(each).free > GIGABYTE:
                probe_folder = tempfile.mkdtemp(prefix="worksample-probe-", dir=each)
                Path(probe_folder).rmdir()
                return each
        except OSError:
            continue
    return None
