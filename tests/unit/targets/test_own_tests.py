"""A repository's own tests, run by the real tools, with a result for each test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tests.support.dotnet import needs_dotnet
from tests.support.java import NO_JAVA
from tests.unit.stacks.registry import node_registry
from worksample.errors import UserError
from worksample.stacks import detect
from worksample.stacks.go.toolchain import toolchains
from worksample.stacks.testing import Outcome, TestResult
from worksample.targets import own_tests
from worksample.targets.own_tests import OwnTestRun, run_own_tests

APPS = Path(__file__).parents[2] / "support" / "apps"
PASSED, FAILED, ERROR, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED


class Shelf:
    """A resource that adds a variable."""

    environment: ClassVar[Mapping[str, str]] = {"SHELF_URL": "shelf://here"}
    placeholders: ClassVar[Mapping[str, str]] = {}

    async def allow_own_tests(self) -> None:
        pass

    async def drop(self) -> None:
        pass


def run(folder: Path, cache: Path | None = None, *, timeout: float = 100.0) -> OwnTestRun:
    """Build the project in `folder` with its tests and run them."""

    async def body() -> OwnTestRun:
        async with detect(folder).build(root=cache, tests=True) as built:
            return await run_own_tests(built, [Shelf()], timeout=timeout)

    return asyncio.run(body())


def outcomes(done: OwnTestRun) -> dict[str, Outcome]:
    assert len({each.name for each in done.results}) == len(done.results)
    return {each.name: each.outcome for each in done.results}


def result(done: OwnTestRun, ending: str) -> TestResult:
    return next(each for each in done.results if each.name.endswith(ending))


def unittest_project(folder: Path, code: str, files: Mapping[str, str] | None = None) -> Path:
    shutil.copytree(APPS / "unittest-cart", folder, ignore=shutil.ignore_patterns("tests"))
    head = "import os, sys, unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n"
    (folder / "test_it.py").write_text(f"{head}        {code}\n")
    for name, text in (files or {}).items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.slow
def test_pytest_results_have_node_ids(tmp_path: Path) -> None:
    done = run(APPS / "pytest-cart")
    assert (done.tool, done.problem, done.passed) == ("pytest", "", False)
    assert outcomes(done) == {
        "tests/test_cart.py::TestTotal::test_of_one": PASSED,
        "tests/test_cart.py::TestTotal::test_of_many[2]": FAILED,
        "tests/test_cart.py::TestTotal::test_of_many[3]": FAILED,
        "tests/test_cart.py::test_discount": SKIPPED,
        "tests/test_cart.py::test_currency": SKIPPED,
        "tests/test_cart.py::test_stock": ERROR,
    }
    failed = result(done, "test_of_many[2]")
    assert "assert 2.5 == (2.5 * 2)" in failed.message
    assert "tests/test_cart.py:1" in failed.message
    assert "no discounts yet" in result(done, "test_discount").message


def test_unittest_results_need_no_package() -> None:
    done = run(APPS / "unittest-cart")
    assert (done.tool, done.problem, done.passed) == ("unittest", "", False)
    assert outcomes(done) == {
        "tests.test_cart.TotalTest.test_of_one": PASSED,
        "tests.test_cart.TotalTest.test_of_many (count=2)": FAILED,
        "tests.test_cart.TotalTest.test_discount": SKIPPED,
        "tests.test_cart.TotalTest.test_stock": ERROR,
        "unittest.loader._FailedTest.tests.test_broken": ERROR,
    }
    assert "</testcase>" in result(done, "(count=2)").message
    assert "no_such_module" in result(done, "test_broken").message


@pytest.mark.slow
def test_django_results_come_from_its_own_runner() -> None:
    done = run(APPS / "django-cart")
    assert (done.tool, done.problem) == ("Django's test runner", "")
    assert outcomes(done) == {
        "cart.tests.PageTest.test_page": PASSED,
        "cart.tests.PageTest.test_missing_page": FAILED,
    }


def test_node_test_results_have_the_names_of_their_suites(tmp_path: Path) -> None:
    with node_registry() as (registry, _):
        folder = tmp_path / "app"
        shutil.copytree(APPS / "node-cart", folder)
        (folder / ".npmrc").write_text(f"registry={registry}\n")
        done = run(folder, tmp_path / "cache")
    assert (done.tool, done.problem, done.passed) == ("node --test", "", False)
    assert outcomes(done) == {
        "total > of one": PASSED,
        "total > of many": FAILED,
        "word": PASSED,
        "environment": PASSED,
        "discount": SKIPPED,
        "test/broken.test.js": FAILED,
    }
    assert "</testsuite>" in result(done, "of many").message
    assert str(tmp_path) not in "".join(each.message for each in done.results)


@pytest.mark.skipif(not any(toolchains()), reason="Go is not installed")
@pytest.mark.slow
def test_go_results_have_names_of_subtests(tmp_path: Path) -> None:
    done = run(APPS / "go-counters")
    assert (done.tool, done.problem, done.passed) == ("go test", "", False)
    package = "example.com/counters/internal"
    assert outcomes(done) == {
        f"{package}/broken": ERROR,
        f"{package}/counters.TestStartsAtZero": PASSED,
        f"{package}/counters.TestUp/adds_one": PASSED,
        f"{package}/counters.TestUp/adds_two": FAILED,
        f"{package}/counters.TestLater": SKIPPED,
    }
    assert result(done, "adds_two").reason == "counters_test.go:23: got 1, want 2"
    assert "broken_test.go:6:2: undefined: missing" in result(done, "/broken").message


@NO_JAVA
@pytest.mark.slow
def test_java_results_are_those_of_surefire() -> None:
    done = run(APPS / "spring-counters")
    assert (done.tool, done.problem, done.passed) == ("Maven", "", False)
    assert outcomes(done) == {
        "com.example.counters.CounterTest.goesUpByOne": PASSED,
        "com.example.counters.CounterTest.fails": FAILED,
        "com.example.counters.CounterTest.later": SKIPPED,
        "com.example.counters.CounterTest.keepsItsName(int)[1]": PASSED,
        "com.example.counters.CounterTest.keepsItsName(int)[2]": PASSED,
    }
    assert "expected: 3" in result(done, "fails").message


@needs_dotnet
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_csharp_results_have_names_of_cases(tmp_path: Path) -> None:
    done = run(APPS / "csharp-counters", timeout=300.0)
    assert (done.tool, done.problem, done.passed) == ("dotnet test", "", False)
    tests = "Counters.Tests.CounterStoreTests"
    assert outcomes(done) == {
        f"{tests}.StartsAtZero": PASSED,
        f"{tests}.CountsUp(times: 1)": PASSED,
        f"{tests}.CountsUp(times: 3)": PASSED,
        f"{tests}.IsWrong": FAILED,
        f"{tests}.ComesLater": SKIPPED,
    }
    assert result(done, "IsWrong").reason == "Assert.Equal() Failure: Values differ"
    assert "CounterStoreTests.cs:line 31" in result(done, "IsWrong").message
    assert "not written yet" in result(done, "ComesLater").message


def test_all_tests_passed(tmp_path: Path) -> None:
    done = run(unittest_project(tmp_path / "app", "print('hello from a test')"))
    assert done.passed
    assert "hello from a test" in done.log


def test_endless_test_is_ended(tmp_path: Path) -> None:
    code = "__import__('time').sleep(600)"
    done = run(unittest_project(tmp_path / "app", code), timeout=2.0)
    assert done.problem == "unittest: not finished after 2 s"
    assert not done.passed


def test_test_that_ends_the_process_has_no_results(tmp_path: Path) -> None:
    done = run(unittest_project(tmp_path / "app", "os._exit(7)"))
    assert done.problem.startswith("unittest (exit code 7) wrote no usable report: No such file")


def test_report_that_a_test_replaces_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_tests, "MAX_REPORT_BYTES", 1000)
    code = (
        "open(os.environ['WORKSAMPLE_TEST_REPORT'], 'w').write('x' * 2000); sys.stdout.flush(); "
        "os._exit(0)"
    )
    done = run(unittest_project(tmp_path / "app", code))
    assert "it is larger than" in done.problem


def test_report_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    code = "os.symlink('/etc/passwd', os.environ['WORKSAMPLE_TEST_REPORT']); os._exit(0)"
    assert "no usable report" in run(unittest_project(tmp_path / "app", code)).problem


def test_folder_of_reports_is_read(tmp_path: Path) -> None:
    code = (
        "r = os.environ['WORKSAMPLE_TEST_REPORT']; os.mkdir(r); "
        "[open(f'{r}/{n}', 'w').write(f'<testsuite><testcase name=\"{n}\"/></testsuite>') "
        "for n in 'ba']; os._exit(0)"
    )
    done = run(unittest_project(tmp_path / "app", code))
    assert [each.name for each in done.results] == ["a", "b"]
    assert done.passed


def test_output_and_messages_are_bounded(tmp_path: Path) -> None:
    code = "print('y' * 100000, end=''); self.fail('x' * 100000 + 'the end')"
    done = run(unittest_project(tmp_path / "app", code))
    assert outcomes(done) == {"test_it.T.test_it": FAILED}
    assert len(done.results[0].message) == own_tests.MAX_MESSAGE
    assert "the end" in done.results[0].message
    assert len(done.log) <= own_tests.LOG_LINES * 400


def test_files_of_tests_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_tests, "MAX_FILE_BYTES", 1 << 20)
    done = run(unittest_project(tmp_path / "app", "open('big', 'w').write('x' * (2 << 20))"))
    assert outcomes(done) == {"test_it.T.test_it": ERROR}
    assert "File too large" in done.results[0].message


def test_processes_that_tests_leave_are_ended(tmp_path: Path) -> None:
    code = (
        "import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True); "
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid))"
    )
    assert run(unittest_project(tmp_path / "app", code)).passed
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()


def test_secrets_of_the_environment_are_masked(tmp_path: Path) -> None:
    done = run(unittest_project(tmp_path / "app", "self.fail(os.environ['JWT_SECRET'])"))
    assert "AssertionError: ***" in done.results[0].message


def test_resources_are_in_the_environment(tmp_path: Path) -> None:
    assert run(unittest_project(tmp_path / "app", "assert os.environ['SHELF_URL']")).passed


def test_release_command_runs_before_the_tests(tmp_path: Path) -> None:
    files = {"Procfile": "web: python main.py\nrelease: echo $SHELF_URL > made\n"}
    folder = unittest_project(tmp_path / "app", "assert open('made').read()", files)
    assert run(folder).passed


def test_release_command_that_fails_is_the_problem(tmp_path: Path) -> None:
    files = {"Procfile": "web: python main.py\nrelease: echo 'no table'; exit 3\n"}
    done = run(unittest_project(tmp_path / "app", "pass", files))
    assert (done.problem, done.log) == ("the release command: exit code 3", "no table")


def test_missing_tests_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(APPS / "unittest-cart", folder, ignore=shutil.ignore_patterns("tests"))
    with pytest.raises(UserError, match="no tests were found"):
        run(folder)
