"""How a Python project's own tests are run: by pytest, by Django's test runner or by unittest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from packaging.utils import canonicalize_name

from worksample.messages import message
from worksample.stacks.junit import class_name, read_junit
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.python.dependencies import NAME, Dependencies, read_toml
from worksample.stacks.python.test_requirements import requirements_of_tests
from worksample.stacks.python.written_tests import test_file
from worksample.stacks.testing import REPORT, TestPlan, TestResult

RUNNER = Path(__file__).parent / "runner" / "unittest_runner.py"
PYTEST_OPTIONS = ("-p", "no:cacheprovider", "-o", "junit_family=xunit1")
TEST_VARIABLES = {"PYTEST_ADDOPTS": " ".join((*PYTEST_OPTIONS, f"--junitxml={REPORT}"))}
REVERSING_VARIABLES = {
    "PYTEST_PLUGINS": "reversed_pytest",
    "PYTHONPATH": f"{RUNNER.parent}:$PYTHONPATH",
}
PYTEST_FILES = ("pytest.ini", "pytest.toml", "conftest.py", "tests/conftest.py")
PYTEST_SOURCE = re.compile(r"^(?:import pytest|from pytest\b|(?:async )?def test_)", re.MULTILINE)
UNITTEST_SOURCE = re.compile(r"\bunittest\b|\bdjango\.test\b|\bTestCase\b")
TEST_FILES = ("test*.py", "*_test.py", "test*/**/*.py", "*/test*/**/*.py", "*/test*.py")
MAX_FILES = 200
MAX_BYTES = 512 * 1024


def test_plan(folder: Path) -> TestPlan | None:
    """See `worksample.stacks.base.Stack.tests`."""
    sources = list(_test_sources(folder))
    if _uses_pytest(folder, sources):
        return _pytest_plan(folder)
    if not any(UNITTEST_SOURCE.search(each) for each in sources):
        return None
    return _django_plan() if (folder / "manage.py").is_file() else _unittest_plan(folder)


def with_tests(folder: Path, dependencies: Dependencies) -> Dependencies:
    """Return `dependencies` with what the tests need; raises `WorkspaceError`."""
    lines, _ = requirements_of_tests(folder)
    lines = tuple(dict.fromkeys((*dependencies.requirements, *lines)))
    if "pytest" not in _names(lines) and _uses_pytest(folder, list(_test_sources(folder))):
        lines = (*lines, "pytest")
    return replace(dependencies, requirements=lines)


def test_files(folder: Path) -> list[TestFile]:
    """Return the files of the project in `folder` that have tests."""
    found = (test_file(path, folder) for path in _test_paths(folder))
    return [each for each in found if each]


def pytest_name(case: Element, suites: tuple[str, ...]) -> str:
    """Return the node id of a test: `tests/test_shop.py::TestCart::test_total[empty]`."""
    file, name = case.get("file", ""), case.get("name", "")
    if not file:
        return class_name(case, suites)
    module = file.removesuffix(".py").replace("/", ".")
    classes = case.get("classname", "").removeprefix(module).strip(".")
    return "::".join(filter(None, (file, *classes.split("."), name)))


def read_pytest(text: str) -> Iterator[TestResult]:
    """Read the JUnit report of pytest; raises `UnreadableReport`."""
    return read_junit(text, pytest_name)


def _pytest_plan(folder: Path) -> TestPlan:
    lines, sources = requirements_of_tests(folder)
    reasons: list[str] = []
    if sources:
        reasons.append(message("packages for the tests from {sources}", sources=", ".join(sources)))
    if "pytest" not in _names(lines):
        reasons.append("no list of packages for the tests names pytest: the newest is installed")
    report = f"--junitxml={REPORT}"
    command = ("python", "-m", "pytest", *PYTEST_OPTIONS, report)
    return TestPlan("pytest", command, read_pytest, tuple(reasons))


def _django_plan() -> TestPlan:
    path = f'PYTHONPATH="$PYTHONPATH:"{shlex.quote(str(RUNNER.parent))}'
    command = f"python manage.py test --noinput --testrunner={RUNNER.stem}.DjangoRunner"
    return TestPlan(
        "Django's test runner",
        f"{path} WORKSAMPLE_TEST_REPORT={REPORT} {command}",
        read_junit,
        ("tests of unittest beside manage.py",),
    )


def _unittest_plan(folder: Path) -> TestPlan:
    inside = next((each for each in ("tests", "test") if (folder / each).is_dir()), "")
    where = ("-s", inside) if inside else ()
    if inside and (folder / inside / "__init__.py").exists():
        where = (*where, "-t", ".")
    command = ("python", str(RUNNER), REPORT, *where)
    return TestPlan("unittest", command, read_junit, ("tests of unittest",))


def _uses_pytest(folder: Path, sources: list[str]) -> bool:
    names = _names(requirements_of_tests(folder)[0])
    return (
        any(each == "pytest" or each.startswith("pytest-") for each in names)
        or any((folder / each).is_file() for each in PYTEST_FILES)
        or "pytest" in read_toml(folder / "pyproject.toml").get("tool", {})
        or any(PYTEST_SOURCE.search(each) for each in sources)
    )


def _names(lines: tuple[str, ...]) -> set[str]:
    return {canonicalize_name(match[1]) for each in lines if (match := NAME.match(each))}


def _test_sources(folder: Path) -> Iterator[str]:
    """Yield the texts of the files that look like tests."""
    for path in _test_paths(folder):
        try:
            yield path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue


def _test_paths(folder: Path) -> Iterator[Path]:
    """Yield the files that look like tests."""
    paths = {path for pattern in TEST_FILES for path in folder.glob(pattern)}
    own = sorted(path for path in paths if not _is_hidden(path.relative_to(folder)))
    for path in own[:MAX_FILES]:
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            yield path


def _is_hidden(path: Path) -> bool:
    return any(each.startswith(".") or each in ("node_modules", "venv") for each in path.parts)
