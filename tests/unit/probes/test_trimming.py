"""Trimming recorded responses leaves what a replay needs."""

from __future__ import annotations

from dataclasses import replace

from tests.support import reports
from worksample.probes.exchange import Exchange
from worksample.probes.http.bindings import templates
from worksample.probes.http.trimming import MAX_HEADER, MAX_HEADERS, trimmed, trimmed_story

TOKEN = "abc.def.0123456789"
LONG = "x" * 1000


def registration() -> Exchange:
    """Return a long response with a token that the next request uses."""
    return reports.exchange(got={"user": {"bio": LONG, "token": TOKEN}})


def list_of_articles(token: str = "") -> Exchange:
    """Return a long response to a request with `token`."""
    made = reports.exchange("lists", "GET", "/api/articles", status=200, got={"body": LONG})
    headers = (("Authorization", f"Token {token}"),) if token else ()
    return replace(made, request=replace(made.request, headers=headers))


def kept(exchange: Exchange) -> int:
    assert exchange.response is not None
    return len(exchange.response.body)


def test_says_how_many_bytes_are_not_kept() -> None:
    once = trimmed(registration(), 100)
    twice = trimmed(once, 40)
    assert once.response is not None and twice.response is not None
    assert (kept(once), kept(twice)) == (100, 40)
    assert twice.response.omitted == once.response.omitted + 60 == kept(registration()) - 40


def test_keeps_response_whole_whose_value_a_later_request_uses() -> None:
    story = (registration(), list_of_articles(), list_of_articles(TOKEN), list_of_articles())
    short = trimmed_story(story, 3, 50)
    assert [kept(each) for each in short] == [kept(story[0]), 50, 50, kept(story[3])]
    assert templates(short) == templates(story)


def test_keeps_body_of_last_exchange_without_culprit() -> None:
    short = trimmed_story((list_of_articles(), list_of_articles()), None, 50)
    assert [kept(each) for each in short] == [50, kept(list_of_articles())]


def test_leaves_small_story_as_it_is() -> None:
    story = (reports.exchange(got={"a": 1}), reports.broken_exchange())
    assert trimmed_story(story, 1, 50) == story


def test_limits_headers() -> None:
    made = reports.exchange(got={"a": 1})
    assert made.response is not None
    headers = (("X-Long", "y" * 50_000), *(("X-Many", str(n)) for n in range(100)))
    (short,) = trimmed_story(
        [replace(made, response=replace(made.response, headers=headers))], 0, 9
    )
    assert short.response is not None
    assert len(short.response.headers) == MAX_HEADERS + 1
    assert len(short.response.headers[0][1]) == MAX_HEADER + 1
    assert short.response.headers[-1] == ("…", "…")
