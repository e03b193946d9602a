"""Copy a submission to the build folder, without generated files and within size limits."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.base import Stack, stacks

EXCLUDED_NAMES = frozenset((".git", ".hg", ".svn", ".worksample", ".idea", ".DS_Store"))
MAX_BYTES = 200 * 1024 * 1024
MAX_FILES = 50_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the submission: its relative POSIX path, absolute path and size in bytes."""

    name: str
    path: Path
    size: int


def list_files(folder: Path) -> list[SourceFile]:
    """Return the submission's files, sorted by name.

    Skips version control, generated folders (node_modules, virtual environments, caches), and
    symlinks that are broken or lead out of the folder. Raises `WorkspaceError` if there are more
    than `MAX_FILES` files or `MAX_BYTES` bytes.
    """
    root = folder.resolve()
    found: list[SourceFile] = []
    for path in _walk(root, root, frozenset(), Generated.of_all_stacks()):
        found.append(SourceFile(path.relative_to(root).as_posix(), path, path.stat().st_size))
        if len(found) > MAX_FILES:
            raise WorkspaceError(
                message(
                    "{folder} has more than {limit} files; most is in {largest}",
                    folder=folder,
                    limit=MAX_FILES,
                    largest=_largest_entries(found),
                ),
                hint="move files that are not source code out of the folder",
            )
    if sum(item.size for item in found) > MAX_BYTES:
        raise WorkspaceError(
            message(
                "{folder} is larger than {megabytes} MB; most is in {largest}",
                folder=folder,
                megabytes=MAX_BYTES >> 20,
                largest=_largest_entries(found),
            ),
            hint="move files that are not source code (data, builds, downloads) out of the folder",
        )
    return sorted(found, key=lambda item: item.name)


@dataclass(frozen=True, slots=True)
class Generated:
    """Recognises what version control, editors and the tools of `stacks` make."""

    names: frozenset[str]
    stacks: tuple[Stack, ...]

    @classmethod
    def of_all_stacks(cls) -> Generated:
        """Return what is generated in a project of any language."""
        known = tuple(stacks().values())
        return cls(EXCLUDED_NAMES.union(*(each.generated_names for each in known)), known)

    def __contains__(self, path: Path) -> bool:
        return path.name in self.names or (
            path.is_dir() and any(each.is_generated(path) for each in self.stacks)
        )

    def ignore(self, folder: str, names: Iterable[str]) -> set[str]:
        """Return which `names` in `folder` are generated; the `ignore` of `shutil.copytree`."""
        return {each for each in names if Path(folder) / each in self}


def _walk(
    folder: Path, root: Path, ancestors: frozenset[Path], generated: Generated
) -> Iterator[Path]:
    real = folder.resolve()
    if real in ancestors:
        return
    for item in folder.iterdir():
        if item in generated or (item.is_symlink() and not _stays_inside(item, root)):
            continue
        if item.is_dir():
            yield from _walk(item, root, ancestors | {real}, generated)
        elif item.is_file():
            yield item


def _stays_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _largest_entries(found: list[SourceFile]) -> str:
    """Return the names and sizes of the three largest top-level entries."""
    sizes: dict[str, int] = {}
    for item in found:
        top = item.name.split("/")[0]
        sizes[top] = sizes.get(top, 0) + item.size
    largest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    return ", ".join(f"{name} ({sizes[name] >> 20} MB)" for name in largest)


def digest_of(found: Iterable[SourceFile]) -> str:
    """Return the digest of files: `sha256:` and the SHA-256 over the name, executable bit and
    content of each, in the order of their names."""
    digest = hashlib.sha256()
    for item in sorted(found, key=lambda each: each.name):
        executable = os.access(item.path, os.X_OK)
        with item.path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        line = f"{item.name}\0{'x' if executable else '-'}\0{content}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return f"sha256:{digest.hexdigest()}"


def copy_files(found: list[SourceFile], target: Path) -> str:
    """Copy the files to `target`, which is created if missing, and return their digest."""
    copies: list[SourceFile] = []
    target.mkdir(parents=True, exist_ok=True)
    for item in found:
        destination = target / item.name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(item.path, destination)
        destination.chmod(0o755 if os.access(item.path, os.X_OK) else 0o644)
        copies.append(SourceFile(item.name, destination, item.size))
    return digest_of(copies)


def copy_folder(folder: Path, target: Path) -> str:
    """Copy the submission in `folder` to `target`; return its digest. Raises `WorkspaceError`."""
    try:
        return copy_files(list_files(folder), target)
    except OSError as error:
        raise WorkspaceError(
            message("{folder} cannot be copied: {error}", folder=folder, error=error)
        ) from error


def digest_of_folder(folder: Path) -> str:
    """Return the digest of the submission in `folder`. Raises `WorkspaceError`."""
    try:
        return digest_of(list_files(folder))
    except OSError as error:
        raise WorkspaceError(
            message("{folder} cannot be read: {error}", folder=folder, error=error)
        ) from error
