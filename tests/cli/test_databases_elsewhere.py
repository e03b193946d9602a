"""Servers that do not use the database that they are given: told at the start of a check."""

from __future__ import annotations

from pathlib import Path

from tests.support.running import worksample
from tests.support.small_conduit import small_conduit


def test_server_on_sqlite_is_told_before_the_first_check(tmp_path: Path) -> None:
    folder = small_conduit(tmp_path / "mine", MODE="sqlite")
    done = worksample("check", "--stage", "1", cwd=folder)
    assert done.returncode == 1, done.stderr
    begin = done.stderr.partition("checks to run")[0]
    assert "keeps its data in SQLite (accounts.db)" in begin
    assert "Not looked for: crashes between statements" in begin


def test_unreachable_database_is_the_finding_of_a_server_that_starts(tmp_path: Path) -> None:
    folder = small_conduit(tmp_path / "mine", MODE="unreachable")
    done = worksample("check", "--stage", "1", cwd=folder)
    assert done.returncode == 3, done.stderr
    told = " ".join(done.stdout.split())
    assert told.startswith(
        "START FAILED the server cannot reach its database: "
        "Error: connect ECONNREFUSED 127.0.0.1:5432 (it starts, but answers 5xx)"
    )
    assert "[services.postgres] port = 5432" in told


def test_version_that_this_machine_does_not_have_is_told_with_its_key(tmp_path: Path) -> None:
    folder = small_conduit(tmp_path / "mine")
    settings = folder / "worksample.toml"
    settings.write_text(f'{settings.read_text()}[build]\npython = "2.4"\n')
    done = worksample("check", "--stage", "1", cwd=folder)
    assert done.returncode == 2, done.stderr
    told = "worksample.toml:5: build.python: this machine has no Python 2.4; it has 3."
    assert told in done.stderr
