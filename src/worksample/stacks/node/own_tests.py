"""How a Node project's own tests are run: by vitest, jest, mocha or Node's own test runner.

The tests of Worksample run Node's own runner; of the other three they read reports that jest 30.5,
mocha 12.0 and vitest 4.1 wrote.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.messages import message
from worksample.stacks.junit import path_name, read_junit
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.node.package import Package
from worksample.stacks.node.test_reports import read_jest, read_mocha
from worksample.stacks.node.written_tests import test_file
from worksample.stacks.testing import REPORT, TestPlan, TestResult

FOR_TESTS: Mapping[str, str] = {"NODE_ENV": "test"}
NODE_TEST_FILES = (
    *("test/**/*", "tests/**/*", "**/__tests__/**/*"),
    *("**/*.test.*", "**/*.spec.*", "**/test.*"),
)
SCRIPT = re.compile(r"\.[cm]?[jt]s$")
NODE_TEST = re.compile(r"""["']node:test["']""")
MAX_FILES = 200
MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Tool:
    """A test tool: how it occurs in a command, and what to insert there so that it reports."""

    name: str
    command: str
    pattern: re.Pattern[str]
    options: str
    read: Callable[[str], Iterable[TestResult]]


def _read_node(text: str) -> Iterable[TestResult]:
    """Read the JUnit report of Node, which escapes the quotes in a name twice."""
    for each in read_junit(text, path_name):
        yield replace(each, name=each.name.replace("&quot;", '"'))


NODE = Tool(
    "node --test",
    "node --test",
    re.compile(r"--test(?![\w-])"),
    f"--test-reporter=junit --test-reporter-destination={REPORT}",
    _read_node,
)
TOOLS = (
    Tool(
        "vitest",
        "vitest run",
        re.compile(r"\bvitest(?: run)?\b(?!\.)"),
        f"--run --reporter=json --outputFile={REPORT}",
        read_jest,
    ),
    Tool("jest", "jest", re.compile(r"\bjest\b(?!\.)"), f"--json --outputFile={REPORT}", read_jest),
    Tool(
        "mocha",
        "mocha",
        re.compile(r"\bmocha\b(?!\.)"),
        f"--reporter json --reporter-option output={REPORT}",
        read_mocha,
    ),
    NODE,
)


def test_plan(folder: Path) -> TestPlan | None:
    """See `worksample.stacks.base.Stack.tests`."""
    package = Package.read(folder) or Package(folder, {})
    script = package.script("test")
    for tool in TOOLS:
        if match := tool.pattern.search(script):
            command = f"{script[: match.end()]} {tool.options}{script[match.end() :]}"
            return TestPlan(
                tool.name,
                command,
                tool.read,
                (message("package.json's script test: {script}", script=script),),
                FOR_TESTS,
            )
    for tool in TOOLS[:-1]:
        if tool.name in package.packages:
            command = f"{tool.command} {tool.options}"
            return TestPlan(
                tool.name,
                command,
                tool.read,
                (message("package {tool}", tool=tool.name),),
                FOR_TESTS,
            )
    return _node_plan(folder)


def _node_plan(folder: Path) -> TestPlan | None:
    files = _node_test_files(folder)
    if not files:
        return None
    listed = " ".join(shlex.quote(each) for each in files)
    command = f"{NODE.command} {NODE.options} {listed}"
    return TestPlan(
        NODE.name, command, NODE.read, (message("{file} uses node:test", file=files[0]),), FOR_TESTS
    )


def test_files(folder: Path) -> list[TestFile]:
    """Return the files of the project in `folder` that have tests in JavaScript."""
    small = (path for path in _test_paths(folder) if path.stat().st_size <= MAX_BYTES)
    found = (test_file(path, folder) for path in small if not path.suffix.endswith("ts"))
    return [each for each in found if each]


def _node_test_files(folder: Path) -> list[str]:
    """Return the files that look like tests and import `node:test`."""
    return [
        path.relative_to(folder).as_posix()
        for path in _test_paths(folder)
        if _imports_node_test(path)
    ]


def _test_paths(folder: Path) -> list[Path]:
    """Return the files that look like tests."""
    paths = {path for pattern in NODE_TEST_FILES for path in folder.glob(pattern)}
    own = (
        path
        for path in paths
        if SCRIPT.search(path.name)
        and "node_modules" not in path.relative_to(folder).parts
        and path.is_file()
    )
    return sorted(own)[:MAX_FILES]


def _imports_node_test(path: Path) -> bool:
    try:
        return path.stat().st_size <= MAX_BYTES and bool(
            NODE_TEST.search(path.read_text(encoding="utf-8", errors="replace"))
        )
    except OSError:
        return False
