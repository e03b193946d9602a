"""Tests over HTTP in any tool: by exit code, for each file, or by a report."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.sandbox.hiding import can_hide
from worksample.stacks import load_settings
from worksample.stacks.testing import Outcome
from worksample.targets.http_tests import HttpTests
from worksample.targets.own_tests import OwnTestRun

URL = "http://127.0.0.1:9"
REPORTING = """\
#!/bin/sh
echo "<testsuite><testcase name='$BASE_URL'/><testcase name='b'><failure message='no'/></testcase>\
</testsuite>" > "$1"
exit 1
"""

NODE_TESTS = """
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
describe("accounts", () => {
  test("register", () => {});
  test("are refused", () => assert.equal(1, 2, "1 == 2"));
});
"""


def project(folder: Path, table: str, **files: str) -> Path:
    (folder / "worksample.toml").write_text(f"[test]\n{table}\n")
    for name, text in files.items():
        (folder / f"{name}.sh").write_text(text)
    return folder


def run(
    folder: Path, *, other_order: bool = False, times: int = 1, hidden: Sequence[Path] = ()
) -> OwnTestRun:
    async def body() -> OwnTestRun:
        async with HttpTests.build(folder, load_settings(folder), hidden=hidden) as tests:
            for _ in range(times):
                done = await tests.run(URL, other_order=other_order)
            return done

    return asyncio.run(body())


def outcomes(done: OwnTestRun) -> list[tuple[str, Outcome]]:
    return [(each.name, each.outcome) for each in done.results]


@pytest.mark.parametrize(("code", "outcome"), [(0, Outcome.PASSED), (3, Outcome.FAILED)])
def test_command_is_one_test_without_report(tmp_path: Path, code: int, outcome: Outcome) -> None:
    done = run(project(tmp_path, 'command = "sh a.sh"', a=f"exit {code}"))
    assert outcomes(done) == [("sh a.sh", outcome)]
    assert not done.problem


def test_each_file_is_a_test_and_the_last_comes_first_in_reverse(tmp_path: Path) -> None:
    table = 'command = "sh {files}"\nfiles = ["[ab].sh"]'
    folder = project(tmp_path, table, a="exit 0", b="exit 1", c="exit 1")
    assert outcomes(run(folder)) == [("a.sh", Outcome.PASSED), ("b.sh", Outcome.FAILED)]
    assert [each.name for each in run(folder, other_order=True).results] == ["b.sh", "a.sh"]


def test_report_names_the_tests(tmp_path: Path) -> None:
    folder = project(tmp_path, 'command = ["sh", "a.sh", "{report}"]', a=REPORTING)
    assert outcomes(run(folder)) == [(URL, Outcome.PASSED), ("b", Outcome.FAILED)]


def test_failure_that_the_report_does_not_name_is_told(tmp_path: Path) -> None:
    code = """echo "<testsuite><testcase name='a'/></testsuite>" > "$1"; exit 1"""
    done = run(project(tmp_path, 'command = ["sh", "a.sh", "{report}"]', a=code))
    assert done.problem == "sh ended with exit code 1, though its report names no failed test"
    assert not done.passed


def test_runner_of_node_names_tests_by_report_and_files_by_exit_code(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "a.test.js").write_text(NODE_TESTS)
    (tmp_path / "b.test.js").write_text('require("node:test").test("is right", () => {});')
    files = '{files}"\nfiles = "*.test.js"'
    report = "--test-reporter=junit --test-reporter-destination={report}"
    named = run(project(tmp_path, f'command = "node --test {report} {files}'))
    assert outcomes(named) == [
        ("accounts > register", Outcome.PASSED),
        ("accounts > are refused", Outcome.FAILED),
        ("is right", Outcome.PASSED),
    ]
    assert "1 == 2" in named.results[1].message
    by_file = run(project(tmp_path, f'command = "node --test {files}'))
    assert outcomes(by_file) == [("a.test.js", Outcome.FAILED), ("b.test.js", Outcome.PASSED)]


def test_hidden_folder_is_empty_for_the_tests_and_processes_are_not_seen(tmp_path: Path) -> None:
    if not can_hide():
        pytest.skip("needs namespaces")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "file").touch()
    code = f'test ! -e {hidden}/file -a ! -e /proc/{os.getpid()} -a -w . -a -w "$TMPDIR"'
    (tmp_path / "tests").mkdir()
    folder = project(tmp_path / "tests", 'command = "sh a.sh"', a=code)
    assert run(folder, hidden=[hidden]).passed
    assert not run(folder).passed


def test_missing_report_is_told(tmp_path: Path) -> None:
    done = run(project(tmp_path, 'command = "sh a.sh {report}"', a="exit 0"))
    assert "wrote no usable report" in done.problem


def test_command_of_other_order_is_used(tmp_path: Path) -> None:
    table = 'command = "sh a.sh"\nother_order = "sh b.sh"'
    folder = project(tmp_path, table, a="exit 0", b="exit 1")
    assert outcomes(run(folder, other_order=True)) == [("sh b.sh", Outcome.FAILED)]


def test_no_run_finds_what_another_left(tmp_path: Path) -> None:
    code = 'test ! -e seen -a ! -e "$HOME/seen" && touch seen "$HOME/seen"'
    folder = project(tmp_path, 'command = "sh a.sh"', a=code)
    assert run(folder, times=3).passed
    assert not (tmp_path / "seen").exists()


def test_environment_has_the_address_and_nothing_of_servers(tmp_path: Path) -> None:
    code = f'test "$BASE_URL" = {URL} -a -z "$PORT$JWT_SECRET$DATABASE_URL$NODE_ENV"'
    assert run(project(tmp_path, 'command = "sh a.sh"', a=code)).passed


def test_run_that_hangs_is_ended(tmp_path: Path) -> None:
    done = run(project(tmp_path, 'command = "sh a.sh"\ntimeout = 0.3', a="sleep 600"))
    assert "not finished" in done.problem


def test_missing_command_and_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="does not say how the tests are run"):
        run(project(tmp_path, ""))
    with pytest.raises(WorkspaceError, match="no file matches"):
        run(project(tmp_path, 'command = "sh {files}"\nfiles = "x/*.sh"'))
