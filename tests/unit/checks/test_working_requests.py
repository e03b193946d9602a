"""How a request that fails differs from those that work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worksample.checks import Contract
from worksample.checks.model import BAD_TOKEN
from worksample.checks.request_kinds import RequestKinds
from worksample.checks.working_requests import WorkingRequests
from worksample.probes.exchange import Exchange, Request, Response

GOOD, BAD = "Token good", "Token bad"
OPERATION = {"operationId": "change", "responses": {}}
KINDS = RequestKinds(Contract({"paths": {"/{name}": {"put": OPERATION}}}, Path()), "/api")


def exchange(status: int, sent: Any = None, *, query: str = "", token: str = GOOD) -> Exchange:
    headers = (("Authorization", token),) if token else ()
    body = b"" if sent is None else json.dumps({"user": sent}).encode()
    return Exchange(Request("PUT", f"/api/user{query}", headers, body), Response(status, (), b""))


def difference(failing: Exchange, *others: Exchange) -> str:
    working = WorkingRequests(KINDS)
    for each in (*others, failing):
        working.record(each)
    return working.difference(failing)


WORKS = exchange(200, {"bio": "x", "password": "y"}), exchange(200, {"password": "z"})


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (exchange(500, {"bio": "x"}), "without `password`"),
        (exchange(500, {"password": "y", "image": "i"}), "with `image`"),
        (exchange(500, {"password": "y"}, query="?limit=0"), "with `limit`"),
        (exchange(500, {"password": "y"}), ""),
    ],
)
def test_names_the_fields_that_differ(failing: Exchange, words: str) -> None:
    assert difference(failing, *WORKS) == words


def test_operation_that_never_works_always_fails() -> None:
    failing = exchange(500, {"bio": "x"})
    assert difference(failing, failing, failing) == "always"
    assert difference(failing, failing) == ""


def test_token_is_bad_that_works_nowhere_where_one_is_needed() -> None:
    failing = exchange(500, {"password": "y"}, token=BAD)
    needed = exchange(401, {"password": "y"}, token="")
    assert difference(failing, *WORKS, needed) == BAD_TOKEN
    assert difference(failing, *WORKS) == ""
    assert difference(exchange(500, {"password": "y"}), *WORKS, needed) == ""


def test_token_of_a_lab_is_not_called_bad() -> None:
    working = WorkingRequests(KINDS)
    for each in (*WORKS, exchange(401, {"password": "y"}, token="")):
        working.record(each)
    assert working.difference(exchange(500, {"password": "y"}, token="Token of a lab")) == ""


def answering(text: str, target: str = "/api/users") -> Exchange:
    """Return the answer to a login whose member `token` is `text`."""
    body = json.dumps({"user": {"token": text}}).encode()
    return Exchange(Request("POST", target), Response(200, (), body))


def test_token_that_the_server_gave_out_is_not_bad_although_it_works_nowhere() -> None:
    token = "eyJhbGciOiJI.eyJzdWIi"
    needed = exchange(401, {"password": "y"}, token="")
    failing = exchange(500, {"bio": "x"}, token=f"Token {token}")
    assert difference(failing, *WORKS, needed, answering(token)) == "without `password`"
    assert difference(failing, *WORKS, needed, answering("eyJhbGciOiJI.another1")) == BAD_TOKEN


def test_login_that_answers_without_a_token_does_not_make_one_good() -> None:
    login, needed = "/api/users/login", exchange(401, {"password": "y"}, token="")
    refused = Exchange(Request("POST", login), Response(401, (), b""))
    odd = Exchange(Request("POST", login, (("Authorization", BAD),)), Response(200, (), b""))
    others = (*WORKS, needed, refused, answering("a token", login), odd)
    assert difference(exchange(500, {"password": "y"}, token=BAD), *others) == BAD_TOKEN
