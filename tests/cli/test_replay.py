"""`worksample replay` of a finding that requests alone cannot reproduce."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support import reports
from worksample.cli.replay import command
from worksample.errors import UserError
from worksample.grading import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace with one saved run, whose first finding is a race."""
    assert Workspace.open(tmp_path, "any").save(reports.drawn()) is not None
    return tmp_path


def test_rejects_replay_of_race(folder: Path) -> None:
    done = CliRunner().invoke(command, ["1", str(folder)])
    assert isinstance(done.exception, UserError)
    assert "one after the other cannot reproduce it" in done.exception.message
    wanted = "worksample check --only favourites-of-two-both-count --seed 42"
    assert wanted in done.exception.hint
    assert not done.output


@pytest.mark.parametrize("form", ["--curl", "--http"])
def test_prints_requests_of_race_with_warning(folder: Path, form: str) -> None:
    done = CliRunner().invoke(command, ["1", str(folder), form])
    assert done.exit_code == 0
    assert "/api/articles" in done.stdout
    assert "does not reproduce the finding" in done.stderr
