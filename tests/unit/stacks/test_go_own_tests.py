"""How a Go project's own tests are run, and what is read from the report of `go test`."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.stacks.go import STACK
from worksample.stacks.go.own_tests import read_events
from worksample.stacks.testing import Outcome, TestResult, UnreadableReport

#: Go 1.26.8 wrote it, for packages that fail in different ways.
RECORDED = Path(__file__).parent / "recorded" / "go-test.json"


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("package x\n")
    return folder


@pytest.fixture(scope="module")
def results() -> dict[str, TestResult]:
    read = list(read_events(RECORDED.read_text()))
    found = {each.name.removeprefix("example.com/edge/"): each for each in read}
    assert len(found) == len(read)
    return found


def test_command_runs_all_packages_without_the_cache(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module shop\n")
    plan = STACK.tests(write(tmp_path, "cart/cart_test.go"))
    assert plan is not None
    assert plan.command == "go test -count=1 -json ./... > {report}"
    assert (plan.tool, plan.reasons) == ("go test", ("cart/cart_test.go has tests",))


def test_command_names_each_module_of_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "go.work").write_text("use ./api\nuse ./lib\n")
    for name in ("api", "lib"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(f"module {name}\n")
    plan = STACK.tests(write(tmp_path, "lib/lib_test.go"))
    assert plan is not None
    assert plan.command == "go test -count=1 -json ./api/... ./lib/... > {report}"


@pytest.mark.parametrize("name", ["cart.go", "vendor/x/x_test.go", "testdata/x_test.go"])
def test_project_without_tests_has_no_plan(tmp_path: Path, name: str) -> None:
    (tmp_path / "go.mod").write_text("module shop\n")
    assert STACK.tests(write(tmp_path, name)) is None


def test_folder_without_module_has_no_plan(tmp_path: Path) -> None:
    assert STACK.tests(write(tmp_path, "cart_test.go")) is None


def test_outcome_of_each_test(results: dict[str, TestResult]) -> None:
    assert {name: each.outcome for name, each in results.items()} == {
        "nomod": Outcome.ERROR,
        "exits.TestExits": Outcome.ERROR,
        "panics.TestFirst": Outcome.PASSED,
        "panics.TestPanics": Outcome.FAILED,
        "parent.TestParent": Outcome.FAILED,
        "parent.TestParent/a": Outcome.PASSED,
        "parent.TestParent/b": Outcome.SKIPPED,
        "parent.Example": Outcome.FAILED,
        "setup": Outcome.ERROR,
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nomod", "# example.com/edge/nomod"),
        ("exits.TestExits", "no newline"),
        ("panics.TestPanics", "panic: assignment to entry in nil map [recovered, repanicked]"),
        ("parent.TestParent", "parent_test.go:13: the parent"),
        ("parent.Example", "got:"),
        ("setup", "no database"),
    ],
)
def test_reason_of_a_failure(results: dict[str, TestResult], name: str, reason: str) -> None:
    assert results[name].reason == reason


def test_error_of_a_build_is_told(results: dict[str, TestResult]) -> None:
    assert "no required module provides package github.com/stretchr/testify/assert" in (
        results["nomod"].message
    )


@pytest.mark.parametrize("text", ["", "FAIL\n", "[]\n", '{"Action": 1}\n', "[" * 100_000])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReport):
        list(read_events(text))


def test_malformed_events_do_no_harm() -> None:
    text = '{"Action":"pass","Package":1,"Test":[2],"Elapsed":"x"}\nrubbish\n'
    assert [each.outcome for each in read_events(text)] == [Outcome.PASSED]
