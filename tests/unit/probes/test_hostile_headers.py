"""Tests of hostile headers: those that frameworks read, and those of the operation itself."""

from __future__ import annotations

from worksample.probes import hostile
from worksample.probes.exchange import Request


def test_spoils_headers_of_the_operation_beside_the_usual_ones() -> None:
    request = Request("POST", "/api/things", (("Retry-Key", "k"),))
    values = [dict(odd.headers)["Retry-Key"] for _, odd in hostile.odd_headers(request)]
    assert "" in values
    assert any(not value.isascii() for value in values)


def test_leaves_token_and_content_type_to_their_own_functions() -> None:
    own = (("Authorization", "Bearer t"), ("Content-Type", "application/json"))
    request = Request("POST", "/api/things", own)
    assert all(set(own) <= set(odd.headers) for _, odd in hostile.odd_headers(request))
