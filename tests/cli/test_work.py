"""`worksample work`: what the catalogue offers, in 80 columns, and only what is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.running import worksample


def work(folder: Path, *options: str) -> list[dict[str, Any]]:
    done = worksample("work", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["work"]
    return found


def test_list_names_challenge_kind_hours_stacks_and_skills(tmp_path: Path) -> None:
    done = worksample("work", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert "booking  Booking: seats on a ferry" in text
    assert "  fix          fix what customers report, 2 h" in text
    assert "    stacks     node-express, python-fastapi" in text
    assert "debugging" in text
    assert "worksample start CHALLENGE --kind KIND --stack STACK [DIR]" in text
    assert max(map(len, text.splitlines())) <= 80


def test_filters_leave_only_what_is_asked_for(tmp_path: Path) -> None:
    found = work(tmp_path, "--kind", "fix", "--stack", "node-express", "--skill", "debugging")
    assert {(each["challenge"], each["kind"], *each["stacks"]) for each in found} == {
        ("booking", "fix", "node-express"),
        ("conduit", "fix", "node-express"),
    }
    assert found[0]["commands"] == [
        "worksample start booking --kind fix --stack node-express",
    ]
    assert {each["kind"] for each in work(tmp_path, "--skill", "maintenance")} >= {"fix"}
    assert "build" not in {each["kind"] for each in work(tmp_path, "--skill", "maintenance")}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--kind", "poem"), "There is no kind of work 'poem'."),
        (("--stack", "perl"), "There is no stack 'perl' in the catalogue."),
        (("--skill", "juggling"), "juggling"),
        (("--kind", "build", "--skill", "maintenance"), "The catalogue has no such work."),
    ],
)
def test_unknown_names_are_told(tmp_path: Path, options: tuple[str, ...], problem: str) -> None:
    done = worksample("work", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in done.stderr
    assert done.stderr.count("→") >= 1
