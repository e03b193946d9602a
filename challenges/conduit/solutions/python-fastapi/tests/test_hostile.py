"""Nothing that a client sends makes a 5xx, and every refusal has the contract's shape."""

import socket
from collections.abc import Iterator

import httpx
import pytest

JSON = {"Content-Type": "application/json"}


def is_refused(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    errors = answer.json()["errors"]
    assert errors
    assert all(isinstance(texts, list) and texts for texts in errors.values())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'{"user": null}',
        b'{"user": []}',
        b"[" * 20_000 + b"]" * 20_000,
        b'{"user": {"username": "\\ud800", "email": "a@b", "password": "12345678"}}',
        b'{"user": {"username": "\xff", "email": "a@b", "password": "12345678"}}',
        b'{"user": {"username": "\\u0000", "email": "a@b", "password": "12345678"}}',
        b'{"user": ' + b"9" * 5000 + b"}",
    ],
)
def test_bodies_that_make_no_sense(http: httpx.Client, body: bytes) -> None:
    is_refused(http.post("/users", content=body, headers=JSON), 422)


def test_a_body_of_another_kind(http: httpx.Client) -> None:
    is_refused(http.post("/users", data={"user": "x"}), 415)


def test_a_large_body_whether_declared_or_not(http: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield from [b"x" * 65536] * 32

    is_refused(http.post("/users", content=b"x" * 2_000_000, headers=JSON), 413)
    is_refused(http.post("/users", content=chunks(), headers=JSON), 413)


@pytest.mark.parametrize(
    "header", [b"", b"Token", b"Token \xff\xfe", b"Bearer x", b"Token " + b"x" * 9000]
)
@pytest.mark.parametrize("path", ["/user", "/articles"])
def test_tokens_that_are_none(http: httpx.Client, path: str, header: bytes) -> None:
    is_refused(http.get(path, headers=[(b"Authorization", header)]), 401)


@pytest.mark.parametrize("path", ["/nowhere", "/profiles/%00", "/articles/%ff", "/tags/"])
def test_paths_that_lead_nowhere(http: httpx.Client, path: str) -> None:
    is_refused(http.get(path), 404)


@pytest.mark.parametrize("query", ["tag=%00", "author=%ff", "favorited=%ed%a0%80"])
def test_queries_that_are_not_text(http: httpx.Client, query: str) -> None:
    is_refused(http.get(f"/articles?{query}"), 422)


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "BREW"])
def test_methods_that_a_path_does_not_know(http: httpx.Client, method: str) -> None:
    is_refused(http.request(method, "/tags"), 405)


def test_what_is_not_http(http: httpx.Client) -> None:
    with socket.create_connection((http.base_url.host, http.base_url.port or 80)) as line:
        line.sendall(b"GET /api/tags HTTP/1.1\r\nContent-Length: many\r\n\r\n")
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'{"errors":' in answer
