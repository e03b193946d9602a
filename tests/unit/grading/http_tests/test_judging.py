"""The correct servers on which a learner's tests are run: those that this machine can build."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from worksample.errors import InternalError
from worksample.grading.http_tests import bench, judging
from worksample.grading.run import Run
from worksample.tasks.testing import SealedTask

REFERENCES = {"ada": Path("ada"), "basic": Path("basic"), "cobol": Path("cobol")}
TASK = SealedTask("basic", 1, (), REFERENCES, {})


class Notes:
    """Takes the notes of a run."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, *sentences: str) -> None:
        self.said += sentences


def servers_here(
    monkeypatch: pytest.MonkeyPatch, missing: Mapping[str, str], task: SealedTask = TASK
) -> tuple[Any, list[str]]:
    async def why_not_here(folder: Path, stack: str, *, within: Path) -> str:
        return missing.get(folder.name, "")

    monkeypatch.setattr(bench, "why_not_here", why_not_here)
    notes = Notes()
    found = asyncio.run(judging._servers_here(cast(Run, notes), task, Path("opened")))
    return found, notes.said


def test_all_servers_are_used_where_all_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    (here, missing), said = servers_here(monkeypatch, {})
    assert (here, missing) == (REFERENCES, {})
    assert said == ["the correct servers are ada, basic and cobol"]


def test_server_that_cannot_be_built_here_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (here, _), said = servers_here(monkeypatch, {"cobol": "Cobol is missing"})
    assert list(here) == ["ada", "basic"]
    assert said == [
        "the correct servers are ada and basic",
        "cobol was left out: Cobol is missing",
    ]


def test_task_whose_own_server_cannot_be_built_is_no_fault_of_the_learner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InternalError, match="cannot run here: Basic is missing"):
        servers_here(monkeypatch, {"basic": "Basic is missing"})


MANY = {name: Path(name) for name in ("ada", "basic", "cobol", "dart", "elixir", "forth")}


def chosen(monkeypatch: pytest.MonkeyPatch, document: str, missing: Mapping[str, str]) -> list[str]:
    task = SealedTask("basic", 1, (), MANY, {"brief.md": document})
    (here, _), _ = servers_here(monkeypatch, missing, task)
    return list(here)


def test_some_of_many_servers_are_chosen_by_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    of_tasks = [chosen(monkeypatch, str(number), {}) for number in range(20)]
    assert all(len(each) == bench.MOST_SERVERS and "basic" in each for each in of_tasks)
    assert {name for each in of_tasks for name in each} == set(MANY)
    assert of_tasks == [chosen(monkeypatch, str(number), {}) for number in range(20)]


def test_others_stand_in_for_servers_that_cannot_be_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = dict.fromkeys(("ada", "cobol"), "its language is missing")
    assert chosen(monkeypatch, "1", missing) == ["basic", "dart", "elixir", "forth"]
