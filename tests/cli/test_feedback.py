"""`worksample feedback` as a learner uses it, on saved runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.running import worksample
from worksample.checks import CheckResult, Verdict
from worksample.grading import Report, RunVerdict, Workspace

FIRST, SECOND = "20261123-100000-aaaa", "20261123-110000-bbbb"


def failure(check: str, error: str) -> CheckResult:
    found = reports.finding(error=f"app.py:7: ValueError: {error}")
    return reports.failed(reports.check(check), found)


def passed(check: str) -> CheckResult:
    return CheckResult(reports.check(check), Verdict.PASS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace with one run, which found two causes."""
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    (tmp_path / "app.py").write_text("one = 1\ntwo = 2\n")
    save(tmp_path, FIRST, failure("tags", "no tag"), failure("slugs", "no slug"))
    return tmp_path


def save(folder: Path, run: str, *results: CheckResult, verdict: str = "rejected") -> Report:
    report = reports.report(results, run=run, verdict=RunVerdict(verdict))
    assert Workspace.open(folder).save(report)
    return report


def feedback(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return worksample("feedback", *words, cwd=folder, env={"COLUMNS": "110"})


def shown(folder: Path, *words: str) -> str:
    done = feedback(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that could not be run as given."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert not done.stdout
    return done.stderr


def test_shows_the_causes_as_comments(folder: Path) -> None:
    text = shown(folder)
    assert f"Round 1: run {FIRST}, rejected" in text
    assert "2 comments: 2 open." in text
    assert "POST /api/articles answers 500: ValueError: no tag" in text
    assert "[blocking, stage 2, app.py:7]" in text
    assert 'worksample feedback --answer 1 "TEXT"' in text


def test_reply_is_kept_beside_the_next_submission(folder: Path) -> None:
    shown(folder)
    (folder / "app.py").write_text("one = 1\ntwo = 3\n")
    assert "Since then you have changed app.py (2 lines)" in shown(folder)
    text = shown(folder, "--answer", "2", "No client sends it.", "--answer", "1", "Mended.")
    assert "Your reply to comment 2 is recorded: POST /api/articles answers 500" in text
    assert "app.py (2 lines)" in text
    assert "2 comments: 2 answered." in shown(folder)
    save(folder, SECOND, passed("tags"), failure("slugs", "no slug"), failure("names", "new"))
    text = " ".join(shown(folder).split())
    assert "3 comments: 1 mended, 1 answered, 1 open." in text
    assert "Since the round before you changed app.py (2 lines)." in text
    mended, answered = text.split("Answered (1)")
    assert "no tag" in mended and "you Mended. (" in mended
    assert "no slug" in answered and "you No client sends it. (" in answered
    assert "after app.py (2 lines)" in answered


def test_comment_is_shown_in_full(folder: Path) -> None:
    text = shown(folder, "--comment", "1")
    assert "why it matters" in text
    assert f"worksample replay 1 --run {FIRST}" in text


def test_accepted_run_has_no_comments(folder: Path) -> None:
    save(folder, SECOND, passed("tags"), verdict="accepted")
    assert "No comments: this run found nothing to mend." in shown(folder)


def test_run_without_checks_is_passed_over(folder: Path) -> None:
    save(folder, SECOND, verdict="build failed")
    assert f"run {FIRST}, rejected" in shown(folder)


def test_everything_is_there_as_json(folder: Path) -> None:
    shown(folder)
    shown(folder, "--answer", "1", "Mended.")
    data = json.loads(shown(folder, "--json"))
    assert data["counts"] == {"mended": 0, "answered": 1, "open": 1}
    first = data["comments"][0]
    assert (first["state"], first["severity"], first["place"]) == (
        "answered",
        "blocking",
        "app.py:7",
    )
    assert first["replies"][0]["text"] == "Mended."
    assert [each["run"] for each in data["rounds"]] == [FIRST]


def test_reply_that_cannot_be_recorded_is_told_and_nothing_is_lost(folder: Path) -> None:
    assert "There is no feedback in" in refused(feedback(folder, "--answer", "1", "x"))
    shown(folder)
    kept = (folder / ".worksample" / "feedback.json").read_bytes()
    wrong = {
        ("1", " "): "The reply to comment 1 is empty.",
        ("3", "x"): "There is no comment 3.\n→ The comments are 1 to 2.",
        ("1", "x" * 5000): "The reply to comment 1 has 5000 characters; 4000 are kept.",
    }
    for words, problem in wrong.items():
        assert problem in refused(feedback(folder, "--answer", "2", "Kept?", "--answer", *words))
    assert (folder / ".worksample" / "feedback.json").read_bytes() == kept
    assert "There is no comment 9." in refused(feedback(folder, "--comment", "9"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"format": 2}', "was written by a later version of Worksample"),
        ("{", "cannot be read: "),
        ('{"challenge": 7}', "cannot be read: "),
    ],
)
def test_file_that_is_no_feedback_is_told(folder: Path, content: str, problem: str) -> None:
    (folder / ".worksample" / "feedback.json").write_text(content)
    told = refused(feedback(folder))
    assert problem in told and "feedback.json" in told


def test_folder_without_runs_is_told(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\n')
    assert "There is no run in" in refused(feedback(tmp_path))
    save(tmp_path, FIRST, verdict="build failed")
    assert "has asked a check yet; the latest: build failed." in refused(feedback(tmp_path))


def test_folder_that_names_no_challenge_and_another_challenge_are_read(folder: Path) -> None:
    shown(folder)
    other = reports.report([failure("rides", "no ride")], run=SECOND, challenge="booking")
    assert Workspace.open(folder).save(other)
    (folder / "worksample.toml").unlink()
    text = shown(folder)
    assert f"Round 1: run {SECOND}, rejected" in text
    assert "1 comment: 1 open." in text


def test_archive_takes_no_feedback(tmp_path: Path) -> None:
    (tmp_path / "mine.tar.gz").write_bytes(b"")
    assert "mine.tar.gz is an archive" in refused(feedback(tmp_path, "mine.tar.gz"))
