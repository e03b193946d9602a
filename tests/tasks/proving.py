"""Prove one task: it is made, and what it plants can be told from the reference."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.support.running import worksample
from worksample.catalogue import load
from worksample.errors import CatalogueError
from worksample.tasks.fixing import make_fix_task
from worksample.tasks.testing import DEFECT_COUNT, make_test_task, sealed_task
from worksample.tasks.ticket_tasks import REFERENCE, TicketTask
from worksample.tasks.trees import tree_of, write_tree

#: Seconds for a check of the named checks, on a busy machine.
PATIENCE = 600.0


def problems(challenge: str, stack: str, seed: int) -> list[str]:
    """Return what is wrong with the task of the kind `fix` of a seed; none if it is proven.

    Its named checks must tell it from the reference.
    """
    found = load(challenge)
    task = make_fix_task(found, found.answers("a proof"), stack, seed)
    names = {name for each in task.tickets for name in each.mutant.killed_by}
    with tempfile.TemporaryDirectory() as place:
        handed_out, reference = Path(place) / "start", Path(place) / "reference"
        write_tree(task.commits[-1].tree, handed_out)
        write_tree(sealed_reference(task), reference)
        wrong = _verdicts(challenge, reference, names)
        told = _verdicts(challenge, handed_out, names)
    lines = [f"{name} is {wrong[name]} on the reference" for name in names if wrong[name] != "pass"]
    lines += [
        f"ticket {each.number} ({each.mutant.id}): {name} is {told[name]}"
        for each in task.tickets
        for name in each.mutant.killed_by
        if told[name] != "fail"
    ]
    return [f"{challenge} {stack} seed {seed}: {line}" for line in lines]


def problems_of_defects(challenge: str, stack: str, seed: int) -> list[str]:
    """Return what is wrong with the task of the kind `test` of a seed; none if it is proven.

    That the named checks tell each mutant from the reference is proven by calibration; here it is
    enough that all are there, and apply.
    """
    found = load(challenge)
    task = make_test_task(found, found.answers("a proof"), stack, seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_tree(task.sealed, folder)
        opened = sealed_task(folder)
        lines = [] if len(opened.defects) == DEFECT_COUNT else ["defects are missing"]
        for each in opened.defects:
            copy = folder / f"with-{each.number}"
            write_tree(tree_of(opened.references[stack]), copy)
            try:
                each.mutant.apply(copy)
            except CatalogueError as error:
                lines.append(f"defect {each.number}: {error.message}")
    return [f"{challenge} {stack} test seed {seed}: {line}" for line in lines]


def sealed_reference(task: TicketTask) -> dict[str, bytes]:
    """Return the files of the reference that is sealed with a task, by path."""
    prefix = f"{REFERENCE}/"
    return {
        name.removeprefix(prefix): content
        for name, content in task.sealed.items()
        if name.startswith(prefix)
    }


def _verdicts(challenge: str, folder: Path, names: Collection[str]) -> Mapping[str, str]:
    """Return the verdict of each of the checks `names` on the server in `folder`."""
    only = ",".join(sorted(names))
    done = worksample(
        *("check", str(folder), "--challenge", challenge, "--spec", "brief", "--json"),
        *("--seed", "1", "--only", only),
        cwd=folder,
        timeout=PATIENCE,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    verdicts = {each["id"]: each["verdict"] for each in report["checks"]}
    assert verdicts.keys() >= set(names), report["problem"]
    return verdicts
