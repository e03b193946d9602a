"""Tests of hostile headers: those that frameworks read, and those of the operation itself."""

from __future__ import annotations

from worksample.probes import hostile
from worksample.probes.exchange import Request


def requests(request: Request) -> list[tuple[str, Request]]:
    """Return the requests that have one odd header each, by name."""
    return [each for group in hostile.odd_headers(request) for each in group.alone]


def test_spoils_headers_of_the_operation_beside_the_usual_ones() -> None:
    request = Request("POST", "/api/things", (("Retry-Key", "k"),))
    values = [dict(odd.headers)["Retry-Key"] for _, odd in requests(request)]
    assert "" in values
    assert any(not value.isascii() for value in values)


def test_leaves_token_and_content_type_to_their_own_functions() -> None:
    own = (("Authorization", "Bearer t"), ("Content-Type", "application/json"))
    request = Request("POST", "/api/things", own)
    assert all(set(own) <= set(odd.headers) for _, odd in requests(request))


def test_one_request_holds_all_headers_of_a_group() -> None:
    request = Request("POST", "/api/things", (("Retry-Key", "k"),))
    for group in hostile.odd_headers(request):
        alone = [set(odd.headers) - set(request.headers) for _, odd in group.alone]
        assert set().union(*alone) <= set(group.together.headers)
        assert len(dict(group.together.headers)) == len(group.together.headers)


def test_headers_that_hide_one_another_are_in_different_groups() -> None:
    groups = list(hostile.odd_headers(Request("GET", "/api/things")))
    for pair in (
        ("If-None-Match", "If-Modified-Since"),
        ("Forwarded", "X-Forwarded-For"),
        ("Origin", "Referer"),
    ):
        holding = [set(pair) & set(dict(group.together.headers)) for group in groups]
        assert all(len(found) < 2 for found in holding)
        assert set().union(*holding) == set(pair)
