"""The response parser: valid and invalid responses, and independence of chunk boundaries."""

from __future__ import annotations

import gzip
import zlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worksample.probes.exchange import Trouble
from worksample.probes.http.limits import Limits
from worksample.probes.http.parser import ResponseParser

SMALL = Limits(body=1000, head=500)


def parsed(*pieces: bytes, method: str = "GET", limits: Limits = SMALL) -> ResponseParser:
    """Return a parser after `pieces` and, if it is not done, the end of the connection."""
    parser = ResponseParser(method, limits)
    for piece in pieces:
        if parser.feed(piece):
            break
    parser.end()
    return parser


def outcome(parser: ResponseParser) -> tuple[object, ...]:
    """Return everything that must not depend on chunk boundaries."""
    return parser.response, parser.trouble, parser.keep, parser.done


def body_of(data: bytes, method: str = "GET") -> bytes:
    response = parsed(data, method=method).response
    assert response is not None
    return response.body


WHOLE = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "repeated equal length": b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
    "chunked": (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    ),
    "chunked with extensions and trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'5;name="value";x\r\nhello\r\n000\r\nExpires: never\r\nX-Sum: 1\r\n\r\n'
    ),
    "until close": b"HTTP/1.1 200 OK\r\n\r\nhello",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "after interim answers": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    ),
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    "LF alone": b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    "folded": b"HTTP/1.1 200 OK\r\nX-Long: a\r\n  b\r\nContent-Length: 5\r\n\r\nhello",
    "gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"
        + gzip.compress(b"hello", mtime=0)
    ),
}

BROKEN = {
    "garbage": b"\x00\x01\x02 what is this",
    "SSH": b"SSH-2.0-OpenSSH_9\r\n",
    "HTTP/2": b"HTTP/2 200\r\n\r\n",
    "status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "zero status": b"HTTP/1.1 099 OK\r\n\r\n",
    "no colon": b"HTTP/1.1 200 OK\r\nnothing here\r\n\r\n",
    "space before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
    "space in a name": b"HTTP/1.1 200 OK\r\nfoo bar: 5\r\n\r\nhello",
    "empty name": b"HTTP/1.1 200 OK\r\n: 5\r\n\r\nhello",
    "bare CR in a value": b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
    "NUL in a value": b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
    "first line folded": b"HTTP/1.1 200 OK\r\n X: a\r\n\r\n",
    "negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "signed length": b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
    "length as a word": b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
    "empty length": b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello",
    "superscript length": b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nhello",
    "length over 18 digits": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 60 + b"\r\n\r\nhello",
    "conflicting lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
    ),
    "length and chunked": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "unknown transfer coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: zip\r\n\r\nhello",
    "chunked twice": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunk size as a word": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello",
    "negative chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
    "prefixed chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
    "chunk size over 16 digits": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\nhello\r\n"
    ),
    "chunk longer than its size": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"
    ),
    "chunk line ended by LF": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n" + b"x" * 5000
    ),
    "broken trailer": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno trailer\r\n\r\n"
    ),
}

TOO_LARGE = {
    "announced": b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
    "until close": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001,
    "one chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
    "many chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1001
    ),
    "head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 600,
    "endless interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: trailer\r\n" * 100
    ),
    "gzip bomb": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"0" * 100_000)
    ),
}


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_reads_complete_answer(data: bytes) -> None:
    assert body_of(data) == b"hello"


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_rejects_invalid_http_and_shows_the_bytes(data: bytes) -> None:
    parser = parsed(data)
    assert (parser.response, parser.trouble, parser.keep) == (None, Trouble.NOT_HTTP, False)
    assert parser.detail.isprintable()
    assert 5 < len(parser.detail) < 500


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE)
def test_rejects_answer_over_size_limits(data: bytes) -> None:
    parser = parsed(data)
    assert (parser.response, parser.trouble, parser.keep) == (None, Trouble.TOO_LARGE, False)


@pytest.mark.parametrize("data", (WHOLE | BROKEN | TOO_LARGE).values())
def test_outcome_does_not_depend_on_chunk_boundaries(data: bytes) -> None:
    whole = outcome(parsed(data))
    step = max(1, len(data) // 400)
    for cut in range(0, len(data) + 1, step):
        assert outcome(parsed(data[:cut], data[cut:])) == whole, cut
    bytewise = [data[at : at + 1] for at in range(len(data))]
    assert outcome(parsed(*bytewise)) == whole


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_truncated_answer_is_reported_as_closed(data: bytes) -> None:
    for length in range(1, len(data) - 1):
        parser = parsed(data[:length])
        if parser.response is not None:
            assert b"Content-Length" not in data, "only a close-delimited body may end anywhere"
            assert b"hello".startswith(parser.response.body)
        else:
            assert parser.trouble is Trouble.CLOSED, data[:length]


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
        ("GET", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ],
)
def test_bodiless_answers_have_no_body(method: str, data: bytes) -> None:
    assert body_of(data, method) == b""


