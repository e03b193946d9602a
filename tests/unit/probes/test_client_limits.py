"""The client over real sockets: its limits, and answers of hostile and broken servers."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable

import pytest

from tests.support.hostile import Connection, Handler, HostileServer, ok_response, respond_with
from tests.unit.probes.scenes import GET, POST, sends, statuses, trouble
from worksample.probes.exchange import Exchange, Request, Trouble


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


@pytest.mark.parametrize("ending", [Connection.close, Connection.end, Connection.wait_for_close])
def test_accepts_answer_sent_before_request(
    play: Callable[..., HostileServer], ending: Callable[[Connection], None]
) -> None:
    def script(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 503 Too Busy\r\nContent-Length: 0\r\n\r\n")
        ending(connection)

    for request in (GET, POST):
        play(script, sends(*[request] * 5, expect=statuses(*[503] * 5)))
