"""Copy a learner's folder to where it is built: bounded, without what can be made again."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import WorkspaceError

LEFT_OUT = frozenset(
    (
        *(".git", ".hg", ".svn", ".worksample", "node_modules", ".venv", "__pycache__", ".tox"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".nox", ".idea", ".DS_Store"),
    )
)
MAKERS_OF_TARGET = ("Cargo.toml", "pom.xml")
MOST_BYTES = 200 * 1024 * 1024
MOST_FILES = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the submission: its path inside (with /), where it lies, its size in bytes."""

    name: str
    path: Path
    size: int


def entries(folder: Path) -> list[Entry]:
    """Return the submission's files in order of name.

    Left out is what can be made again (.git, node_modules, environments, caches), and a symlink
    that leaves the folder or leads nowhere. Raises `WorkspaceError` if it is too much.
    """
    root = folder.resolve()
    found: list[Entry] = []
    for path in _walk(root, root, frozenset()):
        found.append(Entry(path.relative_to(root).as_posix(), path, path.stat().st_size))
        if len(found) > MOST_FILES:
            raise WorkspaceError(
                f"{folder} has more than {MOST_FILES} files{_biggest(found)}",
                hint="move what is not source out of the folder",
            )
    if sum(each.size for each in found) > MOST_BYTES:
        raise WorkspaceError(
            f"{folder} is larger than {MOST_BYTES >> 20} MB{_biggest(found)}",
            hint="move what is not source (data, builds, downloads) out of the folder",
        )
    return sorted(found, key=lambda each: each.name)


def _walk(folder: Path, root: Path, above: frozenset[Path]) -> Iterator[Path]:
    real = folder.resolve()
    if real in above:
        return
    for each in folder.iterdir():
        if each.name in LEFT_OUT or (each.is_symlink() and not _stays(each, root)):
            continue
        if each.is_dir():
            if not _made(each):
                yield from _walk(each, root, above | {real})
        elif each.is_file():
            yield each


def _made(folder: Path) -> bool:
    """Whether a folder is a Python environment or the output of a build."""
    if folder.name == "target":
        return any((folder.parent / each).exists() for each in MAKERS_OF_TARGET)
    return (folder / "pyvenv.cfg").exists()


def _stays(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _biggest(found: list[Entry]) -> str:
    """Name the three largest entries of the top level."""
    sizes: dict[str, int] = {}
    for each in found:
        top = each.name.split("/")[0]
        sizes[top] = sizes.get(top, 0) + each.size
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    return "; most is in " + ", ".join(f"{name} ({sizes[name] >> 20} MB)" for name in largest)


def copy(found: list[Entry], target: Path) -> str:
    """Copy the files to `target` (made here) and return their digest.

    The digest is `sha256:` over name, executable bit and content of every file in order of name.
    """
    total = hashlib.sha256()
    target.mkdir(parents=True, exist_ok=True)
    for each in found:
        goal = target / each.name
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each.path, goal)
        runs = os.access(each.path, os.X_OK)
        goal.chmod(0o755 if runs else 0o644)
        with goal.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(
            f"{each.name}\0{'x' if runs else '-'}\0{content}\n".encode("utf-8", "surrogateescape")
        )
    return f"sha256:{total.hexdigest()}"


def copy_folder(folder: Path, target: Path) -> str:
    """Copy a learner's folder to `target`; return the digest. Raises `WorkspaceError`."""
    try:
        return copy(entries(folder), target)
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be copied: {error}") from error
