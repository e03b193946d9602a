"""Tasks of the kind `fix`, as they are made of the references: the same for the same seed."""

from __future__ import annotations

import json
import random
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from worksample.catalogue import Challenge, load
from worksample.catalogue.answers import MUTANTS
from worksample.catalogue.server_logs import SERVER_LOGS, server_logs
from worksample.grading.kinds import kind_called
from worksample.tasks.choosing import are_apart, choose
from worksample.tasks.fixing import KIND, fixable, make_fix_task
from worksample.tasks.history import write_history
from worksample.tasks.naming import task_name
from worksample.tasks.repository import MIXED_COMMITS, Source, write_repository
from worksample.tasks.ticket_tasks import TicketTask, sealed_tickets
from worksample.tasks.tickets import ticket_files

STACKS = [
    (challenge, stack)
    for challenge in ("booking", "conduit")
    for stack in kind_called(KIND).stacks(load(challenge))
]
#: How many defects there are to fix at least, where a stack has few mutants yet.
FEWEST = {"go-nethttp": 7, "java-spring": 8, "csharp-aspnet": 5}
#: Those whose servers log the trace of an error.
TRACING = [
    (challenge, stack)
    for challenge, stack in STACKS
    if (load(challenge).answers("a test").folder / MUTANTS / stack / SERVER_LOGS).is_file()
]


def made(name: str, stack: str, seed: int) -> tuple[Challenge, TicketTask]:
    challenge = load(name)
    return challenge, make_fix_task(challenge, challenge.answers("a test"), stack, seed)


@pytest.mark.parametrize(("name", "stack"), STACKS)
def test_same_seed_gives_the_same_task_and_another_one_another(name: str, stack: str) -> None:
    _, first = made(name, stack, 3)
    _, again = made(name, stack, 3)
    _, other = made(name, stack, 4)
    assert first == again
    assert first.commits != other.commits


@pytest.mark.parametrize(("name", "stack"), STACKS)
@pytest.mark.parametrize("seed", [1, 2])
def test_defects_come_in_with_mixed_commits(name: str, stack: str, seed: int) -> None:
    _, task = made(name, stack, seed)
    trees = [each.tree for each in task.commits[-MIXED_COMMITS - 1 :]]
    changed = [
        {path for path in {*old, *new} if old.get(path) != new.get(path)}
        for old, new in pairwise(trees)
    ]
    mutants = [each.mutant for each in task.tickets]
    for mutant in mutants:
        assert any(mutant.files < files for files in changed), (mutant.id, changed)
    assert all(changed)
    assert len(set().union(*changed)) > len(mutants)


