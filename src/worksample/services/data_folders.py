"""Data directories of database servers: initialised once, copied for each new server."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

from worksample.errors import ServiceUnavailable
from worksample.messages import message


def measure(folder: Path) -> str:
    """Return the number of files below `folder` and the sum of their sizes, as text."""
    count = size = 0
    queue = [str(folder)]
    while queue:
        with os.scandir(queue.pop()) as entries:
            for each in entries:
                if each.is_dir(follow_symlinks=False):
                    queue.append(each.path)
                else:
                    count += 1
                    size += each.stat(follow_symlinks=False).st_size
    return f"{count} files, {size} bytes"


async def copy(source: Path, target: Path) -> None:
    """Copy a data directory to `target`, which must not exist; keep owner and modes.

    Raises `ServiceUnavailable` if the copy fails.
    """
    command = ["cp", "-a", str(source), str(target)]
    done = await asyncio.to_thread(
        subprocess.run, command, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise ServiceUnavailable(
            message(
                "the database's data directory could not be copied to {folder}: {error}",
                folder=target.parent,
                error=done.stderr.strip(),
            ),
            hint="free disk space there, or set TMPDIR to a folder on a larger disk",
        )
