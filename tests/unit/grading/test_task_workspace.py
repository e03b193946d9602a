"""Unit tests of the workspace of a task."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from worksample.catalogue import Answers, Challenge
from worksample.grading.task_workspace import offered_stacks, without_task


def test_what_the_task_brought_is_no_part_of_its_repository() -> None:
    own = {"server.py": b"", "src/tickets/worksample.toml": b""}
    brought = {"task.sealed": b"", "worksample.toml": b"", ".gitignore": b"", "tickets/1.md": b""}
    assert without_task({**own, **brought}, "tickets") == own


def test_only_solutions_with_what_a_task_needs_are_offered(tmp_path: Path) -> None:
    for name in ("ada", "basic", "cobol"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "mutants" / name).mkdir(parents=True)
    (tmp_path / "mutants" / "ada" / "a.patch").write_text("")
    (tmp_path / "mutants" / "ada" / "own-tests.json").write_text("{}")
    (tmp_path / "mutants" / "basic" / "a.patch").write_text("")
    challenge = cast(Challenge, SimpleNamespace(answers=lambda purpose: Answers(tmp_path)))

    assert offered_stacks(challenge, "fix", "a test") == ["ada"]
    assert offered_stacks(challenge, "test", "a test", Answers.has_mutants) == ["ada", "basic"]
