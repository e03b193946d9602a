"""Unit tests of the workspace of a task."""

from __future__ import annotations

from worksample.grading.task_workspace import without_task


def test_what_the_task_brought_is_no_part_of_its_repository() -> None:
    own = {"server.py": b"", "src/tickets/worksample.toml": b""}
    brought = {"task.sealed": b"", "worksample.toml": b"", ".gitignore": b"", "tickets/1.md": b""}
    assert without_task({**own, **brought}, "tickets") == own
