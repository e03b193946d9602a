"""How a C# project's own tests are run, and what is read from the report of `dotnet test`."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.stacks.csharp import STACK
from worksample.stacks.csharp.own_tests import read_trx
from worksample.stacks.testing import Outcome, TestResult, UnreadableReport

#: `dotnet test` of .NET 10 wrote it, for xunit 2.9.3.
RECORDED = Path(__file__).parent / "recorded" / "csharp-tests.trx"
PROJECT = '<Project><ItemGroup><PackageReference Include="xunit" /></ItemGroup></Project>'
TESTS = "Counters.Tests.CounterStoreTests"
RUN = "dotnet test {} --no-restore --logger trx --results-directory {{report}}"


def write(folder: Path, *names: str, text: str = PROJECT) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def results() -> dict[str, TestResult]:
    return {each.name: each for each in read_trx(RECORDED.read_text())}


def test_command_runs_the_project_of_tests(tmp_path: Path) -> None:
    write(tmp_path, "src/Shop.csproj", text="<Project />")
    plan = STACK.tests(write(tmp_path, "tests/Shop.Tests.csproj"))
    assert plan is not None
    assert plan.command == RUN.format("tests/Shop.Tests.csproj")
    assert (plan.tool, plan.reasons) == ("dotnet test", ("tests/Shop.Tests.csproj has tests",))


def test_command_runs_every_project_also_after_a_failure(tmp_path: Path) -> None:
    plan = STACK.tests(write(tmp_path, "a/A.csproj", "b/B.csproj"))
    assert plan is not None
    first, second = RUN.format("a/A.csproj"), RUN.format("b/B.csproj")
    assert plan.command == f"code=0; {first} || code=1; {second} || code=1; exit $code"


def test_project_without_tests_has_no_plan(tmp_path: Path) -> None:
    assert STACK.tests(write(tmp_path, "Shop.csproj", text="<Project />")) is None


def test_outcome_of_each_test(results: dict[str, TestResult]) -> None:
    assert {name: each.outcome for name, each in results.items()} == {
        f"{TESTS}.StartsAtZero": Outcome.PASSED,
        f"{TESTS}.CountsUp(times: 1)": Outcome.PASSED,
        f"{TESTS}.CountsUp(times: 3)": Outcome.PASSED,
        f"{TESTS}.IsWrong": Outcome.FAILED,
        f"{TESTS}.ComesLater": Outcome.SKIPPED,
    }


def test_failure_has_its_reason_and_place(results: dict[str, TestResult]) -> None:
    wrong = results[f"{TESTS}.IsWrong"]
    assert wrong.reason == "Assert.Equal() Failure: Values differ"
    assert "CounterStoreTests.cs:line 31" in wrong.message


def test_name_without_a_class_gets_it() -> None:
    """Tools such as MSTest call a test by its method."""
    text = RECORDED.read_text().replace(f'testName="{TESTS}.', 'testName="')
    assert {each.name for each in read_trx(text)} == {
        f"{TESTS}.{name}"
        for name in ("StartsAtZero", "CountsUp(times: 1)", "CountsUp(times: 3)", "IsWrong",
                     "ComesLater")
    }  # fmt: skip


def test_end_of_the_process_is_a_result() -> None:
    text = (
        '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><ResultSummary '
        'outcome="Failed"><RunInfos><RunInfo outcome="Error"><Text>Test host process crashed'
        "</Text></RunInfo></RunInfos></ResultSummary></TestRun>"
    )
    assert list(read_trx(text)) == [
        TestResult("dotnet test", Outcome.ERROR, 0.0, "Test host process crashed")
    ]


@pytest.mark.parametrize(
    "text",
    ["", "Passed!", "<testsuite />", "<!DOCTYPE x><TestRun />", "<TestRun>", "<TestRun>" * 1000],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReport):
        list(read_trx(text))