@pytest.mark.parametrize(("name", "stack"), STACKS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_harmless_change_goes_away_when_a_defect_comes(
    name: str, stack: str, seed: int, tmp_path: Path
) -> None:
    challenge, rng = load(name), random.Random(seed)
    answers = challenge.answers("a test")
    chosen = choose(fixable(challenge, answers, stack), rng)
    source = Source(answers, stack, frozenset())
    repository = write_repository(source, chosen, tmp_path / "history", rng)
    for number, mutants in enumerate(((), chosen)):
        folder = source.copy(tmp_path / f"copy-{number}", mutants)
        undone = [each for each in repository.varied if not each.apply(folder)]
        assert not undone


@pytest.mark.parametrize(("name", "stack"), TRACING)
def test_ticket_about_a_logged_error_comes_with_the_log(name: str, stack: str) -> None:
    challenge = load(name)
    answers = challenge.answers("a test")
    logs = server_logs(answers.folder / MUTANTS / stack)
    mutants = fixable(challenge, answers, stack)

    def is_about_one(seed: int) -> bool:
        rng = random.Random(task_name(challenge, KIND, stack, seed))
        return any(each.id in logs for each in choose(mutants, rng))

    seed = next(filter(is_about_one, range(1000)))
    _, task = made(name, stack, seed)
    files = ticket_files(challenge, task.tickets)
    for each in task.tickets:
        path, is_logged = f"tickets/{each.number}.log.txt", each.mutant.id in logs
        assert (path in files) == is_logged
        assert (path[8:] in files[f"tickets/{each.number}.md"]) == is_logged
        if is_logged:
            assert f"  {logs[each.mutant.id].requests[-1].status}\n" in files[path]
            assert "worksample" not in files[path] and "/tmp" not in files[path]


@pytest.mark.parametrize(("name", "stack"), STACKS)
def test_nothing_that_is_handed_out_names_the_defect(name: str, stack: str) -> None:
    challenge, task = made(name, stack, 5)
    texts = [*ticket_files(challenge, task.tickets).values()]
    texts += [each.subject for each in task.commits]
    texts += [content.decode(errors="replace") for content in task.commits[-1].tree.values()]
    for ticket in task.tickets:
        for secret in (ticket.mutant.id, ticket.mutant.review_says, *ticket.mutant.killed_by):
            assert not any(secret in text for text in texts), secret


def test_history_is_a_git_repository_with_people_and_dates(tmp_path: Path) -> None:
    _, task = made("booking", "python-fastapi", 1)
    first, again = tmp_path / "first", tmp_path / "again"
    for folder in (first, again):
        folder.mkdir()
    assert write_history(first, task.commits) == write_history(again, task.commits)
    log = subprocess.run(
        ["git", "log", "--format=%an <%ae> %ad %s", "--date=iso-strict"],
        cwd=first, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert len(log) == len(task.commits) >= MIXED_COMMITS + 4
    line = re.compile(r"[A-Z]\w+ [A-Z]\w+ <\w+@example\.com> 202\d-\S+ [A-Z].+")
    assert all(line.fullmatch(each) for each in log), log
    dates = [each.split("> ")[1][:19] for each in log]
    assert dates == sorted(dates, reverse=True)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=first, capture_output=True, text=True, check=True
    )
    assert not status.stdout


def test_seal_has_what_the_check_needs() -> None:
    _, task = made("booking", "node-express", 2)
    facts = json.loads(task.sealed["task.json"])
    for ticket, sealed in zip(task.tickets, sealed_tickets(facts), strict=True):
        assert sealed.killed_by == ticket.mutant.killed_by
        assert sealed.fix.startswith("--- a/")
        assert f"defects/{ticket.number}/Procfile" in task.sealed
    assert task.sealed["reference/Procfile"] == task.sealed["start/Procfile"]
    assert task.sealed["start/brief.md"]


@pytest.mark.parametrize(("name", "stack"), STACKS)
def test_defects_of_one_task_are_told_apart(name: str, stack: str) -> None:
    mutants = load(name).answers("a test").mutants(stack)
    counts = set()
    for seed in range(40):
        chosen = choose(mutants, random.Random(seed))
        counts.add(len(chosen))
        pairs = [(a, b) for i, a in enumerate(chosen) for b in chosen[i + 1 :]]
        assert all(are_apart(a, b) for a, b in pairs)
    assert counts == {1, 2, 3}


def test_defect_that_hides_others_is_alone() -> None:
    mutants = load("conduit").answers("a test").mutants("python-fastapi")
    (hiding,) = [each for each in mutants if each.id == "accounts-live-in-memory"]
    assert not any(are_apart(hiding, other) or are_apart(other, hiding) for other in mutants)


@pytest.mark.parametrize(("name", "stack"), STACKS)
def test_defects_can_be_found_by_a_test_every_time(name: str, stack: str) -> None:
    challenge = load(name)
    aspects = {check.id: check.aspect.value for check in challenge.checks}
    found = fixable(challenge, challenge.answers("a test"), stack)
    shown = {aspects[check] for each in found for check in each.killed_by}
    assert shown <= {"behaviour", "contract", "security"}
    assert len(found) >= FEWEST.get(stack, 15)
