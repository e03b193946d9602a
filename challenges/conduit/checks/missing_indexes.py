"""What is looked up often is found by an index: proven by making the index that is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    check,
    precondition,
    shorten,
)
from worksample.probes.indexes import MissingIndex, PlanCollector, PlansUnavailable

from .dataset import found
from .world import FOLLOWING, READING, SIGNING_IN, Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
_ARTICLES = 60
ARTICLE = "an article"
MissingByLookup = dict[str, list[MissingIndex]]
Look = Callable[[], Awaitable[Answer]]


async def missing_by_lookup(world: Conduit) -> MissingByLookup:
    """Return what each look-up misses, made by the first check that asks for it."""
    return await world.once_per_run("the indexes of a town", lambda: _find_missing(world))


async def _find_missing(world: Conduit) -> MissingByLookup:
    assert world.wire
    views = await _lookups(world)
    try:
        async with PlanCollector.begin(world.lab) as collector:
            made: MissingByLookup = {}
            for name, (look, needs) in views.items():
                precondition(await look(), Meaning.OK, needs=needs)
                made[name] = await collector.missing(name, look)
            return made
    except PlansUnavailable as reason:
        raise Skipped(str(reason)) from None


async def _lookups(world: Conduit) -> dict[str, tuple[Look, str]]:
    """Make much, and return looks that find little of it."""
    dataset = await found(world, _ARTICLES)
    await dataset.add_reactions()
    newcomer, quiet = await world.sign_up(), dataset.people[5]
    await newcomer.starts_following(quiet)
    await newcomer.likes(dataset.plain_article)
    visitor, tag = dataset.visitor, dataset.plain_article.sent["tagList"][0]
    return {
        ARTICLE: (partial(newcomer.read, dataset.plain_article), READING),
        "signing in": (partial(world.log_in, quiet.email, quiet.password), SIGNING_IN),
        "a profile": (partial(newcomer.view_profile, quiet.username), FOLLOWING),
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
        "comments": (partial(visitor.comments, dataset.plain_article), "a-comment-can-be-written"),
    }


async def expect_indexed(world: Conduit, view: str) -> None:
    """Expect that this look-up misses no index (but those that an article misses anyway)."""
    made = await missing_by_lookup(world)
    known = {each.candidate for each in made[ARTICLE]} if view != ARTICLE else set()
    missing = [each for each in made[view] if each.candidate not in known]
    if not missing:
        return
    first = missing[0]
    raise CheckFailed(
        Finding(
            expected=f"{view}: found by an index, so that what is looked at does not grow with "
            "the table",
            actual=f"{first.before} rows of {first.candidate.table} (it has {first.table_rows}) are looked "
            f"at; with {first.candidate} it was {first.after}",
            details=(
                *(f"CREATE INDEX ON {m.candidate.table} ({m.candidate.key});" for m in missing),
                shorten(first.statement, 400),
            ),
            hint=f"Add {first.candidate}: we made it for a moment, and it helped.",
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
