"""The cache: its location, and entries that are complete or created again."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.messages import message

MARKER = ".complete"
Validator = Callable[[Path], bool]


def cache_root(*, for_other_users: bool = False) -> Path:
    """Return the cache folder: the first writable one of the candidates.

    The candidates are $WORKSAMPLE_CACHE, the user's cache folder ($XDG_CACHE_HOME, ~/.cache, on
    macOS ~/Library/Caches), /var/cache (root only) and the temporary folder. With
    `for_other_users`, skip folders that other users of this machine cannot enter. Raises
    `OSError` if no candidate can be used.
    """
    for each in _candidates():
        if _is_writable(each) and (not for_other_users or accessible_to_other_users(each)):
            return each
    raise OSError(
        message(
            "no cache folder is writable: set WORKSAMPLE_CACHE to one that is; tried {tried}",
            tried=", ".join(map(str, _candidates())),
        )
    )


def _candidates() -> list[Path]:
    configured = os.environ.get("WORKSAMPLE_CACHE")
    home = Path(os.environ.get("HOME", "/nonexistent"))
    if sys.platform == "darwin":
        default = home / "Library" / "Caches"
    else:
        default = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    found = [Path(configured).absolute()] if configured else []
    found.append(default / "worksample")
    if os.geteuid() == 0:
        found.append(Path("/var/cache/worksample"))
    return [*found, Path(tempfile.gettempdir()) / f"worksample-cache-{os.geteuid()}"]


def _is_writable(folder: Path) -> bool:
    """Whether the folder exists or can be created, belongs to this user and is writable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            return False
        with tempfile.NamedTemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def accessible_to_other_users(path: Path) -> bool:
    """Whether any user can enter `path` and every folder above it."""
    return all(each.stat().st_mode & 0o001 for each in [path, *path.parents] if each.is_dir())


@asynccontextmanager
async def file_lock(path: Path) -> AsyncIterator[None]:
    """Hold an exclusive lock on the file `path`; wait while anyone else holds it (flock(2))."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.02)
        yield
    finally:
        os.close(handle)


async def get_or_create(
    folder: Path, create: Callable[[Path], Awaitable[None]], *, check: Validator = lambda path: True
) -> Path:
    """Return the cache entry `folder`; call `create(folder)` if it is missing or invalid.

    `create` receives the empty folder at its final path (a virtual environment cannot be moved)
    and fills it. A marker file, written last, records that the entry is complete. `check` returns
    whether a complete entry is still valid. Concurrent callers of the same entry wait for each
    other.
    """
    if _is_complete(folder, check):
        return folder
    async with file_lock(folder.with_name(folder.name + ".lock")):
        if not _is_complete(folder, check):
            await asyncio.to_thread(shutil.rmtree, folder, True)
            folder.mkdir(parents=True)
            await create(folder)
            (folder / MARKER).touch()
    return folder


def _is_complete(folder: Path, check: Validator) -> bool:
    try:
        return (folder / MARKER).is_file() and check(folder)
    except (OSError, ValueError):
        return False


async def discard(folder: Path) -> None:
    """Remove an entry; the next `get_or_create` creates it again."""
    async with file_lock(folder.with_name(folder.name + ".lock")):
        await asyncio.to_thread(shutil.rmtree, folder, True)
