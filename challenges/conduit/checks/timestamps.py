"""Times as servers tell them, and how to get from one to the next without trusting a clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from worksample.checks import CheckFailed, Finding, shorten

from .world import Article, Person

# A little more than what a server that stores whole seconds needs to show another time.
_ONE_SECOND = 1.1


def parse_timestamp(said: Any) -> datetime:
    """Return the time that `said` tells; one without a zone is taken for UTC.

    Raises `CheckFailed` for what is no time. Whether it is told as G5 asks is the contract's question.
    """
    try:
        told = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise CheckFailed(Finding(expected="a time in ISO 8601", actual=shorten(said))) from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


async def wait_one_second(person: Person, article: Article) -> None:
    """Keep `person` reading until a clock of whole seconds must have moved on."""
    end = time.monotonic() + _ONE_SECOND
    while time.monotonic() < end:
        await person.read(article)


async def wait_for_clock_tick(person: Person, article: Article) -> None:
    """Let the server's clock move on by what it stores: at once unless it stores whole seconds."""
    shown = await person.sees(article)
    if not parse_timestamp(shown.get("createdAt")).microsecond:
        await wait_one_second(person, article)


async def publish_later(author: Person, than: Article, **fields: Any) -> Article:
    """Publish an article whose `createdAt` is later than that of `than`, both as stored.

    Servers differ in how finely they store times: one that comes out at the same moment is
    deleted, and published anew when the clock has moved on.
    """
    before = parse_timestamp((await author.sees(than)).get("createdAt"))
    for wait in (False, True):
        article = await author.publish(**fields)
        if parse_timestamp((await author.sees(article)).get("createdAt")) > before:
            return article
        await author.deletes(article)
        if wait:
            await wait_one_second(author, than)
    return await author.publish(**fields)
