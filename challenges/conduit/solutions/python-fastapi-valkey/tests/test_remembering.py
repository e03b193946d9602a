"""The list of tags comes from the cache at REDIS_URL, and is never older than the last change."""

import os
import secrets

import httpx
import pytest

from tests.person import Person

pytestmark = pytest.mark.skipif("REDIS_URL" not in os.environ, reason="REDIS_URL is not set")


def listed(http: httpx.Client, tag: str) -> bool:
    return tag in http.get("/tags").json()["tags"]


def test_a_change_renews_the_list(anna: Person, http: httpx.Client) -> None:
    first, second = secrets.token_hex(6), secrets.token_hex(6)
    assert not listed(http, first)
    article = anna.publish(tagList=[first])
    assert listed(http, first)
    assert listed(http, first)
    anna.ask("PUT", f"/articles/{article['slug']}", {"article": {"tagList": [second]}})
    assert (listed(http, first), listed(http, second)) == (False, True)
    anna.ask("DELETE", f"/articles/{article['slug']}")
    assert not listed(http, second)


def test_a_refused_change_does_no_harm(anna: Person, http: httpx.Client) -> None:
    tag = secrets.token_hex(6)
    anna.publish(tagList=[tag])
    assert anna.ask("POST", "/articles", {"article": {}}).status_code == 422
    assert listed(http, tag)
