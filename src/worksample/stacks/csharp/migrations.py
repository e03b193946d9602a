"""Migrations of EF Core that the server does not make itself when it starts."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.stacks.csharp.projects import Project, sources_of, with_references

MANIFESTS = (".config/dotnet-tools.json", "dotnet-tools.json")
_SNAPSHOT = re.compile(r":\s*(?:[\w.]+\.)?ModelSnapshot\b")
_MIGRATES = re.compile(r"\.(?:Migrate|EnsureCreated)(?:Async)?\(")


@dataclass(frozen=True, slots=True)
class Migrations:
    """Migrations of EF Core: the project that holds them, and whether code applies them."""

    project: Project
    applied_by_code: bool

    @classmethod
    def of(cls, server: Project) -> Migrations | None:
        """Return the migrations of a server, or None if it has none."""
        holder, applied = None, False
        for project in with_references(server):
            for path in sources_of(project):
                text = path.read_text(encoding="utf-8", errors="replace")
                if path.stem.endswith("ModelSnapshot") and _SNAPSHOT.search(text):
                    holder = project
                applied |= _MIGRATES.search(text) is not None
        return cls(holder, applied) if holder else None


def find_ef(variables: Mapping[str, str] = os.environ) -> Path | None:
    """Return the installed tool of EF Core, or None."""
    home = Path(variables.get("HOME", "/nonexistent"))
    own = home / ".dotnet" / "tools" / "dotnet-ef"
    found = shutil.which("dotnet-ef", path=variables.get("PATH"))
    return Path(found) if found else (own if own.is_file() else None)


def manifest(places: Sequence[Path]) -> Path | None:
    """Return the list of tools that names the tool of EF Core, or None."""
    files = (place / name for place in places for name in MANIFESTS)
    return next(
        (each for each in files if each.is_file() and "dotnet-ef" in each.read_text()), None
    )
