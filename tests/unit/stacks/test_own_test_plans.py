"""Which tool runs a project's own tests, and which packages it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worksample.stacks.node import STACK as NODE
from worksample.stacks.python import STACK as PYTHON
from worksample.stacks.python.dependencies import Dependencies
from worksample.stacks.python.own_tests import with_tests
from worksample.stacks.python.test_requirements import requirements_of_tests
from worksample.stacks.testing import TestPlan

PYPROJECT = """
[project]
name = "my-shop"
[project.optional-dependencies]
test = ["pytest>=9", "httpx"]
dev = ["my-shop[test]", "mypy"]
docs = ["sphinx"]
[dependency-groups]
testing = ["factory-boy", {include-group = "base"}]
base = ["faker", {include-group = "testing"}]
[tool.uv]
dev-dependencies = ["ruff"]
[tool.poetry.group.dev.dependencies]
python = "^3.11"
pytest-cov = "^6.0"
[tool.pdm.dev-dependencies]
test = ["coverage"]
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def node(folder: Path, files: dict[str, str] | None = None, **package: object) -> TestPlan | None:
    return NODE.tests(write(folder, {"package.json": json.dumps(package), **(files or {})}))


def test_requirements_of_pyproject(tmp_path: Path) -> None:
    lines, sources = requirements_of_tests(write(tmp_path, {"pyproject.toml": PYPROJECT}))
    assert set(lines) == {
        *("factory-boy", "faker", "pytest>=9", "httpx", "mypy", "coverage"),
        *("pytest-cov>=6.0,<7", "ruff"),
    }
    assert "group testing" in sources
    assert "extra docs" not in sources


@pytest.mark.parametrize(
    "name", ["requirements-dev.txt", "requirements/test.txt", "dev-requirements.txt"]
)
def test_requirements_of_files(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"requirements.txt": "flask==3.0", name: "-r base.txt\nresponses\n"})
    (tmp_path / name).with_name("base.txt").write_text("attrs\n")
    assert requirements_of_tests(tmp_path) == (("attrs", "responses"), (name,))


def test_requirements_of_pipfile(tmp_path: Path) -> None:
    lock = {"default": {}, "develop": {"pytest": {"version": "==9.0"}}}
    write(tmp_path, {"Pipfile.lock": json.dumps(lock)})
    assert requirements_of_tests(tmp_path) == (("pytest==9.0",), ("Pipfile.lock",))


def test_pytest_is_added_where_nothing_names_it(tmp_path: Path) -> None:
    write(tmp_path, {"test_shop.py": "def test_it():\n    pass\n"})
    assert with_tests(tmp_path, Dependencies("")).requirements == ("pytest",)
    plan = PYTHON.tests(tmp_path)
    assert plan is not None
    assert plan.tool == "pytest"
    assert "the newest is installed" in plan.reasons[-1]


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        ({"tests/test_a.py": "import unittest"}, "unittest"),
        ({"tests/test_a.py": "import unittest", "pyproject.toml": "[tool.pytest]"}, "pytest"),
        ({"tests/test_a.py": "import unittest", "conftest.py": ""}, "pytest"),
        ({"requirements-dev.txt": "pytest-django"}, "pytest"),
        ({"shop/tests.py": "from django.test import TestCase", "manage.py": ""}, "Django's"),
        ({"shop/tests/test_a.py": "import pytest", "manage.py": ""}, "pytest"),
        ({".venv/lib/test_a.py": "import pytest"}, ""),
        ({"testing_tools.py": "x = 1"}, ""),
    ],
)
def test_python_tool(tmp_path: Path, files: dict[str, str], tool: str) -> None:
    plan = PYTHON.tests(write(tmp_path, files))
    assert (plan.tool if plan else "").split()[:1] == ([tool] if tool else [])


@pytest.mark.parametrize(
    ("script", "command"),
    [
        (
            "node --import tsx --test src/*.test.ts",
            "node --import tsx --test --test-reporter=junit "
            "--test-reporter-destination={report} src/*.test.ts",
        ),
        ("NODE_ENV=x jest -i", "NODE_ENV=x jest --json --outputFile={report} -i"),
        ("vitest", "vitest --run --reporter=json --outputFile={report}"),
        ("vitest run src", "vitest run --run --reporter=json --outputFile={report} src"),
        ("mocha t.js", "mocha --reporter json --reporter-option output={report} t.js"),
    ],
)
def test_node_script_reports(tmp_path: Path, script: str, command: str) -> None:
    plan = node(tmp_path, scripts={"test": script})
    assert plan is not None
    assert plan.command == command
    assert plan.environment == {"NODE_ENV": "test"}


def test_node_tool_without_script(tmp_path: Path) -> None:
    nothing = {"test": 'echo "Error: no test specified" && exit 1'}
    plan = node(tmp_path, scripts=nothing, devDependencies={"jest": "30"})
    assert plan is not None
    assert plan.command == "jest --json --outputFile={report}"


def test_node_test_files_without_script(tmp_path: Path) -> None:
    files = {
        "test/a b.test.js": 'import test from "node:test"',
        "test/helper.js": "export const x = 1",
        "node_modules/x/test/y.test.js": 'import test from "node:test"',
    }
    plan = node(tmp_path, files)
    assert plan is not None
    assert str(plan.command).endswith("{report} 'test/a b.test.js'")


def test_node_without_tests(tmp_path: Path) -> None:
    assert node(tmp_path, {"index.js": "console.log(1)"}) is None
