"""The record of a session: everything in order, and never more than its bounds."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.hostile import HostileServer, Script, always, answering, closing, ok
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import HttpClient, Session, json_request
from worksample.probes.http.session import MOST_BYTES, MOST_EXCHANGES, RECORDED_BODY

GET = Request("GET", "/")


def recorded(script: Script, *requests: Request) -> tuple[list[Exchange], list[Exchange]]:
    """Return what the caller got and what the session kept."""

    async def scene(url: str) -> tuple[list[Exchange], list[Exchange]]:
        client = HttpClient(url)
        session = Session(client)
        got = [await session.exchange(request, label=request.target) for request in requests]
        await client.aclose()
        return got, session.exchanges

    with HostileServer(script) as server:
        return asyncio.run(scene(server.url))


def test_answers_and_trouble_are_recorded_in_order_with_their_labels() -> None:
    got, kept = recorded(
        answering(ok(), b"garbage"), Request("GET", "/one"), Request("GET", "/two")
    )
    assert got == kept
    assert [one.label for one in kept] == ["/one", "/two"]
    assert [one.trouble for one in kept] == [None, Trouble.NOT_HTTP]


def test_a_long_body_is_trimmed_in_the_record_only() -> None:
    body = b"x" * (RECORDED_BODY + 1)
    (got,), (kept,) = recorded(closing(ok(body)), GET)
    assert got.response is not None and got.response.body == body
    assert kept.response is not None and kept.response.body == body[:-1]
    assert str(len(body)) in kept.notes[0] and got.notes == ()


def test_sessions_of_one_client_do_not_mix() -> None:
    async def scene(url: str) -> None:
        client = HttpClient(url)
        one, two = Session(client), Session(client)
        await asyncio.gather(one.exchange(GET), two.exchange(GET), two.exchange(GET))
        await client.aclose()
        assert (len(one.exchanges), len(two.exchanges)) == (1, 2)

    with HostileServer(always(ok())) as server:
        asyncio.run(scene(server.url))


def test_the_oldest_exchanges_are_forgotten_beyond_the_bounds() -> None:
    session = Session(HttpClient("http://127.0.0.1:9"))
    for number in range(MOST_EXCHANGES + 5):
        session.record(Exchange(Request("GET", f"/{number}"), Response(200, (), b"")))
    assert session.forgotten == 5
    assert session.exchanges[0].request.target == "/5"
    large = Request("POST", "/", (), bytes(MOST_BYTES // 2))
    for _ in range(4):
        session.record(Exchange(large, None, Trouble.TIMEOUT))
    assert len(session.exchanges) == 2


def test_a_json_request_has_a_body_only_when_there_is_a_payload() -> None:
    assert json_request("GET", "/a") == Request("GET", "/a")
    typed = (("Content-Type", "application/json"),)
    assert json_request("POST", "/a", None) == Request("POST", "/a", typed, b"null")
    own = (("content-TYPE", "text/plain"),)
    assert json_request("POST", "/a", {"b": 1}, headers=own) == Request(
        "POST", "/a", own, b'{"b":1}'
    )


def test_a_payload_that_is_no_json_is_the_mistake_of_the_probe() -> None:
    with pytest.raises(TypeError):
        json_request("POST", "/", object())


def test_a_session_through_another_client_keeps_one_record() -> None:
    here, there = HttpClient("http://127.0.0.1:1"), HttpClient("http://127.0.0.1:2")
    session = Session(here)
    other = session.through(there)
    first, second = (Exchange(Request("GET", path), None, Trouble.REFUSED) for path in ("/a", "/b"))
    session.record(first)
    other.record(second)
    assert session.exchanges == other.exchanges == [first, second]
    assert other.client is there


def test_what_is_asked_elsewhere_says_where() -> None:
    session = Session(HttpClient("http://127.0.0.1:1"))
    other = session.through(HttpClient("http://127.0.0.1:2"), "at the other copy")
    asked = [(session, "ann writes"), (other, "bob writes"), (other, "")]

    async def ask() -> None:
        for place, label in asked:
            await place.exchange(Request("GET", "/"), label=label)

    asyncio.run(ask())
    labels = [exchange.label for exchange in session.exchanges]
    assert labels == ["ann writes", "bob writes, at the other copy", "at the other copy"]
