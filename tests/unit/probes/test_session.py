"""The record of a session: order, labels and limits."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.hostile import (
    Handler,
    HostileServer,
    ok_response,
    respond_always,
    respond_and_close,
    respond_with,
)
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import HttpClient, Session, json_request
from worksample.probes.http.session import MAX_EXCHANGES, MAX_RECORDED_BYTES
from worksample.probes.http.trimming import MAX_RECORDED_BODY

GET = Request("GET", "/")


def recorded(handler: Handler, *requests: Request) -> tuple[list[Exchange], list[Exchange]]:
    """Return (exchanges returned to the caller, exchanges recorded by the session)."""

    async def scene(url: str) -> tuple[list[Exchange], list[Exchange]]:
        client = HttpClient(url)
        session = Session(client)
        got = [await session.exchange(request, label=request.target) for request in requests]
        await client.aclose()
        return got, session.exchanges

    with HostileServer(handler) as server:
        return asyncio.run(scene(server.url))


def test_records_answers_and_trouble_in_order() -> None:
    got, kept = recorded(
        respond_with(ok_response(), b"garbage"), Request("GET", "/one"), Request("GET", "/two")
    )
    assert got == kept
    assert [one.label for one in kept] == ["/one", "/two"]
    assert [one.trouble for one in kept] == [None, Trouble.NOT_HTTP]


def test_trims_long_body_in_the_record_only() -> None:
    body = b"x" * (MAX_RECORDED_BODY + 1)
    (got,), (kept,) = recorded(respond_and_close(ok_response(body)), GET)
    assert got.response is not None and got.response.body == body
    assert kept.response is not None and kept.response.body == body[:-1]
    assert (kept.response.omitted, got.response.omitted) == (1, 0)


def test_sessions_of_one_client_keep_separate_records() -> None:
    async def scene(url: str) -> None:
        client = HttpClient(url)
        one, two = Session(client), Session(client)
        await asyncio.gather(one.exchange(GET), two.exchange(GET), two.exchange(GET))
        await client.aclose()
        assert (len(one.exchanges), len(two.exchanges)) == (1, 2)

    with HostileServer(respond_always(ok_response())) as server:
        asyncio.run(scene(server.url))


def test_drops_oldest_exchanges_beyond_limits() -> None:
    session = Session(HttpClient("http://127.0.0.1:9"))
    for number in range(MAX_EXCHANGES + 5):
        session.record(Exchange(Request("GET", f"/{number}"), Response(200, (), b"")))
    assert session.forgotten == 5
    assert session.exchanges[0].request.target == "/5"
    large = Request("POST", "/", (), bytes(MAX_RECORDED_BYTES // 2))
    for _ in range(4):
        session.record(Exchange(large, None, Trouble.TIMEOUT))
    assert len(session.exchanges) == 2


def test_json_request_has_body_only_with_payload() -> None:
    assert json_request("GET", "/a") == Request("GET", "/a")
    typed = (("Content-Type", "application/json"),)
    assert json_request("POST", "/a", None) == Request("POST", "/a", typed, b"null")
    own = (("content-TYPE", "text/plain"),)
    assert json_request("POST", "/a", {"b": 1}, headers=own) == Request(
        "POST", "/a", own, b'{"b":1}'
    )


def test_rejects_payload_that_is_not_json() -> None:
    with pytest.raises(TypeError):
        json_request("POST", "/", object())


def test_through_records_in_the_original_session() -> None:
    here, there = HttpClient("http://127.0.0.1:1"), HttpClient("http://127.0.0.1:2")
    session = Session(here)
    other = session.through(there)
    first, second = (Exchange(Request("GET", path), None, Trouble.REFUSED) for path in ("/a", "/b"))
    session.record(first)
    other.record(second)
    assert session.exchanges == other.exchanges == [first, second]
    assert other.client is there


def test_through_appends_suffix_to_labels() -> None:
    session = Session(HttpClient("http://127.0.0.1:1"))
    other = session.through(HttpClient("http://127.0.0.1:2"), "at the other copy")
    requests = [(session, "ann writes"), (other, "bob writes"), (other, "")]

    async def ask() -> None:
        for sender, label in requests:
            await sender.exchange(Request("GET", "/"), label=label)

    asyncio.run(ask())
    labels = [exchange.label for exchange in session.exchanges]
    assert labels == ["ann writes", "bob writes, at the other copy", "at the other copy"]
