"""Tests of hostile bodies: fields in a wrapper object, and fields at the top level."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import orjson
import pytest

from worksample.probes import hostile
from worksample.probes.exchange import Request

Variants = Callable[[Request], Iterator[tuple[str, Request]]]


def request(payload: object) -> Request:
    return Request("POST", "/api/things", (), orjson.dumps(payload))


WRAPPED = request({"thing": {"name": "a", "size": 2}})
FLAT = request({"name": "a", "size": 2})
FLAT_WITH_OBJECT = request({"place": {"city": "b"}, "name": "a"})


def named(make: Variants, base: Request) -> dict[str, Request]:
    return dict(make(base))


def test_changes_fields_inside_the_wrapper() -> None:
    changed = named(hostile.wrong_types, WRAPPED)["`name` set to 7"]
    assert orjson.loads(changed.body) == {"thing": {"name": 7, "size": 2}}


def test_changes_fields_at_the_top_level() -> None:
    changed = named(hostile.wrong_types, FLAT)["`size` set to true"]
    assert orjson.loads(changed.body) == {"name": "a", "size": True}


def test_takes_an_object_among_other_fields_for_a_field() -> None:
    changed = named(hostile.wrong_types, FLAT_WITH_OBJECT)["`place` set to 7"]
    assert orjson.loads(changed.body) == {"place": 7, "name": "a"}


def test_other_shapes_replace_the_wrapper_only_where_there_is_one() -> None:
    assert "`thing` set to null" in named(hostile.other_shapes, WRAPPED)
    assert set(named(hostile.other_shapes, FLAT)) == {
        f"the body {value}" for value in ("null", "[]", '"text"', "7", "true", "{}")
    }


@pytest.mark.parametrize("base", [WRAPPED, FLAT, request({"size": 2})])
@pytest.mark.parametrize(
    "make",
    [hostile.malformed, hostile.odd_texts, hostile.odd_numbers, hostile.deep],
    ids=lambda make: make.__name__,
)
def test_every_variant_differs_from_the_valid_request(make: Variants, base: Request) -> None:
    variants = named(make, base)
    assert all(each.body != base.body for each in variants.values())


def test_authorization_uses_the_scheme_of_the_contract() -> None:
    values = odd_authorization(hostile.with_header(FLAT, "Authorization", "Bearer x"))
    assert "Bearer a.b.c" in values
    assert not any(value.startswith("Token") for value in values)


def test_operation_without_token_gets_one_authorization_of_each_kind() -> None:
    every = odd_authorization(hostile.with_header(FLAT, "Authorization", "Bearer x"))
    assert odd_authorization(FLAT) == every[:4]


def odd_authorization(base: Request) -> list[str]:
    return [
        dict(each.headers)["Authorization"] for _, each in hostile.odd_authorization(base, "Bearer")
    ]
