"""The kind of work `fix`, as a learner does it: start, solve, give up, hand out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.kinds.fixing import (
    CHALLENGE,
    DEFECT,
    READING,
    REGRESSION_TEST,
    STACK,
    TESTS,
    append,
    check,
    mutant_called,
    seed_of,
)
from tests.support import checking
from tests.support.checking import WHOLE_CHECK, failed
from tests.support.running import worksample


def test_untouched_task_is_rejected_with_a_friendly_word(task: Path) -> None:
    done = worksample("check", cwd=task)
    assert done.returncode == 1, done.stderr
    assert "NOT YET" in done.stdout
    assert "nothing is changed yet" in done.stdout
    assert "Begin with tickets/1.md" in done.stdout
    assert "tickets solved: 0 of 1" in done.stdout


def test_fix_with_regression_test_is_accepted(mended: Path) -> None:
    append(mended, REGRESSION_TEST)
    code, report = check(mended)
    assert (code, failed(report)) == (0, {})
    assert report["score"] == {"name": "tickets solved", "value": 1, "best": 1}
    assert any("smallest known one changes" in note for note in report["notes"])


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_right_answer_is_accepted_by_the_whole_check_and_revealed_then(mended: Path) -> None:
    early = worksample("reveal", cwd=mended)
    assert early.returncode == 2
    assert "is not accepted yet" in early.stderr
    assert check(mended)[0] == 1
    assert "1 comment: 1 open." in worksample("feedback", cwd=mended).stdout
    append(mended, REGRESSION_TEST)
    replied = worksample("feedback", "--answer", "1", "I have added a test.", cwd=mended)
    assert TESTS in replied.stdout, replied.stderr
    code, report = checking.check(mended)
    assert (code, failed(report)) == (0, {})
    settled = worksample("feedback", cwd=mended).stdout
    assert "1 comment: 1 mended." in settled
    assert f"you changed {TESTS}" in settled
    shown = worksample("reveal", cwd=mended)
    assert shown.returncode == 0, shown.stderr
    assert mutant_called(DEFECT).review_says in " ".join(shown.stdout.split())
    assert f"+++ b/{READING}" in shown.stdout
    code, report = check(mended)
    assert not any("proves nothing" in note for note in report["notes"])


@pytest.mark.slow
@pytest.mark.parametrize("spoil", ["amend", "remove"])
def test_rewritten_history_changes_nothing(mended: Path, spoil: str) -> None:
    append(mended, REGRESSION_TEST)
    if spoil == "remove":
        shutil.rmtree(mended / ".git")
    else:
        author = ("-c", "user.name=Me", "-c", "user.email=me@example.com")
        subprocess.run(["git", *author, "commit", "-qam", "All", "--amend"], cwd=mended, check=True)
    code, report = check(mended)
    assert (code, failed(report)) == (0, {})


@pytest.mark.slow
def test_giving_up_is_written_down(mended: Path) -> None:
    shown = worksample("reveal", "--give-up", cwd=mended)
    assert shown.returncode == 0, shown.stderr
    code, report = check(mended)
    assert code == 1
    assert any("it proves nothing" in note for note in report["notes"])


@pytest.mark.slow
def test_packed_task_is_opened_without_answers(tmp_path: Path) -> None:
    seed = str(seed_of(DEFECT))
    made = ("start", CHALLENGE, "--kind", "fix", "--stack", STACK, "--seed", seed)
    packed = worksample(*made, "--pack", "for-ann.task", cwd=tmp_path)
    assert packed.returncode == 0, packed.stderr
    opened = worksample("start", "for-ann.task", cwd=tmp_path)
    assert opened.returncode == 0, opened.stderr
    assert "for-ann is ready: Booking: seats on a ferry." in opened.stdout
    assert "less backlog.md" in opened.stdout
    assert (tmp_path / "for-ann" / "tickets" / "1.md").is_file()
    done = worksample("check", "for-ann", cwd=tmp_path)
    assert (done.returncode, "nothing is changed yet" in done.stdout) == (1, True)


@pytest.mark.parametrize("content", [b"", b"# v2 git bundle\n", b"not a task\n"])
def test_file_that_is_no_packed_task_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some.task").write_bytes(content)
    done = worksample("start", "some.task", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "some.task is not a packed task." in done.stderr
    assert not (tmp_path / "mine").exists()


def test_kind_without_repository_is_not_packed(tmp_path: Path) -> None:
    done = worksample("start", CHALLENGE, "--stack", STACK, "--pack", "some.task", cwd=tmp_path)
    assert done.returncode == 2
    assert "has no tasks to pack" in done.stderr


def test_stack_must_be_named_and_known(tmp_path: Path) -> None:
    def start(*more: str) -> subprocess.CompletedProcess[str]:
        return worksample("start", CHALLENGE, "--kind", "fix", *more, "mine", cwd=tmp_path)

    assert "available: node-express, python-fastapi" in start().stderr
    assert "has no repository in 'perl'" in start("--stack", "perl").stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.slow
def test_later_build_says_that_a_task_was_opened(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    make = ("start", CHALLENGE, "--stack", STACK)
    assert worksample(*make, "server", cwd=tmp_path, env=state).returncode == 0
    only = ("check", "server", "--json", "--stage", "1", "--only", "contract")
    told = "was opened on this machine on"
    before = worksample(*only, cwd=tmp_path, env=state)
    assert before.stdout and told not in before.stdout
    assert worksample(*make, "--kind", "fix", "task", cwd=tmp_path, env=state).returncode == 0
    assert told in worksample(*only, cwd=tmp_path, env=state).stdout
