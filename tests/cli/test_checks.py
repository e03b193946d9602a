"""`worksample checks` as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.counters import ENVIRONMENT
from tests.support.running import worksample


def checks(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return worksample("checks", *words, cwd=folder)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that could not be run as given."""
    assert done.returncode == 2, done.stdout
    assert not done.stdout
    return done.stderr


def test_lists_id_stage_aspect_and_title(tmp_path: Path) -> None:
    done = worksample("checks", "--stage", "2", cwd=tmp_path, env=ENVIRONMENT)
    assert (
        done.stdout.splitlines()
        == [
            "counter 1.0: 4 checks",
            "  a-name-is-text                    2  behaviour    A name is text",
            "  a-name-is-given-once              2  behaviour    A name is given once",
            "  going-up-adds-exactly-one         2  behaviour    Going up adds exactly one",
            "  what-is-not-there-cannot-go-up    2  behaviour    What is not there cannot go up",
        ]
        or done.stdout
    )


def test_lists_checks_of_all_challenges_or_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "worksample.toml").write_text('challenge = "booking"\n')
    everywhere = checks(tmp_path, "--stage", "1").stdout
    assert "booking 1.0: 4 checks" in everywhere
    assert "conduit 1.1: 5 checks" in everywhere
    mine = checks(tmp_path / "mine", "--stage", "1").stdout
    assert "conduit" not in mine
    named = checks(tmp_path / "mine", "--challenge", "conduit", "--aspect", "security").stdout
    assert named.startswith("conduit 1.1: 52 checks\n")
    assert len(named.splitlines()) == 53


def test_prints_json(tmp_path: Path) -> None:
    data = json.loads(checks(tmp_path, "--challenge", "conduit", "--json").stdout)
    assert data["count"] == len(data["checks"]) == 339
    found = {each["id"]: each for each in data["checks"]}["only-the-author-may-edit"]
    assert (found["stage"], found["aspect"], found["clause"]) == (3, "security", "R8")
    assert found["challenge"] == "conduit"


def test_refuses_what_does_not_exist(tmp_path: Path) -> None:
    assert "There is no stage 10 in conduit." in refused(
        checks(tmp_path, "--challenge", "conduit", "--stage", "10")
    )
    assert "There is no challenge called 'x'." in refused(checks(tmp_path, "--challenge", "x"))
    assert "'fun' is not one of 'behaviour'" in refused(checks(tmp_path, "--aspect", "fun"))
    assert "0 is not in the range" in refused(checks(tmp_path, "--stage", "0"))
    assert "No check is of this stage and this aspect." in refused(
        checks(tmp_path, "--stage", "1", "--aspect", "performance")
    )
