"""Tasks of the kind `test`: made, answered, and with other settings."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.running import worksample

CHALLENGE, STACK, SEED = "booking", "python-fastapi", "7"
PLANTED, NEEDED = 20, 14
_APPS = Path(__file__).parents[1] / "support" / "apps"


def start(place: Path, challenge: str = CHALLENGE, stack: str = STACK) -> Path:
    """Make a task in `place`; return its folder."""
    arguments = ("--kind", "test", "--stack", stack, "--seed", SEED, "mine")
    done = worksample("start", challenge, *arguments, cwd=place)
    assert done.returncode == 0, done.stderr
    assert f"in {stack}, task {SEED}." in done.stdout
    return place / "mine"


def answer(task: Path, app: str) -> None:
    """Put the tests of `app` into the folder of the task."""
    shutil.copytree(_APPS / app, task, dirs_exist_ok=True)


def write(task: Path, code: str) -> None:
    (task / "tests" / "test_mine.py").write_text(code)


def settings(task: Path, table: str) -> None:
    path = task / "worksample.toml"
    head = path.read_text().partition("[test]")[0]
    path.write_text(f"{head}[test]\n{table}\n")
