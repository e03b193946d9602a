"""On every reference, changes are found in plenty, and none alters what the sources mean."""

from __future__ import annotations

import functools
import itertools
import random

import pytest

from tests.unit.tasks import (
    csharp_meaning,
    go_meaning,
    java_meaning,
    javascript_meaning,
    python_meaning,
)
from tests.unit.tasks.references import REFERENCES, folder_of, sampled, sources, varied
from worksample.tasks.variation import variations

COUNT = 30
PYTHON = [each for each in REFERENCES if each[1].startswith("python-")]
NODE = [each for each in REFERENCES if each[1].startswith("node-")]
GO = [each for each in REFERENCES if each[1].startswith("go-")]
JAVA = [each for each in REFERENCES if each[1].startswith("java-")]
CSHARP = [each for each in REFERENCES if each[1].startswith("csharp-")]
BY_TOKENS = {"go": go_meaning, "java": java_meaning, "cs": csharp_meaning}
Sources = dict[str, bytes]


@functools.cache
def clean(challenge: str, solution: str) -> Sources:
    return sources(folder_of(challenge, solution))


def changed(challenge: str, solution: str, seed: int, count: int = COUNT) -> Sources:
    """Return the sources that `count` changes alter; all of them must apply."""
    found = variations(folder_of(challenge, solution), random.Random(seed), count)
    after, applied = varied(clean(challenge, solution), found)
    assert applied == len(found) == count
    return {path: text for path, text in after.items() if text != clean(challenge, solution)[path]}


def assert_same_python(challenge: str, solution: str, after: Sources) -> None:
    for path, text in after.items():
        compile(text, path, "exec")
        before = clean(challenge, solution)[path]
        assert python_meaning.public_names(text) == python_meaning.public_names(before), path
        assert python_meaning.meaning(text) == python_meaning.meaning(before), path


def assert_same_javascript(challenge: str, solution: str, after: Sources) -> None:
    trees = javascript_meaning.parsed(list(after.values()))
    before = javascript_meaning.parsed([clean(challenge, solution)[path] for path in after])
    for path, tree, old in zip(after, trees, before, strict=True):
        assert "error" not in tree, (path, tree)
        names = javascript_meaning.public_names
        assert names(tree) == names(old), path
        assert javascript_meaning.meaning(tree) == javascript_meaning.meaning(old), path


def assert_same_tokens(challenge: str, solution: str, after: Sources) -> None:
    for path, text in after.items():
        before, read = clean(challenge, solution)[path], BY_TOKENS[path.rpartition(".")[2]]
        assert read.public_names(text) == read.public_names(before), path
        assert read.meaning(text) == read.meaning(before), path


def assert_same(challenge: str, solution: str, after: Sources) -> None:
    language = solution.partition("-")[0]
    checks = {"python": assert_same_python, "node": assert_same_javascript}
    checks.get(language, assert_same_tokens)(challenge, solution, after)


def test_all_references_are_tried() -> None:
    assert len(PYTHON) >= 2
    assert len(NODE) >= 2
    assert len(GO) >= 1
    assert len(JAVA) >= 1
    assert len(CSHARP) >= 1
    assert sorted([*PYTHON, *NODE, *GO, *JAVA, *CSHARP]) == REFERENCES


@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_two_seeds_differ_in_more_than_ten_places(challenge: str, solution: str) -> None:
    found = [changed(challenge, solution, seed) for seed in range(4)]
    for one, other in itertools.combinations(found, 2):
        differing = {path for path in {*one, *other} if one.get(path) != other.get(path)}
        assert len(differing) > 10


@pytest.mark.parametrize(("challenge", "solution"), PYTHON)
def test_meaning_of_python_stays(challenge: str, solution: str) -> None:
    for seed in range(3):
        assert_same_python(challenge, solution, changed(challenge, solution, seed))


@pytest.mark.parametrize(("challenge", "solution"), NODE)
def test_meaning_of_javascript_stays(challenge: str, solution: str) -> None:
    for seed in range(2):
        assert_same_javascript(challenge, solution, changed(challenge, solution, seed))


@pytest.mark.parametrize(("challenge", "solution"), [*GO, *JAVA, *CSHARP])
def test_meaning_of_other_languages_stays(challenge: str, solution: str) -> None:
    for seed in range(3):
        assert_same_tokens(challenge, solution, changed(challenge, solution, seed))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_meaning_stays_for_many_seeds(challenge: str, solution: str) -> None:
    for seed in sampled(range(100, 160), 6):
        assert_same(challenge, solution, changed(challenge, solution, seed))


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_meaning_stays_after_all_changes_that_are_possible(challenge: str, solution: str) -> None:
    found = variations(folder_of(challenge, solution), random.Random(1), 10_000)
    after, applied = varied(clean(challenge, solution), found)
    assert applied == len(found) > 150
    assert_same(challenge, solution, after)
