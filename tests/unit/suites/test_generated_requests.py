"""How a generated case becomes a request of the challenge."""

from __future__ import annotations

from typing import Any

import pytest

from worksample.probes.exchange import Request
from worksample.probes.fuzz import Case
from worksample.suites.generated_requests import to_request

JSON, TEXT = ("Content-Type", "application/json"), ("Content-Type", "text/plain")
TOKEN = ("Authorization", "Token abc")
VALID = Request("POST", "/users", (TOKEN, JSON), b'{"user": {}}')
NO_WORLD: Any = None


@pytest.mark.parametrize(
    "content_type, body, sent",
    [
        ("text/plain", b"bytes", ((TOKEN, TEXT), b"bytes")),
        ("", b"\xe8\x00", ((TOKEN, JSON), b"\xe8\x00")),
        ("", b"", ((TOKEN, JSON), VALID.body)),
    ],
    ids=["a body", "bytes without a type", "no body"],
)
def test_the_body_of_a_case_is_sent(
    content_type: str, body: bytes, sent: tuple[tuple[tuple[str, str], ...], bytes]
) -> None:
    case = Case("register", "negative", {}, "", content_type, body)
    request = to_request(NO_WORLD, VALID, case)
    assert (request.headers, request.body) == sent


def test_a_generated_query_replaces_that_of_the_valid_request() -> None:
    case = Case("list", "negative", {}, "limit=-1", "", b"")
    template = Request("GET", "/articles?limit=2", (), b"")
    assert to_request(NO_WORLD, template, case).target == "/articles?limit=-1"
