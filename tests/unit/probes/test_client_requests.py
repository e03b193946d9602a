"""The client over real sockets: what it sends, and from where."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable

import pytest

from tests.support.hostile import (
    Connection,
    HostileServer,
    ok_response,
    respond_always,
    respond_with,
)
from tests.support.machine import OF_THE_MACHINE
from tests.unit.probes.scenes import GET, POST, sends, statuses
from worksample.errors import InternalError
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient
from worksample.probes.http.serialize import serialize_request


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


def test_missing_source_address_is_an_internal_error() -> None:
    async def scene() -> None:
        client = HttpClient("http://127.0.0.1:9", local_addresses=["192.0.2.1"])
        with pytest.raises(InternalError, match=r"192\.0\.2\.1"):
            await client.send(GET, source="192.0.2.1")

    asyncio.run(scene())


def test_sends_large_body_completely(play: Callable[..., HostileServer]) -> None:
    body = bytes(range(256)) * 20_000
    server = play(
        respond_always(ok_response()),
        sends(Request("POST", "/", (), body), GET, expect=statuses(200, 200)),
    )
    assert server.requests[0].endswith(b"\r\n\r\n" + body)


def test_does_not_follow_redirects(play: Callable[..., HostileServer]) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
    assert len(play(respond_always(answer), sends(GET, expect=statuses(302))).requests) == 1


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
