"""Detect the PostgreSQL extensions that a project requires, from its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

STATEMENT = re.compile(
    r"create\s+extension\s+(?:if\s+not\s+exists\s+)?[\"'`\\]*([a-z][a-z0-9_-]*)", re.IGNORECASE
)
DJANGO_OPERATIONS = {
    "BtreeGinExtension": "btree_gin",
    "BtreeGistExtension": "btree_gist",
    "CITextExtension": "citext",
    "CryptoExtension": "pgcrypto",
    "HStoreExtension": "hstore",
    "TrigramExtension": "pg_trgm",
    "UnaccentExtension": "unaccent",
}
DJANGO = re.compile(rf"\b({'|'.join(DJANGO_OPERATIONS)})\(")
PRISMA = re.compile(r"^\s*extensions\s*=\s*\[([^\]]*)\]", re.MULTILINE)
SUFFIXES = frozenset((".sql", ".py", ".js", ".mjs", ".cjs", ".ts", ".prisma", ".rb", ".go"))
SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages"))
MAX_FILES = 2000
MAX_BYTES = 256 * 1024


def required_extensions(folder: Path) -> tuple[str, ...]:
    """Return the sorted names of the extensions that a project's sources create.

    Detected are CREATE EXTENSION statements, Django's migration operations and Prisma's
    `extensions`. At most 2000 files of at most 256 KiB are read; unreadable files are skipped.
    """
    found: set[str] = set()
    for number, path in enumerate(_sources(folder)):
        if number >= MAX_FILES:
            break
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found |= _named(text)
    return tuple(sorted(found - {"plpgsql", "if"}))


def _named(text: str) -> set[str]:
    names = {match.lower() for match in STATEMENT.findall(text)}
    names |= {DJANGO_OPERATIONS[match] for match in DJANGO.findall(text)}
    for inside in PRISMA.findall(text):
        names |= set(re.findall(r"[a-z][a-z0-9_-]*", re.sub(r"\([^)]*\)", "", inside)))
    return names


def _sources(folder: Path) -> Iterator[Path]:
    queue = [folder]
    while queue:
        try:
            here = sorted(queue.pop().iterdir())
        except OSError:
            continue
        for each in here:
            if each.is_symlink() or each.name.startswith(".") or each.name in SKIPPED_FOLDERS:
                continue
            if each.is_dir():
                if not (each / "pyvenv.cfg").exists():
                    queue.append(each)
            elif each.suffix in SUFFIXES and each.stat().st_size <= MAX_BYTES:
                yield each
