"""What cannot be done as it was asked: a clear message, exit code 2, and nothing on stdout."""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson
import pytest

from tests.support import reports
from tests.support.running import worksample
from worksample.grading import codec


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace without a server and without runs."""
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    return tmp_path


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that could not be run as given."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert not done.stdout
    return done.stderr


def save(folder: Path, data: bytes) -> None:
    path = folder / ".worksample" / "runs" / "20261123-100000-aaaa" / "report.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)


@pytest.mark.parametrize("words", [("--stage", "10"), ("--stage", "10", "--csv", "class.csv")])
def test_stage_that_does_not_exist(folder: Path, words: tuple[str, ...]) -> None:
    said = refused(worksample("check", *words, "--challenge", "conduit", cwd=folder))
    assert "There is no stage 10 in conduit." in said
    assert "The last stage is 9." in said
    assert not (folder / "class.csv").exists()


@pytest.mark.parametrize("command", ["report", "replay", "diff"])
def test_report_of_a_later_version(folder: Path, command: str) -> None:
    data = orjson.loads(codec.encode(reports.report()))
    data["versions"]["worksample"] = "99.1"
    save(folder, orjson.dumps(data | {"kind": 3}))
    words = ("20261123-100000-aaaa",) if command == "diff" else ()
    said = refused(worksample(command, *words, cwd=folder))
    assert "was written by Worksample 99.1" in said
    assert "Use the version of Worksample that wrote it" in said


def test_report_of_another_format(folder: Path) -> None:
    save(folder, b'{"format": 2}')
    said = refused(worksample("report", cwd=folder))
    assert "has format 2; this version of Worksample reads 1." in said


@pytest.mark.parametrize("seed", ["-1", "1.5", "any"])
def test_shuffle_by_what_is_no_seed(folder: Path, seed: str) -> None:
    said = refused(worksample("check", "--shuffle", seed, cwd=folder))
    assert "Invalid value for '--shuffle'" in said


def test_shuffle_within_a_budget(folder: Path) -> None:
    said = refused(worksample("check", "--shuffle", "3", "--budget", "60s", cwd=folder))
    assert "leave out --shuffle or --budget" in said


@pytest.mark.parametrize("budget", ["0", "0.5s", "-5s", "soon", ""])
def test_budget_that_is_no_time(folder: Path, budget: str) -> None:
    said = refused(worksample("check", "--budget", budget, cwd=folder))
    assert f"{budget!r} is not a time of at least a second; write 60s, 90s or 2m." in said
