"""Which parts of an interrupted write show the state after it, and which the state before it."""

from __future__ import annotations

from typing import Any

import pytest

from worksample.probes.state_changes import compare_states

LISTED = {"articles": [{"title": "t", "tags": ["a", "b"]}], "n": 1}
EMPTY: dict[str, Any] = {"articles": [], "n": 0}
PARTS = ("articles.1", "articles.1.title", "articles.1.tags", "articles.1.tags.has a")


def test_every_path_of_a_complete_write_is_applied() -> None:
    seen = compare_states(EMPTY, LISTED, LISTED)
    assert set(PARTS) < set(seen.applied)
    assert not seen.missing + seen.repeated + seen.other


def test_every_path_of_a_write_without_effect_is_missing() -> None:
    seen = compare_states(EMPTY, LISTED, EMPTY)
    assert set(PARTS) < set(seen.missing)
    assert not seen.applied + seen.repeated + seen.other


def test_entry_without_its_tags_is_applied_in_part() -> None:
    seen = compare_states(EMPTY, LISTED, {"articles": [{"title": "t", "tags": []}], "n": 1})
    assert {"articles.1", "articles.1.title", "n"} <= set(seen.applied)
    assert seen.missing == ("articles.1.tags.has a", "articles.1.tags.has b")


def test_plain_values_that_were_replaced_count_one_by_one() -> None:
    seen = compare_states({"tags": ["old"]}, {"tags": ["new"]}, {"tags": []})
    assert (seen.applied, seen.missing) == (("tags.has old",), ("tags.has new",))


@pytest.mark.parametrize("following", [True, None, 7])
def test_member_that_is_as_never_before_is_neither_applied_nor_missing(following: Any) -> None:
    kept = {"article": {"title": "new", "author": {"following": following}}}
    before = {"article": {"title": "old", "author": {"following": "no"}}}
    after = {"article": {"title": "new", "author": {"following": "yes"}}}
    seen = compare_states(before, after, kept)
    assert (seen.applied, seen.missing) == (("article.title",), ())
    assert seen.other == ("article.author.following",)


def test_member_that_the_write_does_not_change_does_not_count() -> None:
    seen = compare_states({"a": 1, "n": 0}, {"a": 2, "n": 0}, {"a": 2, "n": 9})
    assert (seen.applied, seen.missing, seen.other) == (("a",), (), ())


def test_nothing_is_read_from_what_is_not_shown() -> None:
    before, after = {"articles": [{"tags": ["a"]}]}, {"articles": [{"tags": ["b"]}]}
    seen = compare_states(before, after, EMPTY)
    assert not seen.applied + seen.missing
    assert seen.other == ("articles.1.tags.has b", "articles.1.tags.has a")
    assert seen.lost == ("articles.1",)


def test_entry_is_not_lost_that_the_write_adds_or_removes() -> None:
    assert compare_states(EMPTY, LISTED, EMPTY).lost == ()
    assert compare_states(LISTED, EMPTY, EMPTY).lost == ()
    assert compare_states(LISTED, LISTED, LISTED).lost == ()


def test_nothing_is_lost_inside_of_what_is_gone() -> None:
    before, after = {"a": {"n": 1, "in": {"x": 1}}}, {"a": {"n": 2, "in": {"x": 1}}}
    assert compare_states(before, after, {"a": None}).lost == ("a",)


@pytest.mark.parametrize(("now", "kind"), [(3, "other"), (6, "repeated"), (0, "other")])
def test_number_is_repeated_only_by_whole_steps_onwards(now: int, kind: str) -> None:
    seen = compare_states({"n": 2}, {"n": 4}, {"n": now})
    assert getattr(seen, kind) == ("n",)


def test_truth_is_no_number() -> None:
    assert compare_states({"n": False}, {"n": True}, {"n": 2}).other == ("n",)
