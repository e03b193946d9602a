"""Frequent lookups use an index (W2): a missing one is proven by creating it for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from worksample.checks import (
    Answer,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    precondition,
    shorten,
)
from worksample.probes.indexes import MissingIndex, PlanCollector, PlansUnavailable

from .dataset import create_dataset
from .world import FOLLOWING, READING, SIGNING_IN, Conduit

SKILLS = ("sql", "relational-databases", "performance-scalability")
_ARTICLES = 60
ARTICLE = "an article"
MissingByLookup = dict[str, list[MissingIndex]]
Lookup = Callable[[], Awaitable[Answer]]


async def missing_by_lookup(world: Conduit) -> MissingByLookup:
    """Return the indexes that each lookup misses; computed once per run."""
    return await world.once_per_run("missing indexes", lambda: _find_missing(world))


async def _find_missing(world: Conduit) -> MissingByLookup:
    assert world.wire
    views = await _lookups(world)
    try:
        async with PlanCollector.begin(world.lab) as collector:
            result: MissingByLookup = {}
            for name, (lookup, needs) in views.items():
                precondition(await lookup(), Meaning.OK, needs=needs)
                result[name] = await collector.missing(name, lookup)
            return result
    except PlansUnavailable as reason:
        raise Skipped(str(reason)) from None


async def _lookups(world: Conduit) -> dict[str, tuple[Lookup, str]]:
    """Create a data set; return lookups that match few of its rows, with the check of each."""
    dataset = await create_dataset(world, _ARTICLES)
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
    """Expect that the lookup `view` misses no index.

    Indexes that reading an article misses as well are reported there only.
    """
    result = await missing_by_lookup(world)
    known = {each.candidate for each in result[ARTICLE]} if view != ARTICLE else set()
    missing = [each for each in result[view] if each.candidate not in known]
    if not missing:
        return
    first = missing[0]
    raise CheckFailed(
        Finding(
            expected=f"{view}: the lookup in {first.candidate.table} uses an index, so that rows "
            "read do not grow with the table",
            actual=f"{first.before} of {first.table_rows} rows read; "
            f"with {first.candidate}: {first.after}",
            details=(
                *(f"CREATE INDEX ON {m.candidate.table} ({m.candidate.key});" for m in missing),
                shorten(first.statement, 400),
            ),
            hint=f"Add {first.candidate}. Worksample created it for a moment, "
            "and PostgreSQL used it.",
        )
    )
