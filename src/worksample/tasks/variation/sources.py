"""Which files of a repository may be changed: its own sources, not its tests or migrations."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from worksample.stacks.copying import Generated
from worksample.tasks.variation.language import languages

MAX_BYTES = 200_000
#: Folders of tests, of migrations, and of what others or tools have written.
FOLDERS = frozenset(
    (
        *("test", "tests", "testing", "spec", "specs", "__tests__", "__mocks__", "fixtures"),
        *("migrations", "vendor", "third_party", "generated", "dist", "build", "coverage"),
    )
)
TEST = re.compile(r"(?:tests|test_.*|.*[._-](?:test|spec|min|pb2|generated)|conftest|setup)")


def source_files(folder: Path) -> list[str]:
    """Return the sources that may be changed, as relative POSIX paths, sorted."""
    generated = Generated.of_all_stacks()
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder, generated))


def _walk(folder: Path, generated: Generated) -> Iterator[Path]:
    for entry in os.scandir(folder):
        path = Path(entry.path)
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not _is_left_alone(entry.name) and path not in generated:
                yield from _walk(path, generated)
        elif _is_source(path) and path not in generated and entry.stat().st_size <= MAX_BYTES:
            yield path


def _is_left_alone(folder: str) -> bool:
    name = folder.lower()
    return name in FOLDERS or name.rpartition(".")[2] in FOLDERS  # Shop.Tests


def _is_source(path: Path) -> bool:
    name = PurePosixPath(path.name)
    return name.suffix in languages() and not TEST.fullmatch(name.stem)
