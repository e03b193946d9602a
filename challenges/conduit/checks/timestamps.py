"""Waiting until the server's clock shows a later time."""

from __future__ import annotations

import time
from typing import Any

from worksample.checks import parse_timestamp

from .world import Article, Person

# Seconds; a server that stores whole seconds shows a later time after this.
_ONE_SECOND = 1.1


async def wait_one_second(person: Person, article: Article) -> None:
    """Read `article` as `person` until a clock of whole seconds has moved on."""
    end = time.monotonic() + _ONE_SECOND
    while time.monotonic() < end:
        await person.read(article)


async def wait_for_clock_tick(person: Person, article: Article) -> None:
    """Wait for a later timestamp: not at all, unless the server stores whole seconds."""
    shown = await person.sees(article)
    if not parse_timestamp(shown.get("createdAt")).microsecond:
        await wait_one_second(person, article)


async def publish_later(author: Person, than: Article, **fields: Any) -> Article:
    """Publish an article whose `createdAt` is later than that of `than`, both as stored.

    Servers store times with different precision: an article that gets the same time is deleted,
    and another one is published after the clock has moved on.
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
