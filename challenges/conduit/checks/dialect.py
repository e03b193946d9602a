"""Detection of a server's dialect: path prefix, token scheme and status codes.

The public RealWorld specification changed over the years, and so did its implementations. What
the specification leaves open is allowed. Other known deviations are detected here, reported by one
contract check each, and accepted by all other checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worksample.checks import Answer, Dialect, Meaning, remove_rows
from worksample.checks.dialect_detection import KnownDeviations, holds, is_success

if TYPE_CHECKING:
    from .world import Conduit, Person

#: Some version of the public specification answers creation and deletion with 200, or a taken name
#: with 409.
KNOWN = KnownDeviations(
    also_allowed={
        Meaning.CREATED: (200, 201),
        Meaning.DELETED: (200, 204),
        Meaning.TAKEN: (409, 422),
    },
    statuses={
        Meaning.UNAUTHENTICATED: (401, 403, 422, 400),
        Meaning.BAD_LOGIN: (401, 403, 422, 400, 404),
        Meaning.FORBIDDEN: (403, 401, 404),
        Meaning.MISSING: (404, 400, 422),
        Meaning.INVALID: (422, 400),
        Meaning.TAKEN: (422, 409, 400),
        Meaning.CREATED: (201, 200),
        Meaning.DELETED: (204, 200, 202),
    },
    prefixes=("/api", ""),
    schemes=("Token", "Bearer"),
)


async def detect_dialect(world: Conduit) -> Dialect:
    """Send requests whose correct answer is unambiguous and return the dialect of the answers."""
    await KNOWN.learn_prefix(world, lambda: _lists_tags(world))
    account = world.new_account()
    answer = await world.register(account)
    KNOWN.learn_status(world, Meaning.CREATED, answer)
    if not is_success(answer):
        return world.dialect
    reader = await world.owner_if_any(account, answer) or world.person(account["username"], "")
    await KNOWN.learn_scheme(world, lambda: _is_known(reader))
    visitor = world.visitor()
    KNOWN.learn_status(world, Meaning.UNAUTHENTICATED, await visitor.me())
    damaged = world.person(account["username"], (reader.token or "")[:-4])
    KNOWN.learn_status(world, Meaning.UNAUTHENTICATED, await damaged.me())
    KNOWN.learn_status(
        world, Meaning.BAD_LOGIN, await world.log_in(account["email"], world.password())
    )
    KNOWN.learn_status(world, Meaning.TAKEN, await world.register(account))
    blank = world.new_account(username="")
    await _learn_invalid(world, await world.register(blank), marker=blank["email"])
    KNOWN.learn_status(
        world, Meaning.MISSING, await visitor.read(world.unique_name("no-such-article-"))
    )
    await _learn_article_refusals(world, reader)
    return world.dialect


async def _learn_invalid(world: Conduit, answer: Answer, marker: str) -> None:
    """Learn from the answer to what has no name; if it was stored, remove the rows of `marker`."""
    KNOWN.learn_status(world, Meaning.INVALID, answer)
    if is_success(answer):
        await remove_rows(world, marker)


async def _lists_tags(world: Conduit) -> bool:
    answer = await world.visitor().tags()
    return answer.status == 200 and holds(answer, "tags")


async def _is_known(reader: Person) -> bool:
    return is_success(await reader.me())


async def _learn_article_refusals(world: Conduit, author: Person) -> None:
    blank = world.article(title="")
    await _learn_invalid(world, await author.post(blank), marker=blank["body"])
    published = await author.post(world.article())
    if not is_success(published) or not holds(published, "article", "slug"):
        return
    slug = str(published.at("article", "slug"))
    other = world.new_account()
    if stranger := await world.owner_if_any(other, await world.register(other)):
        answer = await stranger.edit(slug, description=world.sentence())
        KNOWN.learn_status(world, Meaning.FORBIDDEN, answer)
    KNOWN.learn_status(world, Meaning.DELETED, await author.delete(slug))
