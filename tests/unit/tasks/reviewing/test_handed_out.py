"""What a workspace shows otherwise than the pull request that was handed out."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worksample.tasks.history import Author, Branch, Commit, write_history
from worksample.tasks.reviewing.handed_out import HandedOut, handed_out, what_differs

MAIN = {"a.py": b"one\n", "gone.py": b"old\n", "same.py": b"same\n"}
PROPOSED = {"a.py": b"two\n", "new.py": b"new\n", "same.py": b"same\n"}
KNOWN = handed_out("tidy-up", MAIN, PROPOSED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ada, day = Author("Ada Byron"), datetime(2026, 1, 5, tzinfo=UTC)
    proposed = Branch("tidy-up", [Commit("Tidy up", ada, day, PROPOSED)])
    write_history(tmp_path, [Commit("Start", ada, day, MAIN)], proposed)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=folder, check=True, capture_output=True)


def test_what_was_handed_out_is_known_by_the_files_that_change() -> None:
    assert set(KNOWN.main) == set(KNOWN.proposed) == {"a.py", "gone.py", "new.py"}
    assert (KNOWN.main["new.py"], KNOWN.proposed["gone.py"]) == ("", "")


def test_nothing_differs_at_first_nor_for_files_beside_the_change(folder: Path) -> None:
    (folder / "same.py").write_text("edited\n")
    (folder / "notes.txt").write_text("mine\n")
    (folder / "a.py").write_bytes(b"two\r\n")
    assert list(what_differs(folder, KNOWN)) == []


def test_branches_that_are_rewritten_or_gone_are_told(folder: Path) -> None:
    git(folder, "branch", "--force", "main", "tidy-up")
    git(folder, "branch", "--move", "tidy-up", "mine")
    (told,) = what_differs(folder, KNOWN)
    assert told.startswith("the branches main and tidy-up are not as they were handed out: ")


def test_files_that_are_edited_are_told(folder: Path) -> None:
    (folder / "a.py").write_text("three\n")
    (told,) = what_differs(folder, KNOWN)
    assert told.startswith("a.py is not as the pull request has it: ")
    git(folder, "checkout", "--force", "main")
    (told,) = what_differs(folder, KNOWN)
    assert told.startswith("a.py, gone.py and new.py are not as the pull request has them: ")


def test_many_files_are_counted(tmp_path: Path) -> None:
    known = HandedOut("tidy-up", {}, {f"{number}.py": "1" for number in range(9)})
    (told,) = what_differs(tmp_path, known)
    assert told.startswith("0.py, 1.py, 2.py and 6 more files are not as ")


def test_folder_without_a_repository_is_asked_for_its_files_only(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    assert list(what_differs(folder, KNOWN)) == []
