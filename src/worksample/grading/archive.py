"""A submission as one file: a tar.gz that depends on names, modes and contents only."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from worksample.errors import BrokenArchive
from worksample.messages import message
from worksample.stacks.copying import MAX_BYTES, MAX_FILES, SourceFile, list_files

SUFFIX = ".tar.gz"
_BYTES_OF_HEADER = 1024
_FOLDER_NAME = "submission"


def pack(folder: Path) -> bytes:
    """Return the submission in `folder` as a tar.gz; the same submission gives the same bytes.

    Files come sorted, without times and owners; what a build would not copy is left out. Raises
    `WorkspaceError` if the folder is too large.
    """
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as zipped:
        write_tar(folder, zipped)
    return packed.getvalue()


def write_tar(folder: Path, target: io.BufferedIOBase) -> None:
    """Write the files of `folder` as an uncompressed tar. Raises `WorkspaceError`."""
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for each in list_files(folder):
            with each.path.open("rb") as content:
                archive.addfile(_entry(each), content)


def _entry(file: SourceFile) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(file.name)
    entry.size = file.size
    entry.mode = 0o755 if os.access(file.path, os.X_OK) else 0o644
    return entry


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Return a folder: `path` itself, or what the archive `path` contains, removed at exit.

    Raises `BrokenArchive` if `path` is a file, but not an archive that can be unpacked.
    """
    if not path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="worksample-archive-") as place:
        folder = Path(place) / _FOLDER_NAME
        unpack(path, folder)
        yield folder


def unpack(path: Path, folder: Path) -> None:
    """Unpack the archive `path` into the new `folder`.

    An archive is hostile until shown otherwise. Raises `BrokenArchive` if it is not a tar.gz, if
    it is too large, or if it holds anything but files with names inside the folder.
    """
    folder.mkdir()
    try:
        with gzip.open(path) as content:
            read_tar(content, path, folder)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise BrokenArchive(
            message("{path} cannot be unpacked: {error}.", path=path, error=error),
            hint="Make the archive again.",
        ) from None


def read_tar(content: io.BufferedIOBase, path: Path, folder: Path) -> None:
    """Unpack the tar `content`, which comes from the file `path`, into `folder`.

    Raises `BrokenArchive` as `unpack` does, and what reading `content` raises.
    """
    bounded = _Bounded(content, path)
    with tarfile.open(fileobj=bounded, mode="r|") as archive:
        _unpack_all(archive, path, folder)


def _unpack_all(archive: tarfile.TarFile, path: Path, folder: Path) -> None:
    for number, entry in enumerate(archive):
        if number >= MAX_FILES:
            raise _too_large(path)
        if entry.isdir():
            continue
        target = folder / _checked_name(entry, path)
        content = archive.extractfile(entry)
        assert content is not None
        _write(content, target, executable=bool(entry.mode & 0o100))


class _Bounded(io.BufferedIOBase):
    """Reads `content` up to a limit, so that a small archive cannot become a large one."""

    def __init__(self, content: io.BufferedIOBase, path: Path) -> None:
        self._content, self._path = content, path
        self._left = MAX_BYTES + MAX_FILES * _BYTES_OF_HEADER

    def read(self, size: int | None = -1) -> bytes:
        """Return at most `size` bytes; raise `BrokenArchive` beyond the limit."""
        data = self._content.read(-1 if size is None else size)
        self._left -= len(data)
        if self._left < 0:
            raise _too_large(self._path)
        return data


def _too_large(path: Path) -> BrokenArchive:
    return BrokenArchive(
        message(
            "{path} holds more than {size} MB or more than {count} files.",
            path=path,
            size=MAX_BYTES >> 20,
            count=MAX_FILES,
        ),
        hint="Move files that are not source code out of the submission.",
    )


def _checked_name(entry: tarfile.TarInfo, path: Path) -> PurePosixPath:
    name = PurePosixPath(entry.name)
    if not entry.isreg() or name.is_absolute() or ".." in name.parts or "\0" in entry.name:
        raise BrokenArchive(
            message(
                "{path} holds {name}, which is not a file inside the submission.",
                path=path,
                name=repr(entry.name),
            ),
            hint="An archive may hold files only: no links, no devices, no paths that lead out.",
        )
    return name


def _write(content: IO[bytes], target: Path, *, executable: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(content, file)
    target.chmod(0o755 if executable else 0o644)