KEPT = [
    ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
    ("GET", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", True),
    ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", True),
    ("GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", True),
    ("GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", False),
    ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", False),
    ("GET", b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", False),
    ("GET", b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", False),
    (
        "GET",
        b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n",
        False,
    ),
    ("GET", b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", False),
    ("GET", b"HTTP/1.1 101 Switching\r\n\r\n", False),
    ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore", False),
]


@pytest.mark.parametrize(("method", "data", "kept"), KEPT)
def test_keeps_connection_only_when_safe(method: str, data: bytes, kept: bool) -> None:
    parser = parsed(data, method=method)
    assert parser.response is not None
    assert parser.keep is kept


def test_extra_bytes_add_note_and_prevent_reuse() -> None:
    parser = parsed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi\x1b[2Jmore")
    assert parser.response is not None and parser.response.body == b"hi"
    assert parser.notes == (r"the server sent extra bytes after its answer: '\x1b[2Jmore'",)


def test_headers_keep_order_case_duplicates_and_bytes() -> None:
    data = b"HTTP/1.1 200 OK\r\nB: 1 \r\na:\t2\r\nb: \x1b[31mred\xe4\r\nE:\r\n\r\n"
    response = parsed(data).response
    assert response is not None
    assert response.headers == (("B", "1"), ("a", "2"), ("b", "\x1b[31mred\xe4"), ("E", ""))


def test_lenient_header_parsing_adds_note() -> None:
    assert "bare LF" in parsed(WHOLE["LF alone"]).notes[0]
    assert "folds" in parsed(WHOLE["folded"]).notes[0]
    assert parsed(WHOLE["length"]).notes == ()


CODED = {
    "gzip": gzip.compress(b"hello"),
    "x-gzip": gzip.compress(b"he") + gzip.compress(b"llo"),
    "deflate": zlib.compress(b"hello"),
    "Deflate": zlib.compress(b"hello", wbits=-15),
    "gzip, deflate": zlib.compress(gzip.compress(b"hello")),
    "identity": b"hello",
}


@pytest.mark.parametrize(("coding", "coded"), CODED.items(), ids=CODED)
def test_decodes_content_codings(coding: str, coded: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    assert body_of(head + coded) == b"hello"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, br", "gzip,gzip,gzip,gzip"])
def test_keeps_undecodable_body_and_adds_note(coding: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    parser = parsed(head + b'{"not": "compressed"}')
    assert parser.response is not None and parser.response.body == b'{"not": "compressed"}'
    assert len(parser.notes) == 1 and coding in parser.notes[0]


def test_keeps_truncated_gzip_body() -> None:
    cut = gzip.compress(b"hello" * 10)[:-9]
    assert body_of(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + cut) == cut


def test_reset_during_close_delimited_body_is_trouble() -> None:
    parser = ResponseParser("GET", SMALL)
    parser.feed(b"HTTP/1.1 200 OK\r\n\r\nhello")
    parser.end(broken=True)
    assert (parser.trouble, parser.response) == (Trouble.CLOSED, None)


NAMES = st.text("abcXYZ019-_!~", min_size=1, max_size=12).map(lambda name: f"X{name}")
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\0\r\n"), max_size=30).map(
    lambda value: value.strip(" \t")
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=6)


Message = tuple[bytes, tuple[int, tuple[tuple[str, str], ...], bytes]]


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Return a response as bytes, with its (status, headers, body)."""
    status = draw(st.sampled_from([200, 201, 302, 400, 404, 422]))
    headers = draw(HEADERS)
    body = draw(st.binary(max_size=200))
    interim = b"HTTP/1.1 100 Continue\r\n\r\n" * draw(st.integers(0, 2))
    if draw(st.booleans()):
        headers.append(("Content-Length", str(len(body))))
        framed = body
    else:
        headers.append(("Transfer-Encoding", "chunked"))
        framed = chunked(body, draw(st.integers(1, 50)))
    lines = [f"HTTP/1.1 {status} Reason", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return interim + head + framed, (status, tuple(headers), body)


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@settings(deadline=None, max_examples=200, database=None, derandomize=True)
@given(st.lists(messages(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_round_trips_generated_answers_in_arbitrary_chunks(
    sent: list[Message], random: Random
) -> None:
    for data, (status, headers, body) in sent:
        parser = ResponseParser("GET", Limits())
        at = 0
        while at < len(data):
            size = random.randint(1, 60)
            done = parser.feed(data[at : at + size])
            at += size
            assert done is (at >= len(data))
        assert parser.response is not None and parser.keep
        read = parser.response
        assert (read.status, read.headers, read.body) == (status, headers, body)
