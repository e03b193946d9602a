"""Tests of `RequestKinds`: which requests a server most likely handles alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.checks import Contract
from worksample.checks.request_kinds import RequestKinds, pattern_of
from worksample.probes.exchange import Request

OPERATION = {"operationId": "edit", "responses": {}}
CONTRACT = Contract({"paths": {"/articles/{slug}": {"put": OPERATION}}}, Path())
KINDS = RequestKinds(CONTRACT, "/api")


def put(body: bytes = b"", path: str = "/api/articles/a-title") -> Request:
    return Request("PUT", path, (("Authorization", "Token abc"),), body)


def kind(request: Request) -> str:
    return KINDS.kind_of(request)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (put(), put(path="/api/articles/another")),
        (put(b'{"title":"one"}'), put(b'{"title":"another"}')),
        (put(b'{"a":1,"b":"x"}'), put(b'{"b":"y","a":2}')),
        (put(b'{"tags":["a","b"]}'), put(b'{"tags":["c"]}')),
        (put(path="/api/articles/a?limit=5"), put(path="/api/articles/b?limit=7")),
    ],
)
def test_other_words_are_the_same_kind(one: Request, other: Request) -> None:
    assert kind(one) == kind(other)


@pytest.mark.parametrize(
    "other",
    [
        put(b'{"title":""}'),
        put(b'{"title":"' + b"x" * 2000 + b'"}'),
        put(b'{"title":"\\u0000"}'),
        put('{"title":"é"}'.encode()),
        put(b'{"title":5}'),
        put(b'{"title":null}'),
        put(b'{"title":"one","body":"two"}'),
        put(b'{"title":"one'),
        put(b'{"title":"one"}', path="/api/articles/%00"),
        put(b'{"title":"one"}', path="/api/articles/a?draft=1"),
        Request("PUT", "/api/articles/a-title", (), b'{"title":"one"}'),
        Request("PATCH", "/api/articles/a-title", (), b'{"title":"one"}'),
    ],
)
def test_other_shapes_are_another_kind(other: Request) -> None:
    assert kind(other) != kind(put(b'{"title":"one"}'))


def test_an_operation_has_its_template() -> None:
    assert KINDS.operation_of(put()) == "PUT /api/articles/{slug}"
    assert KINDS.operation_of(put(path="/api/articles/words")) == "PUT /api/articles/{slug}"


@pytest.mark.parametrize(
    ("target", "pattern"),
    [
        ("/elsewhere?a=1", "GET elsewhere"),
        ("/api/articles/a-title/comments/7", "GET api/articles/*/comments/*"),
        ("/1/2/3/4/5/6/7", "GET */*/*/*/*/*"),
    ],
)
def test_what_the_contract_does_not_have_has_a_pattern(target: str, pattern: str) -> None:
    request = Request("GET", target)
    assert KINDS.operation_of(request) == pattern_of(request) == pattern
