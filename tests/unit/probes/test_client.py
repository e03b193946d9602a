"""The client over real sockets: serialization, connections, and tolerance of hostile servers."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvloop

from tests.support.hostile import (
    Connection,
    Handler,
    HostileServer,
    ok_response,
    respond_always,
    respond_and_close,
    respond_with,
)
from tests.support.machine import OF_THE_MACHINE
from worksample.errors import InternalError
from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient, Limits
from worksample.probes.http.serialize import serialize_request

GET = Request("GET", "/")
POST = Request("POST", "/", (), b"{}")
SMALL = Limits(timeout=20.0, idle=60.0, body=100_000)
Scene = Callable[[HttpClient], Awaitable[None]]
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def play(request: pytest.FixtureRequest) -> Callable[..., HostileServer]:
    """Run a scene against a scripted server, on each kind of event loop."""

    def run(script: Handler, scene: Scene, **options: Any) -> HostileServer:
        async def whole() -> None:
            client = HttpClient(server.url, **{"limits": SMALL, **options})
            try:
                await scene(client)
            finally:
                await client.aclose()

        with HostileServer(script) as server, asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(whole())
        return server

    return run


def sends(*wanted: Request, expect: Callable[[list[Exchange]], None], **how: Any) -> Scene:
    """Return a scene that sends requests in order and passes the exchanges to `expect`."""

    async def scene(client: HttpClient) -> None:
        expect([await client.send(request, **how) for request in wanted])

    return scene


def trouble(kind: Trouble, words: str = "") -> Callable[[list[Exchange]], None]:
    def look(done: list[Exchange]) -> None:
        assert [(one.trouble, one.response) for one in done] == [(kind, None)] * len(done)
        assert all(words in one.detail for one in done), done[0].detail

    return look


def statuses(*wanted: int) -> Callable[[list[Exchange]], None]:
    def look(done: list[Exchange]) -> None:
        assert [one.status for one in done] == list(wanted), done

    return look


# Serialization.


def sent_as(request: Request) -> bytes:
    with HostileServer(respond_with(ok_response())) as server:
        asyncio.run(_send_one(server.url, request))
    host = server.url.removeprefix("http://").encode()
    return server.requests[0].replace(host, b"HOST")


async def _send_one(url: str, request: Request) -> None:
    client = HttpClient(url)
    await client.send(request)
    await client.aclose()


@pytest.mark.parametrize(
    ("request_", "raw"),
    [
        (GET, b"GET / HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        (POST, b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{}"),
        (
            Request("GET", "/", (), b"body"),
            b"GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\n\r\nbody",
        ),
        (Request("PUT", "/"), b"PUT / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"),
        (Request("DELETE", "/"), b"DELETE / HTTP/1.1\r\nHost: HOST\r\n\r\n"),
        (
            Request("BREW", "/../%zz?q= \xff\x00", (("hOsT", "else"), ("X\xe4 y", "\x1b\xe9"))),
            b"BREW /../%zz?q= \xff\x00 HTTP/1.1\r\nhOsT: else\r\nX\xe4 y: \x1b\xe9\r\n\r\n",
        ),
        (
            Request("POST", "/", (("CONTENT-LENGTH", "1"),), b"a"),
            b"POST / HTTP/1.1\r\nHost: HOST\r\nCONTENT-LENGTH: 1\r\n\r\na",
        ),
    ],
)
def test_sends_exactly_the_requested_bytes(request_: Request, raw: bytes) -> None:
    assert sent_as(request_) == raw


@pytest.mark.parametrize(
    ("headers", "line"),
    [((), b"User-Agent: okhttp/4.12.0"), ((("user-agent", "mine"),), b"user-agent: mine")],
)
def test_names_the_agent_unless_the_request_does(
    headers: tuple[tuple[str, str], ...], line: bytes
) -> None:
    request = Request("GET", "/", headers)
    sent = serialize_request(request, "HOST", "okhttp/4.12.0")
    assert sent == b"GET / HTTP/1.1\r\nHost: HOST\r\n" + line + b"\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/a\r\nX: y"),
        Request("GE\nT", "/"),
        Request("GET", "/", (("X", "a\rb"),)),
        Request("GET", "/", (("X\n", "a"),)),
        Request("GET", "/\u20ac"),
        Request("GET", "/", (("X", "\ud800"),)),
    ],
)
def test_rejects_request_that_cannot_be_encoded(
    request_: Request,
) -> None:
    with pytest.raises(ValueError, match=r"line break|latin-1"):
        asyncio.run(_send_one("http://127.0.0.1:9", request_))


@pytest.mark.parametrize(
    "url", ["127.0.0.1:80", "ftp://a", "http://", "http://a/b", "http://u@a", "http://a?x"]
)
def test_rejects_base_url_other_than_scheme_host_and_port(url: str) -> None:
    with pytest.raises(ValueError, match=r"base URL|more than"):
        HttpClient(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_connects_by_address_and_by_localhost(host: str) -> None:
    known = {info[4][0] for info in socket.getaddrinfo("localhost", 80)}
    try:
        server = HostileServer(respond_always(ok_response()), host=host)
    except OSError:
        pytest.skip(f"{OF_THE_MACHINE}no IPv6 loopback")
    urls = [server.url, f"http://localhost:{server.port}"] if host in known else [server.url]
    with server:
        for url in urls:
            asyncio.run(_send_one(url, GET))
    assert len(server.requests) == len(urls)


def test_sends_from_chosen_source_address(play: Callable[..., HostileServer]) -> None:
    peers: list[str] = []

    def script(connection: Connection) -> None:
        peers.append(connection.peer)
        respond_always(ok_response())(connection)

    async def scene(client: HttpClient) -> None:
        for source in ("", "127.0.0.2", "127.0.0.3", "127.0.0.2", ""):
            assert (await client.send(GET, source=source)).status == 200
        with pytest.raises(ValueError, match="local_addresses"):
            await client.send(GET, source="127.0.0.4")

    play(script, scene, local_addresses=("127.0.0.2", "127.0.0.3"))
    assert peers == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]


# Connections.


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


def test_missing_source_address_is_an_internal_error() -> None:
    async def scene() -> None:
        client = HttpClient("http://127.0.0.1:9", local_addresses=["192.0.2.1"])
        with pytest.raises(InternalError, match=r"192\.0\.2\.1"):
            await client.send(GET, source="192.0.2.1")

    asyncio.run(scene())


def test_names_late_body_as_left_over_from_previous_answer(
    play: Callable[..., HostileServer],
) -> None:
    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.read_request()
        connection.send(b"{}" + ok_response())
        connection.wait_for_close()

    def look(done: list[Exchange]) -> None:
        assert done[1].trouble is Trouble.NOT_HTTP
        assert "left over" in done[1].detail

    play(script, sends(GET, GET, expect=look))


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


# Hostile and broken servers.


def repeating(answer: bytes, piece: bytes, every: float = 0.0) -> Handler:
    """Return a script that sends `answer`, then `piece` until the client disconnects."""

    def script(connection: Connection) -> None:
        connection.read_request()
        connection.send(answer)
        connection.send_endlessly(itertools.repeat(piece), every)

    return script


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "body until close": repeating(OK + b"\r\n", b"x" * 65536),
    "1 GB, announced": repeating(OK + b"Content-Length: 1073741824\r\n\r\n", b"x" * 65536),
    "chunks": repeating(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"
    ),
    "header": repeating(OK + b"X: ", b"x" * 65536),
    "interim answers": repeating(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "gzip bomb": respond_with(
        ok_response(gzip.compress(bytes(50_000_000)), "Content-Encoding: gzip")
    ),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_stops_reading_beyond_size_limits(
    play: Callable[..., HostileServer], script: Handler
) -> None:
    play(script, sends(GET, GET, expect=trouble(Trouble.TOO_LARGE)))


SLOW = {
    "nothing": Connection.wait_for_close,
    "half a head": repeating(OK, b""),
    "a byte at a time": repeating(OK + b"Content-Length: 5000\r\n\r\n", b"x", every=0.01),
    "a header byte at a time": repeating(OK + b"X: ", b"x", every=0.01),
}


@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_timeout_covers_the_whole_request(
    play: Callable[..., HostileServer], script: Handler
) -> None:
    play(script, sends(GET, timeout=0.2, expect=trouble(Trouble.TIMEOUT, "within 0.2 s")))


@pytest.mark.parametrize(
    "answer",
    [
        b"\x16\x03\x01garbage",
        b"<html>",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ],
)
def test_reports_invalid_http(play: Callable[..., HostileServer], answer: bytes) -> None:
    play(respond_with(answer), sends(GET, expect=trouble(Trouble.NOT_HTTP)))


def test_does_not_follow_redirects(play: Callable[..., HostileServer]) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    assert len(play(respond_always(answer), sends(GET, expect=statuses(302))).requests) == 1


def test_truncated_answer_reports_bytes_received(play: Callable[..., HostileServer]) -> None:
    script = respond_with(OK + b"Content-Length: 10\r\n\r\nhello")
    play(script, sends(GET, expect=trouble(Trouble.CLOSED, "after 5 of 10 bytes of body")))


@pytest.mark.parametrize("ending", [Connection.close, Connection.end], ids=["reset", "half close"])
@pytest.mark.parametrize("frame", [b"Content-Length: 2\r\n\r\nno", b"Connection: close\r\n\r\nno"])
def test_accepts_answer_sent_before_body_was_read(
    play: Callable[..., HostileServer], ending: Callable[[Connection], None], frame: bytes
) -> None:
    def script(connection: Connection) -> None:
        connection.read_head()
        connection.send(b"HTTP/1.1 413 Too Large\r\n" + frame)
        ending(connection)

    large = Request("POST", "/", (), b"x" * 8_000_000)
    for _ in range(5):
        play(script, sends(large, large, expect=statuses(413, 413)))


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


@pytest.mark.parametrize("ending", [Connection.close, Connection.end, Connection.wait_for_close])
def test_accepts_answer_sent_before_request(
    play: Callable[..., HostileServer], ending: Callable[[Connection], None]
) -> None:
    def script(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 503 Too Busy\r\nContent-Length: 0\r\n\r\n")
        ending(connection)

    for request in (GET, POST):
        play(script, sends(*[request] * 5, expect=statuses(*[503] * 5)))


def test_sends_large_body_completely(play: Callable[..., HostileServer]) -> None:
    body = bytes(range(256)) * 20_000
    server = play(
        respond_always(ok_response()),
        sends(Request("POST", "/", (), body), GET, expect=statuses(200, 200)),
    )
    assert server.requests[0].endswith(b"\r\n\r\n" + body)


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


def test_calls_on_exchange_with_label_and_timing(
    play: Callable[..., HostileServer],
) -> None:
    reported: list[Exchange] = []
    ticks = itertools.count(100.0)
    scene = sends(GET, label="Ada reads", expect=statuses(200))
    play(
        respond_always(ok_response()), scene, on_exchange=reported.append, clock=lambda: next(ticks)
    )
    assert [(one.label, one.started, one.seconds) for one in reported] == [
        ("Ada reads", 100.0, 1.0)
    ]
