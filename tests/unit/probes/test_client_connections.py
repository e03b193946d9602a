"""The client over real sockets: which connections it opens, keeps and closes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from tests.support.hostile import (
    Connection,
    Handler,
    HostileServer,
    ok_response,
    respond_always,
    respond_and_close,
)
from tests.unit.probes.scenes import GET, POST, sends, statuses, trouble
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient, Limits


def test_reuses_connection(play: Callable[..., HostileServer]) -> None:
    server = play(respond_always(ok_response()), sends(*[GET] * 5, expect=statuses(*[200] * 5)))
    assert server.connections == 1


def test_fresh_requests_open_new_connections(play: Callable[..., HostileServer]) -> None:
    server = play(
        respond_always(ok_response()), sends(*[GET] * 3, fresh=True, expect=statuses(200, 200, 200))
    )
    assert server.connections == 3


def test_concurrent_requests_reuse_one_connection_each(play: Callable[..., HostileServer]) -> None:
    async def scene(client: HttpClient) -> None:
        for _ in range(3):
            done = await asyncio.gather(*(client.send(GET) for _ in range(10)))
            assert [one.status for one in done] == [200] * 10

    assert play(respond_always(ok_response()), scene).connections == 10


def test_unannounced_close_after_500_does_not_affect_next_request(
    play: Callable[..., HostileServer],
) -> None:
    script = respond_and_close(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
    for request in (GET, POST):
        server = play(script, sends(*[request] * 20, expect=unremarkable(500, 20)))
        assert len(server.requests) == 20


def unremarkable(status: int, count: int) -> Callable[[list[Exchange]], None]:
    def look(done: list[Exchange]) -> None:
        assert [(one.status, one.notes) for one in done] == [(status, ())] * count

    return look


def test_close_after_every_answer_is_not_trouble(play: Callable[..., HostileServer]) -> None:
    for request in (GET, POST):
        server = play(
            respond_and_close(ok_response()), sends(*[request] * 20, expect=statuses(*[200] * 20))
        )
        assert len(server.requests) == 20


def closing_second(how: Callable[[Connection], None]) -> Handler:
    """Return a script for a server that closes the first connection after its second request."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(ok_response())
        if connection.number == 0:
            connection.read_request()
            how(connection)
        else:
            respond_always(ok_response())(connection)

    return script


def test_retries_read_but_unanswered_request_only_if_idempotent(
    play: Callable[..., HostileServer],
) -> None:
    def look(done: list[Exchange]) -> None:
        assert done[1].status == 200
        assert "sent again" in done[1].notes[0]

    play(closing_second(Connection.close), sends(GET, GET, expect=look))

    def look_post(done: list[Exchange]) -> None:
        assert (done[1].trouble, done[1].notes) == (Trouble.CLOSED, ())

    server = play(closing_second(Connection.close), sends(POST, POST, expect=look_post))
    assert len(server.requests) == 2


def test_retries_request_that_was_never_read(play: Callable[..., HostileServer]) -> None:
    server = play(closing_second(Connection.reset), sends(POST, POST, expect=statuses(200, 200)))
    assert len(server.requests) == 3


def test_never_retries_fresh_request(play: Callable[..., HostileServer]) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.close()

    server = play(
        script, sends(GET, fresh=True, expect=trouble(Trouble.CLOSED, "before any answer"))
    )
    assert len(server.requests) == 1


def test_closes_idle_connection_that_receives_data(play: Callable[..., HostileServer]) -> None:
    sent = []

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(ok_response())
        if connection.number == 0:
            connection.send(b"HTTP/1.1 408 Too Slow\r\nContent-Length: 0\r\n\r\n")
            sent.append(True)
        connection.wait_for_close()

    async def scene(client: HttpClient) -> None:
        await client.send(GET)
        while not sent:
            await asyncio.sleep(0.001)
        assert (await client.send(GET)).status == 200

    assert play(script, scene).connections == 2


def test_does_not_reuse_connection_past_idle_limit(
    play: Callable[..., HostileServer],
) -> None:
    limits = Limits(idle=0.0)
    assert (
        play(
            respond_always(ok_response()), sends(GET, GET, expect=statuses(200, 200)), limits=limits
        ).connections
        == 2
    )


def test_does_not_reuse_connection_with_unsent_body(
    play: Callable[..., HostileServer],
) -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        connection.send(ok_response())
        connection.stop_reading_until_close()

    # The server does not read it, and it exceeds the socket buffers, so part of it stays unsent.
    large = [Request("POST", "/", (), b"x" * 40_000_000)] * 2
    server = play(script, sends(*large, GET, expect=statuses(200, 200, 200)))
    assert server.connections == 3


def test_reports_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    async def scene() -> None:
        done = await HttpClient(f"http://127.0.0.1:{port}").send(GET)
        trouble(Trouble.REFUSED, f"nothing listens on 127.0.0.1:{port}")([done])

    asyncio.run(scene())


def test_reports_unresolvable_host() -> None:
    async def scene() -> None:
        done = await HttpClient("http://nobody.invalid:80").send(GET)
        trouble(Trouble.UNREACHABLE, "nobody.invalid")([done])

    asyncio.run(scene())


def test_cancelled_request_closes_its_connection(
    play: Callable[..., HostileServer],
) -> None:
    arrived = []

    def script(connection: Connection) -> None:
        arrived.append(connection.read_request())
        if connection.number:
            connection.send(ok_response(b"second"))
        connection.wait_for_close()

    async def scene(client: HttpClient) -> None:
        under_way = asyncio.create_task(client.send(GET))
        while not arrived:
            await asyncio.sleep(0.001)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
        done = await client.send(GET)
        assert done.response is not None and done.response.body == b"second"

    assert play(script, scene).connections == 2


def test_timeout_while_connecting_leaks_no_connection(
    play: Callable[..., HostileServer],
) -> None:
    async def scene(client: HttpClient) -> None:
        for step in range(60):
            await asyncio.gather(
                *(client.send(GET, timeout=step * 0.0001, fresh=True) for _ in range(5))
            )
        async with asyncio.timeout(20):
            await client.aclose()

    play(respond_always(ok_response()), scene)


def test_closing_the_client_ends_requests_in_flight(play: Callable[..., HostileServer]) -> None:
    arrived = []

    def script(connection: Connection) -> None:
        arrived.append(connection.read_request())
        connection.wait_for_close()

    async def scene(client: HttpClient) -> None:
        under_way = asyncio.create_task(client.send(GET))
        while not arrived:
            await asyncio.sleep(0.001)
        await client.aclose()
        assert (await under_way).trouble is Trouble.CLOSED

    play(script, scene)
