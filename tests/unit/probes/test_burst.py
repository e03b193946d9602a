"""Bursts and partial requests over real sockets, and the number of bursts needed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.support.hostile import (
    Connection,
    DisconnectedError,
    HostileServer,
    ok_response,
    respond_and_close,
    respond_with,
)
from worksample.probes.burst import burst, bursts_needed, probability_lower_bound
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient

POST = Request("POST", "/", (), b'{"a": 1}')


def sent(url: str, requests: list[Request], **how: object) -> list[Exchange]:
    """Send a burst from a new client; return the exchanges."""

    async def scene() -> list[Exchange]:
        client = HttpClient(url)
        try:
            return await burst(client, requests, **how)  # type: ignore[arg-type]
        finally:
            await client.aclose()

    return asyncio.run(scene())


@pytest.mark.parametrize("hold", [True, False])
def test_all_requests_of_a_burst_are_in_flight_together(hold: bool) -> None:
    together = threading.Barrier(20)

    def handler(connection: Connection) -> None:
        connection.read_request()
        together.wait(20)
        connection.send(ok_response())

    with HostileServer(handler) as server:
        recorded: list[Exchange] = []
        done = sent(
            server.url,
            [POST] * 20,
            hold_last_byte=hold,
            labels=["first"],
            record=recorded.append,
        )
    assert [each.status for each in done] == [200] * 20
    assert [each.label for each in done] == ["first", *[""] * 19]
    assert len(recorded) == 20


def test_closed_connections_are_reported_as_trouble() -> None:
    with HostileServer(respond_and_close(b"")) as server:
        done = sent(server.url, [POST] * 3)
    assert {each.trouble for each in done} == {Trouble.CLOSED}


def test_refused_connections_are_reported_as_trouble() -> None:
    with HostileServer(respond_and_close(b"")) as server:
        url = server.url
    assert {each.trouble for each in sent(url, [POST] * 2)} == {Trouble.REFUSED}


def test_server_handles_request_only_after_last_byte() -> None:
    async def scene(url: str) -> None:
        client = HttpClient(url)
        partial = await client.begin(POST, -1)
        assert partial.left == 1
        assert (await client.send(POST)).status == 200
        assert len(server.requests) == 1
        assert (await partial.finish()).status == 200
        assert len(server.requests) == 2
        await client.aclose()

    with HostileServer(respond_with(ok_response())) as server:
        asyncio.run(scene(server.url))
    assert server.requests[0] == server.requests[1]


def test_request_sent_byte_by_byte_arrives_complete() -> None:
    async def scene(url: str) -> None:
        client = HttpClient(url)
        partial = await client.begin(POST)
        while partial.left > 1:
            await partial.send(1)
        assert (await partial.finish()).status == 200
        await client.aclose()

    with HostileServer(respond_with(ok_response())) as server:
        asyncio.run(scene(server.url))
    assert server.requests[0].endswith(POST.body)


def test_returns_answer_sent_before_request_is_complete() -> None:
    def handler(connection: Connection) -> None:
        connection.read_head()
        connection.send(ok_response())
        early.set()
        connection.wait_for_close()

    async def scene(url: str) -> None:
        client = HttpClient(url)
        partial = await client.begin(POST, -2)
        await asyncio.to_thread(early.wait, 20)
        assert (await partial.finish()).status == 200
        await client.aclose()

    early = threading.Event()
    with HostileServer(handler) as server:
        asyncio.run(scene(server.url))


def test_disconnect_closes_the_connection() -> None:
    def handler(connection: Connection) -> None:
        try:
            connection.read_request()
        except DisconnectedError:
            gone.set()

    async def scene(url: str) -> None:
        client = HttpClient(url)
        (await client.begin(POST, -1)).disconnect()
        assert await asyncio.to_thread(gone.wait, 20)
        await client.aclose()

    gone = threading.Event()
    with HostileServer(handler) as server:
        asyncio.run(scene(server.url))


def test_bursts_needed_for_probability() -> None:
    assert [bursts_needed(p) for p in (1, 0.98, 0.94, 0.5, 0.02)] == [1, 3, 4, 14, 456]
    assert bursts_needed(0.5, 0) == 1
    for chance, certainty in ((0, 0.9), (1.1, 0.9), (0.5, 1)):
        with pytest.raises(ValueError, match="expected 0 < probability"):
            bursts_needed(chance, certainty)


def test_probability_lower_bound_is_clopper_pearson() -> None:
    assert probability_lower_bound(50, 50) == pytest.approx(0.05 ** (1 / 50), abs=1e-6)
    assert probability_lower_bound(0, 50) == pytest.approx(0.0)
    assert 0.36 < probability_lower_bound(25, 50) < 0.39
