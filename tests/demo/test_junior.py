"""The demo's server fails exactly the checks of its mistakes, and the demo shows its race."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from worksample.catalogue import load

ROOT = Path(__file__).resolve().parents[2]
JUNIOR = ROOT / "examples" / "conduit-junior"
EXPECTED: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "expected_mistakes.toml").read_text()
)
MISTAKES: list[dict[str, Any]] = EXPECTED["mistakes"]
ASPECTS = {"behaviour", "contract", "security", "concurrency", "performance", "resilience"}
RACES = [
    check
    for mistake in MISTAKES
    if mistake["aspect"] == "concurrency"
    for check in mistake["checks"]
]
SECONDS = 1500

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(SECONDS)]


@dataclass(frozen=True, slots=True)
class Judged:
    """The demo's server, judged whole: exit code, report, server folder and working directory."""

    exit_code: int
    report: dict[str, Any]
    folder: Path
    here: Path

    def with_verdict(self, verdict: str) -> set[str]:
        """Return the ids of the checks with this verdict."""
        return {check["id"] for check in self.report["checks"] if check["verdict"] == verdict}


def command() -> list[str]:
    """Return the last command of `make demo`, split into words."""
    made = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.splitlines()[-1].split()


def copy_of_junior(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "conduit-junior"
    shutil.copytree(JUNIOR, folder, ignore=shutil.ignore_patterns(".worksample", "__pycache__"))
    return folder


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "worksample", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Judge a copy of the example whole, with a seed."""
    folder, here = copy_of_junior(tmp_path_factory), tmp_path_factory.mktemp("here")
    ran = run("check", str(folder), "--seed", "7", "--json", cwd=here)
    assert ran.stdout, ran.stderr
    return Judged(ran.returncode, json.loads(ran.stdout), folder, here)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Run the demo command on a copy of the example, with time enough on any machine.

    It asks for races alone: that all mistakes are found, `judged` shows.
    """
    program, *words = command()
    assert program.endswith("/worksample")
    words[words.index("examples/conduit-junior")] = str(copy_of_junior(tmp_path_factory))
    words[words.index("--budget") + 1] = "15m"
    return run(*words, "--only", ",".join(RACES), cwd=tmp_path_factory.mktemp("here"))


def test_demo_exits_with_0_although_rejected(demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stderr
    assert demo.stdout.startswith("NOT YET  ")
    assert "Fix this first" in demo.stdout


def test_demo_shows_a_race_and_three_commands(demo: subprocess.CompletedProcess[str]) -> None:
    second = demo.stdout.partition("A race, statement by statement")[2]
    assert "▶" in second
    assert "(held here until" in " ".join(second.replace("│", " ").split())
    commands = second.partition("Go on with")[2]
    assert commands.count("worksample ") == 3
    assert "worksample start conduit mine" in commands


def test_demo_is_bounded() -> None:
    assert re.fullmatch(r"[1-3]\ds", command()[-1])


def test_whole_server_is_rejected(judged: Judged) -> None:
    assert (judged.exit_code, judged.report["verdict"]) == (1, "rejected")


def test_leaves_only_saved_runs(judged: Judged) -> None:
    assert not [*judged.here.iterdir()]
    there = {path.name for path in judged.folder.iterdir()}
    assert there - {path.name for path in JUNIOR.iterdir()} <= {".worksample"}


def test_exactly_the_listed_checks_fail(judged: Judged) -> None:
    listed = {check for mistake in MISTAKES for check in mistake["checks"]}
    by_chance = set(EXPECTED["by_chance"])
    assert judged.with_verdict("fail") - by_chance == listed - by_chance


def test_no_check_is_undecided_or_error(judged: Judged) -> None:
    assert not judged.with_verdict("undecided") | judged.with_verdict("error")


def test_only_jwt_checks_are_blocked(judged: Judged) -> None:
    blocked = [check for check in judged.report["checks"] if check["verdict"] == "blocked"]
    assert {check["id"] for check in blocked if check["blocked_by"]} == set(EXPECTED["waiting"])
    reasons = {check["reason"] for check in blocked if not check["blocked_by"]}
    assert reasons <= {"the server does not use JSON Web Tokens, so none can be forged"}


def test_writes_only_git_ignored_files(judged: Judged) -> None:
    before = {path.name for path in JUNIOR.iterdir()} - {"__pycache__"}
    assert {path.name for path in judged.folder.iterdir()} <= before | {".worksample"}


def test_report_shows_race_timeline(judged: Judged) -> None:
    findings = [found for check in judged.report["checks"] for found in check["findings"]]
    races = [figure for found in findings for figure in found["figures"]]
    assert any(len({beat["actor"] for beat in race["beats"]}) == 2 for race in races)


def test_mistakes_cover_all_aspects() -> None:
    assert {mistake["aspect"] for mistake in MISTAKES} == ASPECTS


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["what"])
def test_mistake_is_in_listed_line(mistake: dict[str, Any]) -> None:
    assert mistake["line"] in (JUNIOR / mistake["file"]).read_text()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["what"])
def test_mistake_lists_checks_of_its_aspect(mistake: dict[str, Any]) -> None:
    aspects = {str(check.aspect) for check in load("conduit").checks}
    assert bool(mistake["checks"]) == (mistake["aspect"] in aspects)
