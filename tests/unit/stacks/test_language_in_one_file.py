"""A language that is one file in a plugin folder: detection, build, causes, doctor, plan, tests."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from worksample import discovery
from worksample.errors import BuildFailed, StartFailed
from worksample.sandbox.query import first_line_of
from worksample.stacks import detect, plan_skills
from worksample.stacks.base import Stack, error_place, stacks
from worksample.stacks.building import inherited_environment
from worksample.stacks.copying import list_files
from worksample.stacks.testing import Outcome
from worksample.targets import Target
from worksample.targets.own_tests import OwnTestRun, run_own_tests

SUPPORT = Path(__file__).parents[2] / "support"
APP = SUPPORT / "apps" / "perl-counters"
CATALOGUE = Path(__file__).parents[2] / "scenarios" / "_catalogue"

PAGE = Path(__file__).parents[3] / "docs" / "languages.md"

if not first_line_of("perl", "-MJSON::PP", "-MTest::More=tests,1", "-e", "ok 1"):
    pytest.skip("perl is not installed with its core modules", allow_module_level=True)


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the language be found, and forget it after the test."""
    monkeypatch.setenv(discovery.PLUGINS, str(SUPPORT / "plugins"))
    yield
    sys.modules.pop("worksample.stacks.perl", None)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the project that may be changed."""
    return Path(shutil.copytree(APP, tmp_path / "app"))


async def start(folder: Path) -> dict[str, str]:
    """Build and start the server in `folder`; return its environment."""
    async with detect(folder).build() as built, Target.start(built) as target:
        return target.environment()


async def run_tests(folder: Path) -> OwnTestRun:
    async with detect(folder).build(tests=True) as built:
        return await run_own_tests(built)


def test_folder_is_detected() -> None:
    plan = detect(APP)
    assert (plan.detection.stack, plan.detection.start) == ("perl", "perl server.pl")


def test_server_starts_with_its_environment() -> None:
    environment = asyncio.run(start(APP))
    assert environment["PLACK_ENV"] == "deployment"
    assert environment["PERL5LIB"].endswith("/app/lib")
    assert environment["SHARE"].endswith("/app/share")
    assert environment["LISTEN"] == f"127.0.0.1:{environment['PORT']}"
    assert "CACHE" not in environment


def test_build_error_has_its_cause(app: Path) -> None:
    (app / "server.pl").write_text("my $x = ;\n")
    with pytest.raises(BuildFailed) as caught:
        asyncio.run(start(app))
    assert caught.value.hint == "Perl cannot compile server.pl line 1: the log says why"


def test_start_error_has_its_cause(app: Path) -> None:
    (app / "server.pl").write_text("require NoSuchModule;\n")
    with pytest.raises(StartFailed) as caught:
        asyncio.run(start(app))
    assert "the module NoSuchModule.pm was not found" in caught.value.hint


def test_variables_and_generated_folders(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERL_MM_OPT", "x")
    assert inherited_environment()["PERL_MM_OPT"] == "x"
    (app / "blib").mkdir()
    (app / "blib" / "made").touch()
    assert "blib/made" not in {each.name for each in list_files(app)}


def test_own_tests_have_results() -> None:
    done = asyncio.run(run_tests(APP))
    assert (done.tool, done.problem) == ("TAP", "")
    assert {each.name: each.outcome for each in done.results} == {
        "t/broken.t": Outcome.ERROR,
        "t/counters.t > a counter starts at zero": Outcome.PASSED,
        "t/counters.t > going up adds two": Outcome.FAILED,
        "t/counters.t > ": Outcome.SKIPPED,
    }


def test_plan_knows_its_skills() -> None:
    assert plan_skills()["perl"] == ("rest",)


def test_language_is_gone_without_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "perl" in stacks()
    monkeypatch.delenv(discovery.PLUGINS)
    assert "perl" not in stacks()


def test_page_names_exactly_the_members_of_a_stack() -> None:
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    members = {*Stack.__annotations__, *vars(Stack)}
    assert sorted(named) == sorted(each for each in members if not each.startswith("_"))


def worksample(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "worksample", *arguments],
        cwd=cwd,
        env={**os.environ, "WORKSAMPLE_CHALLENGES": str(CATALOGUE)},
        capture_output=True,
        text=True,
    )


def test_doctor_has_its_line(tmp_path: Path) -> None:
    shown = worksample("doctor", cwd=tmp_path).stdout
    assert any(line.startswith("  ✓ Perl ") for line in shown.splitlines())


@pytest.mark.slow
def test_server_is_checked(app: Path) -> None:
    (app / "worksample.toml").write_text('challenge = "counter"\n')
    done = worksample("check", "--json", cwd=app)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["stack"] == "perl"
    verdicts = {each["id"]: each["verdict"] for each in found["checks"]}
    # It answers every question but keeps its counters in memory.
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} == {
        "counters-are-kept-in-the-database",
        "counters-outlive-the-server",
    }
    assert sum(verdict == "pass" for verdict in verdicts.values()) == 10


def test_place_of_an_error_is_found_in_a_log() -> None:
    assert error_place("Bareword not allowed at server.pl line 7.") == (
        "server.pl:7: Bareword not allowed"
    )
