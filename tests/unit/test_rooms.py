"""Tests of the layering in docs/architecture.md: a package imports only packages below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "worksample"
ROOMS = (
    "skills", "postings", "sandbox", "services", "wire", "stacks", "targets", "probes", "checks",
    "suites", "catalogue", "tasks", "grading", "reports", "calibration", "credentials", "cli",
    "web",
)  # fmt: skip


def rooms_imported_by(path: Path) -> set[str]:
    """Return the rooms (packages of `worksample`) that the module at `path` imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "worksample" and len(parts) > 1 and parts[1] in ROOMS:
                found.add(parts[1])
    return found


@pytest.mark.parametrize("room", [name for name in ROOMS if (SOURCE / name).is_dir()])
def test_room_imports_only_from_rooms_below(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    violations = {
        f"{path.relative_to(SOURCE)} imports {other}"
        for path in (SOURCE / room).rglob("*.py")
        for other in rooms_imported_by(path) - allowed
    }
    assert not violations


def test_tasks_import_only_what_they_are_made_from() -> None:
    found = {each for path in (SOURCE / "tasks").rglob("*.py") for each in rooms_imported_by(path)}
    assert found <= {"tasks", "stacks", "catalogue", "sandbox"}


def test_every_package_is_listed_as_room() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= set(ROOMS)
