"""String literals in the source code and configuration of a submission."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

# Code and configuration. `.env` is left out: it is the environment of one machine, not code.
_SUFFIXES = {
    ".py", ".js", ".mjs", ".cjs", ".ts", ".go", ".java", ".kt", ".scala", ".cs", ".fs", ".rb",
    ".php", ".rs", ".ex", ".exs", ".json", ".yml", ".yaml", ".properties", ".xml", ".toml", ".ini",
}  # fmt: skip
_SKIPPED_FOLDERS = {"node_modules", "site-packages", "vendor", "target", "obj", "bin", "dist"}
_LOCK_FILES = {"package-lock.json", "pnpm-lock.yaml", "packages.lock.json"}
_MAX_BYTES = 1_000_000
_MAX_FILES = 3_000
_QUOTED = re.compile(r"\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|`([^`\n]{1,200})`")
_UNQUOTED = re.compile(r"^[ \t]*[\w.-]+[ \t]*[:=][ \t]*([^\s\"'#]{4,200})[ \t]*$", re.M)


def literals_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (literal, file) for every literal in code and configuration below `folder`, each once.

    Skips lock files, installed dependencies, build output, hidden folders and files over 1 MB.
    """
    seen: set[str] = set()
    for path in _files(folder):
        content = path.read_text(encoding="utf-8", errors="replace")
        for found in (*_QUOTED.finditer(content), *_UNQUOTED.finditer(content)):
            text = next(group for group in found.groups() if group is not None)
            if text not in seen:
                seen.add(text)
                yield text, str(path.relative_to(folder))


def _files(folder: Path) -> Iterator[Path]:
    """Yield at most 3,000 files; symbolic links are skipped, as they may leave the folder."""
    left = _MAX_FILES
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(n for n in inner if n not in _SKIPPED_FOLDERS and not n.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if (
                name not in _LOCK_FILES
                and path.suffix in _SUFFIXES
                and _is_small(path)
                and left > 0
            ):
                left -= 1
                yield path


def _is_small(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= _MAX_BYTES
