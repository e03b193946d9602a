"""What is looked up often is found by an index: proven by making the index that is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from worksample.checks import (
    Answer,
    Aspect,
    Excused,
    Finding,
    Meaning,
    Unmet,
    check,
    given,
    shorten,
)
from worksample.probes.indexes import CannotExplain, Explaining, Missing

from .town import found
from .world import FOLLOWING, READING, SIGNING_IN, Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
_ARTICLES = 60
ARTICLE = "an article"
Lookups = dict[str, list[Missing]]
Look = Callable[[], Awaitable[Answer]]


async def lookups(world: Conduit) -> Lookups:
    """Return what each look-up misses, made by the first check that asks for it."""
    return await world.once("the indexes of a town", lambda: _make(world))


async def _make(world: Conduit) -> Lookups:
    assert world.wire
    views = await _views(world)
    try:
        async with Explaining.begin(world.lab) as explaining:
            made: Lookups = {}
            for name, (look, needs) in views.items():
                given(await look(), Meaning.OK, needs=needs)
                made[name] = await explaining.missing(name, look)
            return made
    except CannotExplain as reason:
        raise Excused(str(reason)) from None


async def _views(world: Conduit) -> dict[str, tuple[Look, str]]:
    """Make much, and return looks that find little of it."""
    town = await found(world, _ARTICLES)
    await town.everybody_comes()
    newcomer, quiet = await world.sign_up(), town.people[5]
    await newcomer.starts_following(quiet)
    await newcomer.likes(town.plain)
    visitor, tag = town.visitor, town.plain.sent["tagList"][0]
    return {
        ARTICLE: (partial(newcomer.read, town.plain), READING),
        "signing in": (partial(world.log_in, quiet.email, quiet.password), SIGNING_IN),
        "a profile": (partial(newcomer.look_at, quiet.username), FOLLOWING),
        "a tag": (partial(visitor.list, tag=tag), "a-list-is-narrowed-by-tag"),
        "an author": (
            partial(visitor.list, author=quiet.username),
            "a-list-is-narrowed-by-author",
        ),
        "favourites": (
            partial(visitor.list, favorited=newcomer.username),
            "a-list-is-narrowed-to-favourites",
        ),
        "the feed": (newcomer.feed, "the-feed-shows-whom-one-follows"),
        "comments": (partial(visitor.comments, town.plain), "a-comment-can-be-written"),
    }


async def expect_indexed(world: Conduit, view: str) -> None:
    """Expect that this look-up misses no index (but those that an article misses anyway)."""
    made = await lookups(world)
    known = {each.lookup for each in made[ARTICLE]} if view != ARTICLE else set()
    missing = [each for each in made[view] if each.lookup not in known]
    if not missing:
        return
    first = missing[0]
    raise Unmet(
        Finding(
            expected=f"{view}: found by an index, so that what is looked at does not grow with "
            "the table",
            actual=f"{first.before} rows of {first.lookup.table} (it has {first.whole}) are looked "
            f"at; with {first.lookup} it was {first.after}",
            details=(
                *(f"CREATE INDEX ON {m.lookup.table} ({m.lookup.key});" for m in missing),
                shorten(first.statement, 400),
            ),
            hint=f"Add {first.lookup}: we made it for a moment, and it helped.",
        )
    )


@check(
    title="An article, and all that is shown with it, is found by an index",
    aspect=Aspect.PERFORMANCE,
    stage=7,
    clause="W2",
    why="Without an index the database reads every article to show one. With a hundred nobody "
    "notices; with a million each reader waits.",
    skills=SKILLS,
    lab=True,
)
async def an_article_is_found_by_an_index(world: Conduit) -> None:
    await expect_indexed(world, ARTICLE)
