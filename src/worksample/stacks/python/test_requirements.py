"""What a Python project's own tests need: dependency groups, extras, requirements files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from worksample.stacks.python.dependencies import (
    pipfile_requirement,
    poetry_requirement,
    read_requirements,
    read_toml,
)

GROUPS = ("dev", "develop", "development", "test", "tests", "testing")
UV_KEY = "dev-dependencies"
FILES = tuple(
    pattern.format(group)
    for group in ("dev", "develop", "test", "tests", "testing", "local")
    for pattern in ("requirements-{}.txt", "{}-requirements.txt", "requirements/{}.txt",
                    "requirements_{}.txt")
)  # fmt: skip


def requirements_of_tests(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (requirement lines, names of their sources) for the tests of a project.

    They are added to what the server itself needs. Raises `WorkspaceError` that names the file if
    one cannot be read.
    """
    found = [*_of_pyproject(read_toml(folder / "pyproject.toml")), *_of_pipfile(folder)]
    for name in FILES:
        if (folder / name).is_file():
            lines: list[str] = []
            read_requirements(folder / name, lines, [], set())
            found.append((name, lines))
    used = [(source, lines) for source, lines in found if lines]
    unique = dict.fromkeys(line for _, lines in used for line in lines)
    return tuple(unique), tuple(dict.fromkeys(source for source, _ in used))


def _of_pyproject(project: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    groups = _table(project, "dependency-groups")
    tool = _table(project, "tool")
    tables: list[tuple[str, Mapping[str, list[str]]]] = [
        ("group", {name: _group(groups, name, ()) for name in groups}),
        ("extra", _extras(project)),
        ("group", _lists(_table(tool, "pdm", "dev-dependencies"))),
        ("group", _poetry_groups(_table(tool, "poetry", "group"))),
    ]
    found = [
        (f"{kind} {name}", lines)
        for kind, table in tables
        for name, lines in table.items()
        if canonicalize_name(name) in GROUPS
    ]
    older = _poetry(_table(tool, "poetry", "dev-dependencies"))
    return [*found, ("dev-dependencies", [*older, *_texts(_table(tool, "uv").get(UV_KEY))])]


def _extras(project: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the extras of a project, without references to the project's own extras."""
    own = canonicalize_name(str(_table(project, "project").get("name", "")))
    extras = _lists(_table(project, "project", "optional-dependencies"))
    return {
        name: [
            each for each in lines if canonicalize_name(re.split(r"[\[ <>=~!;@]", each)[0]) != own
        ]
        for name, lines in extras.items()
    }


def _poetry_groups(groups: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: _poetry(_table(groups, name, "dependencies")) for name in groups}


def _group(groups: Mapping[str, Any], name: str, around: tuple[str, ...]) -> list[str]:
    """Return the requirements of a dependency group (PEP 735) and of those that it includes."""
    if name in around:
        return []
    lines: list[str] = []
    for each in groups.get(name) or ():
        if isinstance(each, str):
            lines.append(each)
        elif isinstance(each, dict) and isinstance(each.get("include-group"), str):
            lines += _group(groups, each["include-group"], (*around, name))
    return lines


def _poetry(table: Mapping[str, Any]) -> list[str]:
    return [poetry_requirement(name, value) for name, value in table.items() if name != "python"]


def _of_pipfile(folder: Path) -> list[tuple[str, list[str]]]:
    try:
        lock = json.loads((folder / "Pipfile.lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        lock = {}
    locked = _table(lock, "develop")
    table = locked or _table(read_toml(folder / "Pipfile"), "dev-packages")
    source = "Pipfile.lock" if locked else "Pipfile"
    return [(source, [pipfile_requirement(name, value) for name, value in table.items()])]


def _table(data: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _lists(table: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: _texts(value) for name, value in table.items()}


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
