"""The demo server of examples/conduit-junior fails exactly the checks of its mistakes."""

from __future__ import annotations

import json
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
LATER = {"concurrency", "performance", "resilience"}
SECONDS = 1500

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS)]


@dataclass(frozen=True, slots=True)
class Demo:
    """The result of the demo command: exit code, report, server folder and working directory."""

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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo command on a copy of the example, with a seed and JSON output."""
    program, *words = command()
    assert program.endswith("/worksample")
    folder = tmp_path_factory.mktemp("demo") / "conduit-junior"
    shutil.copytree(JUNIOR, folder, ignore=shutil.ignore_patterns(".worksample", "__pycache__"))
    words[words.index("examples/conduit-junior")] = str(folder)
    here = tmp_path_factory.mktemp("here")
    ran = subprocess.run(
        [sys.executable, "-m", "worksample", *words, "--seed", "7", "--json"],
        cwd=here,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert ran.stdout, ran.stderr
    return Demo(ran.returncode, json.loads(ran.stdout), folder, here)


def test_demo_exits_with_0_although_rejected(demo: Demo) -> None:
    assert (demo.exit_code, demo.report["verdict"]) == (0, "rejected")


def test_leaves_only_saved_runs(demo: Demo) -> None:
    assert not [*demo.here.iterdir()]
    there = {path.name for path in demo.folder.iterdir()}
    assert there - {path.name for path in JUNIOR.iterdir()} <= {".worksample"}


def test_exactly_the_listed_checks_fail(demo: Demo) -> None:
    listed = {check for mistake in MISTAKES for check in mistake["checks"]}
    by_chance = set(EXPECTED["by_chance"])
    assert demo.with_verdict("fail") - by_chance == listed - by_chance


def test_no_check_is_undecided_or_error(demo: Demo) -> None:
    assert not demo.with_verdict("undecided") | demo.with_verdict("error")


def test_only_jwt_checks_are_blocked(demo: Demo) -> None:
    blocked = [check for check in demo.report["checks"] if check["verdict"] == "blocked"]
    assert {check["id"] for check in blocked if check["blocked_by"]} == set(EXPECTED["waiting"])
    reasons = {check["reason"] for check in blocked if not check["blocked_by"]}
    assert reasons <= {"the server does not use JSON Web Tokens, so none can be forged"}


def test_writes_only_git_ignored_files(demo: Demo) -> None:
    before = {path.name for path in JUNIOR.iterdir()} - {"__pycache__"}
    assert {path.name for path in demo.folder.iterdir()} <= before | {".worksample"}


def test_report_shows_race_timeline(demo: Demo) -> None:
    findings = [found for check in demo.report["checks"] for found in check["findings"]]
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
