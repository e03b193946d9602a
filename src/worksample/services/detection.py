"""Which services a project uses, as far as its lists of dependencies name their drivers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worksample.services.base import services

#: The suffixes of the files that list dependencies, in whatever language.
SUFFIXES = frozenset((".txt", ".toml", ".json", ".mod", ".xml", ".gradle", ".kts", ".csproj"))
#: It also names what packages could use, such as all drivers of a query builder.
LOCKED = "-lock.json"
MAX_FILES = 200
MAX_BYTES = 256 * 1024
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class UsedService:
    """A service whose `driver` is named in `file` (relative to the project)."""

    service: str
    driver: str
    file: str


def used_services(folder: Path) -> list[UsedService]:
    """Return the services of which a project names a driver, each once.

    Read are files of at most 256 KiB in `folder` and the folders in it.
    """
    found: dict[str, UsedService] = {}
    patterns = {name: _pattern(each.drivers) for name, each in services().items() if each.drivers}
    for path in _lists(folder):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for name, pattern in patterns.items():
            if name not in found and (match := pattern.search(text)):
                file = path.relative_to(folder).as_posix()
                found[name] = UsedService(name, match[0], file)
    return list(found.values())


def _pattern(drivers: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(drivers, key=len, reverse=True)))
    return re.compile(rf"(?i)(?<![\w./-])(?:{names})(?![\w-]|\.[a-z])")


def _lists(folder: Path) -> Iterator[Path]:
    queue, number = [(folder, 1)], 0
    while queue:
        place, depth = queue.pop(0)
        try:
            here = sorted(place.iterdir())
        except OSError:
            continue
        for each in here:
            if each.is_symlink() or each.name.startswith("."):
                continue
            if each.is_dir() and depth < _DEPTH:
                queue.append((each, depth + 1))
            elif each.name.endswith(LOCKED):
                continue
            elif each.suffix in SUFFIXES and each.is_file() and each.stat().st_size <= MAX_BYTES:
                number += 1
                if number > MAX_FILES:
                    return
                yield each
