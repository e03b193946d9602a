"""Prove one task of the kind `speed-up`: what is measured tells it from the reference."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.checking import check
from tests.tasks.proving import sealed_reference
from worksample.catalogue import load
from worksample.grading.task_workspace import Handout, make_task_workspace
from worksample.tasks.speeding import KIND, make_speed_task
from worksample.tasks.trees import write_tree

WASTE, MEASURED = (
    "the-waste-is-gone",
    ("the-waste-is-gone", "the-answers-are-the-same", "nothing-else-costs-more"),
)


def planted(challenge: str, stack: str, seed: int) -> str:
    """Make the task of a seed; return the id of the mutant that makes it slow."""
    found = load(challenge)
    task = make_speed_task(found, found.answers("a proof"), stack, seed)
    return task.tickets[0].mutant.id


def speed_problems(challenge: str, stack: str, seed: int) -> list[str]:
    """Return what is wrong with the task of a seed, a line each; none if it is proven."""
    found = load(challenge)
    task = make_speed_task(found, found.answers("a proof"), stack, seed)
    mutant = task.tickets[0].mutant
    (only,) = mutant.killed_by[:1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "mine"
        handout = Handout(KIND, task.name, task.commits, {}, "Add the complaint", task.sealed)
        make_task_workspace(found, handout, folder)
        (folder / "NOTES.md").write_text("Nothing is done yet.\n")
        slow = _checked(folder, only)
        write_tree(sealed_reference(task), folder)
        good = _checked(folder, only)
    lines = [
        f"{name} is {good[name]} on the reference"
        for name in (*MEASURED, only)
        if good[name] != "pass"
    ]
    lines += [f"{WASTE} is {slow[WASTE]} on the slow version"] * (slow[WASTE] != "fail")
    lines += [f"{only} is {slow[only]} on the slow version"] * (slow[only] != "blocked")
    return [f"{challenge} {stack} seed {seed} ({mutant.id}): {line}" for line in lines]


def _checked(folder: Path, only: str) -> dict[str, str]:
    """Return the verdicts of what is measured, and of the check `only`."""
    _, report = check(folder, "--only", only)
    return {each["id"]: each["verdict"] for each in report["checks"]}
