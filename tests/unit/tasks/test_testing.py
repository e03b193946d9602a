"""Tasks of the kind `test`: what is planted, what is handed out, and what is sealed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from worksample.catalogue import load
from worksample.grading.kinds import kind_called
from worksample.tasks.testing import (
    DEFECT_COUNT,
    beyond_http,
    findable,
    make_test_task,
    needed_of,
    sealed_task,
)
from worksample.tasks.trees import write_tree

TARGETS = [
    (challenge, stack)
    for challenge in ("booking", "conduit")
    for stack in kind_called("test").stacks(load(challenge))
]


@pytest.mark.parametrize(("count", "needed"), [(20, 14), (19, 14), (10, 7), (1, 1)])
def test_seven_of_ten_are_needed(count: int, needed: int) -> None:
    assert needed_of(count) == needed


@pytest.mark.parametrize(("challenge", "stack"), TARGETS)
def test_defects_differ_in_what_finds_them_and_spread_over_stages(
    challenge: str, stack: str
) -> None:
    found = load(challenge)
    task = make_test_task(found, found.answers("a test"), stack, 3)
    assert len(task.mutants) == DEFECT_COUNT
    assert len({frozenset(each.killed_by) for each in task.mutants}) == DEFECT_COUNT
    beyond = beyond_http(found.folder)
    assert all(set(each.killed_by) - beyond for each in task.mutants)
    stages = {check.id: check.stage for check in found.checks}
    spread = Counter(min(stages[name] for name in each.killed_by) for each in task.mutants)
    assert len(spread) >= 4


def test_same_seed_gives_the_same_task_and_another_one_other_defects() -> None:
    found = load("booking")
    answers = found.answers("a test")
    one, same, other = (
        make_test_task(found, answers, "python-fastapi", seed) for seed in (1, 1, 2)
    )
    assert one == same
    assert {each.id for each in one.mutants} != {each.id for each in other.mutants}


def test_nothing_handed_out_names_a_defect() -> None:
    found = load("booking")
    task = make_test_task(found, found.answers("a test"), "python-fastapi", 1)
    handed_out = b"".join(task.commits[-1].tree.values()) + "".join(task.files.values()).encode()
    for each in task.mutants:
        assert each.id.encode() not in handed_out
        assert each.symptom.encode() not in handed_out


def test_sealed_task_has_references_and_patches_that_apply(tmp_path: Path) -> None:
    found = load("booking")
    answers = found.answers("a test")
    task = make_test_task(found, answers, "node-express", 5)
    write_tree(task.sealed, tmp_path)
    opened = sealed_task(tmp_path)
    assert sorted(opened.references) == sorted(answers.solutions)
    assert (opened.stack, opened.needed) == ("node-express", needed_of(DEFECT_COUNT))
    assert [each.symptom for each in opened.defects] == [
        " ".join(each.symptom.split()) for each in task.mutants
    ]
    for each in opened.defects:
        copy = tmp_path / f"copy-{each.number}"
        answers.copy("node-express", copy)
        each.mutant.apply(copy)


def test_files_as_they_were_handed_out_are_untouched(tmp_path: Path) -> None:
    found = load("booking")
    task = make_test_task(found, found.answers("a test"), "python-fastapi", 1)
    write_tree(task.sealed, tmp_path)
    opened = sealed_task(tmp_path)
    tree = dict(task.commits[-1].tree)
    assert opened.is_untouched(tree)
    assert not opened.is_untouched({**tree, "tests/test_more.py": b""})
    assert not opened.is_untouched({**tree, "tests/conftest.py": b""})


def test_what_only_the_database_shows_is_not_planted() -> None:
    found = load("booking")
    names = {each.id for each in findable(found, found.answers("a test"), "python-fastapi")}
    assert "passwords-are-stored-as-they-are" not in names
    assert "tokens-last-for-ever" not in names
    assert "anybody-reads-a-reservation" in names


def test_what_needs_a_guess_at_the_insides_of_the_server_is_not_planted() -> None:
    found = load("conduit")
    answers = found.answers("a test")
    names = {
        each.id
        for stack in ("node-express", "python-fastapi")
        for each in findable(found, answers, stack)
    }
    assert "whatever-is-sent-is-changed" not in names  # the name of a column
    assert "the-body-says-whose-account-it-is" not in names  # the number of an account
    assert "articles-can-be-given-away" in names


@pytest.mark.parametrize("challenge", ["booking", "conduit"])
def test_no_planted_defect_needs_a_race_a_crash_or_a_measurement(challenge: str) -> None:
    found = load(challenge)
    aspects = {check.id: check.aspect.value for check in found.checks}
    for stack in found.answers("a test").solutions:
        for each in findable(found, found.answers("a test"), stack):
            assert {aspects[name] for name in each.killed_by} <= {
                "behaviour",
                "contract",
                "security",
            }
