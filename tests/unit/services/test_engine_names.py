"""Only the folders of an engine know it; other rooms go through the seam."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.unit.test_rooms import SOURCE

ENGINES = ("services/mysql/", "services/postgres/", "wire/mysql/", "wire/postgres/")
#: What an engine's code is made of: driver, catalogue tables, error codes, names of its modules.
#: Skills and job ads name products; patterns that read a learner's log or answers name drivers.
CODE = (
    "psycopg", "pg_", "sqlstate", "services.postgres", "wire.postgres", "PostgresServer",
    "pymysql", "services.mysql", "wire.mysql", "MariadbServer",
)  # fmt: skip
READS_LOGS = ("stacks/", "targets/causes.py", "suites/leak_patterns.py")
ROOMS = (
    "sandbox", "services", "wire", "targets", "probes", "checks", "suites", "catalogue",
    "tasks", "grading", "reports", "calibration", "cli",
)  # fmt: skip


def code_of(path: Path) -> str:
    """Return the imports, names and texts of a module, without docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    return ast.unparse(tree)


def modules() -> list[str]:
    paths = (path for room in ROOMS for path in (SOURCE / room).rglob("*.py"))
    names = (str(path.relative_to(SOURCE)) for path in paths)
    return sorted(name for name in names if not name.startswith((*ENGINES, *READS_LOGS)))


@pytest.mark.parametrize("name", modules())
def test_module_knows_no_engine(name: str) -> None:
    code = code_of(SOURCE / name).lower()
    assert [word for word in CODE if word.lower() in code] == []
