"""Which generated requests are sent."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from worksample.probes.case_coverage import covering
from worksample.probes.fuzz import Case

NAMES = frozenset({"user", "name", "bio"})


def _case(body: Any, mode: str = "positive", query: str = "") -> Case:
    return Case("change", mode, {}, query, "application/json", orjson.dumps(body))


def _chosen(*bodies: Any) -> list[Any]:
    return [orjson.loads(each.body) for each in covering([_case(body) for body in bodies], NAMES)]


def test_leaves_out_values_of_a_kind_that_another_request_shows() -> None:
    assert _chosen({"name": "ab"}, {"name": "cd"}) == [{"name": "ab"}]


def test_leaves_out_a_request_whose_kinds_are_spread_over_others() -> None:
    accents, number = {"name": "éx", "bio": "x"}, {"name": "x", "bio": "x7"}
    assert _chosen({"name": "x", "bio": "x"}, accents, number) == [accents, number]


@pytest.mark.parametrize(
    "other",
    ["", "7", "é", "語", "🦊", " ", "\0", "\t", ".", "x" * 9, None, 7, True, [], {}, ["x"]],
)
def test_keeps_each_kind_of_value_in_the_given_order(other: Any) -> None:
    both = [{"name": "x"}, {"name": other}]
    assert _chosen(*both) == both


def test_tells_the_same_kind_in_other_fields_apart() -> None:
    both = [{"user": {"name": "x"}}, {"user": {"bio": "x"}}]
    assert _chosen(*both) == both


def test_keeps_a_request_with_fewer_fields() -> None:
    both = [{"user": {"name": "x", "bio": "x"}}, {"user": {"name": "x"}}]
    assert _chosen(*both) == both


def test_takes_unnamed_members_for_one_field() -> None:
    assert _chosen({"one": 7}, {"two": 8}, {"three": None}) == [{"one": 7}, {"three": None}]


def test_keeps_invalid_requests_that_differ_and_other_queries() -> None:
    cases = [
        _case({"name": 7}, "negative"),
        _case({"name": 8}, "negative"),
        _case({"name": 8}, "negative"),
        _case({"name": "x"}),
        _case({"name": "x"}, query="limit=1"),
        Case("list", "positive", {}, "limit=2", "", b""),
        Case("list", "positive", {}, "limit=3", "", b""),
    ]
    assert covering(cases, NAMES) == [*cases[:2], *cases[3:]]
