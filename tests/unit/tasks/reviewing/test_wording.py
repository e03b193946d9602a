"""What a comment must say to be about a mutant."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from worksample.catalogue import load
from worksample.tasks.reviewing.wording import Wording, common_stems, stems_of, wording_of

COMMENTS = tomllib.loads(Path(__file__).with_name("comments.toml").read_text(encoding="utf-8"))
VAGUE = ("this is wrong", "please fix", "Das ist falsch.", "está mal", "c'est faux", "errado")
STACKS = [
    (challenge, stack)
    for challenge in ("booking", "conduit")
    for stack in load(challenge).answers("a test").solutions
]


@cache
def wordings(challenge: str, stack: str) -> dict[str, tuple[str, Wording]]:
    """Return the known comment and the wording of each mutant, by its id."""
    found = load(challenge)
    mutants = found.answers("a test").mutants(stack)
    common = common_stems(mutants)
    return {each.id: (each.review_says, wording_of(found, each, common)) for each in mutants}


@pytest.mark.parametrize(("challenge", "stack"), STACKS)
def test_known_comment_of_each_mutant_counts_and_a_vague_one_does_not(
    challenge: str, stack: str
) -> None:
    known = wordings(challenge, stack)
    assert not [name for name, (says, wording) in known.items() if not wording.fits(says)]
    assert not [(name, text) for name in known for text in VAGUE if known[name][1].fits(text)]


@pytest.mark.parametrize("name", COMMENTS)
def test_comment_in_plain_words_counts(name: str) -> None:
    _, wording = wordings("booking", "python-fastapi")[name]
    assert not [text for text in COMMENTS[name] if not wording.fits(text)]


def test_comment_on_another_class_does_not_count() -> None:
    known = wordings("booking", "python-fastapi")
    for name, text in (
        ("sailings-are-asked-for-each-reservation", "SQL injection"),
        ("a-port-becomes-part-of-the-query", "a race between two requests"),
        ("passwords-are-stored-as-they-are", "N+1"),
        ("anybody-reads-a-reservation", "connection leak"),
    ):
        assert not known[name][1].fits(text), name


def test_comment_that_names_more_than_two_classes_counts_for_none() -> None:
    wording = Wording(("concurrency",), (), (), ())
    assert wording.fits("race condition, or an injection")
    assert not wording.fits("race condition, injection, missing authorization")


def test_own_words_rules_and_shared_words_count() -> None:
    wording = Wording((), ("saldo",), ("wallet", "purs"), ("E2",))
    assert wording.fits("El saldo no cambia.")
    assert wording.fits("breaks E2")
    assert not wording.fits("breaks E21")
    assert wording.fits("the wallets are one purse")
    assert not wording.fits("the wallets")


def test_stems_leave_out_endings_and_words_that_say_nothing() -> None:
    assert stems_of("The owners are compared") == stems_of("comparing the owner")
    assert not stems_of("this is wrong")
