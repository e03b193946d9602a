"""Races between two requests that set or remove favourites and follows (M1 with F1, F2, P2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Answer, Race, deletion_response_class
from worksample.suites.races import (
    BOTH_SUCCEED,
    DELETED_MEANWHILE_HINT,
    IDEMPOTENT_HINT,
    LOST_UPDATE,
    RaceFactory,
    pair_of_writes,
)

from ..operations import DELETE_ARTICLE, FAVORITE, FOLLOW, UNFAVORITE, UNFOLLOW
from ..world import FOLLOWING, LIKING, Article, Conduit, Person

COUNTER_HINT = (
    "Reading a counter and writing it back loses concurrent changes. Store one row per person and "
    "article with a unique key and count the rows, or use one statement (count = count + 1)."
)
UNFAVOURITE_TWICE_CHECK = "taking-a-mark-back-twice-is-no-error"

race = partial(pair_of_writes, clause="M1", stage=6)


@race(
    title="Two people who mark an article at the same moment both count",
    operations=(FAVORITE,),
    why="Readers choose by the count, and a lost update is never corrected.",
    hint=COUNTER_HINT,
    cites=LOST_UPDATE,
    needs=LIKING,
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def two_marks_at_once_both_count(world: Conduit) -> RaceFactory:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: bob.favorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
            view=favourite_in_answer,
        )

    return new_race


@race(
    title="Two people who take their marks back at the same moment are both counted off",
    operations=(UNFAVORITE,),
    why="Otherwise the count stays too high for ever.",
    hint=COUNTER_HINT,
    cites=LOST_UPDATE,
    needs=UNFAVOURITE_TWICE_CHECK,
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def two_marks_taken_back_at_once_both_count(world: Conduit) -> RaceFactory:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        for fan in (ann, bob, author):
            await fan.likes(article)
        return Race(
            first=lambda: ann.unfavorite(article),
            second=lambda: bob.unfavorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    return new_race


@race(
    title="A heart that is tapped twice at the same moment counts once, and is no error",
    operations=(FAVORITE,),
    why="A double tap is the most common race of all; it must neither count twice nor fail.",
    hint=IDEMPOTENT_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    needs="a-favourite-twice-counts-once",
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def a_double_tap_counts_once(world: Conduit) -> RaceFactory:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        await bob.likes(article)
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: ann.favorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    return new_race


@race(
    title="A mark that is taken back twice at the same moment is taken back once",
    operations=(UNFAVORITE,),
    why="Subtracted twice, it removes someone else's favourite from the count.",
    hint=COUNTER_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    needs=UNFAVOURITE_TWICE_CHECK,
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def a_mark_taken_back_twice_at_once_counts_once(world: Conduit) -> RaceFactory:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        for fan in (ann, bob):
            await fan.likes(article)
        return Race(
            first=lambda: ann.unfavorite(article),
            second=lambda: ann.unfavorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    return new_race


@race(
    title="A heart that is set and taken back at the same moment ends as one of the two",
    operations=(FAVORITE, UNFAVORITE),
    why="A favourite that is set but not counted, or counted but not set, makes the count wrong "
    "for good.",
    hint=COUNTER_HINT,
    needs=UNFAVOURITE_TWICE_CHECK,
    outcomes=BOTH_SUCCEED,
)
async def a_mark_set_and_taken_back_at_once_adds_up(world: Conduit) -> RaceFactory:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        await bob.likes(article)
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: ann.unfavorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    return new_race


@race(
    title="A heart for an article that is just being deleted leaves nothing behind",
    operations=(FAVORITE, DELETE_ARTICLE),
    why="A favourite without an article causes a 5xx, or stays in the reader's list.",
    hint=DELETED_MEANWHILE_HINT,
    needs=LIKING,
)
async def a_mark_is_set_while_its_article_goes(world: Conduit) -> RaceFactory:
    author, fan = await world.sign_up(), await world.sign_up()

    async def new_race() -> Race:
        article = await author.publish()

        async def read_state() -> Any:
            listed = await fan.list(favorited=fan.username)
            return {
                "status of the article": (await fan.read(article)).status,
                "articlesCount of their favourites": listed.at("articlesCount"),
                "favourites listed": len(listed.each("articles", "slug")),
            }

        return Race(
            first=lambda: fan.favorite(article),
            second=lambda: author.delete(article),
            read_state=read_state,
            classify=deletion_response_class,
        )

    return new_race


@race(
    title="A person who is followed twice at the same moment is followed, and it is no error",
    operations=(FOLLOW,),
    why="Otherwise a double tap on “follow” fails, or every article is twice in the feed.",
    hint=IDEMPOTENT_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    needs="following-twice-is-following-once",
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def following_twice_at_once_is_no_error(world: Conduit) -> RaceFactory:
    reader = await world.sign_up()

    async def new_race() -> Race:
        author = await world.sign_up()
        await author.publish()
        return Race(
            first=lambda: reader.follow(author.username),
            second=lambda: reader.follow(author.username),
            read_state=lambda: follow_state(reader, author),
        )

    return new_race


@race(
    title="A person who is followed and left at the same moment ends as one of the two",
    operations=(FOLLOW, UNFOLLOW),
    why="Otherwise both requests are answered with 200, and neither takes effect completely.",
    hint=IDEMPOTENT_HINT,
    needs=FOLLOWING,
    outcomes=BOTH_SUCCEED,
)
async def following_and_leaving_at_once_adds_up(world: Conduit) -> RaceFactory:
    reader, author = await world.sign_up(), await world.sign_up()
    await author.publish()

    async def new_race() -> Race:
        await reader.starts_following(author)
        return Race(
            first=lambda: reader.unfollow(author.username),
            second=lambda: reader.follow(author.username),
            read_state=lambda: follow_state(reader, author),
            classify=deletion_response_class,
        )

    return new_race


def favourite_in_answer(answer: Answer) -> Any:
    """Return `favorited` and `favoritesCount` of an answer."""
    return {
        "favorited": answer.at("article", "favorited"),
        "favoritesCount": answer.at("article", "favoritesCount"),
    }


async def favourite_state(article: Article, ann: Person, bob: Person) -> Any:
    """Return what both get for the favourites of `article`, and whether it is in Ann's list."""
    seen = [await person.sees(article) for person in (ann, bob)]
    author = str(seen[0]["author"]["username"])
    listed = await ann.list(favorited=ann.username, author=author, limit=100)
    return {
        "favoritesCount for each": [each.get("favoritesCount") for each in seen],
        "favorited for each": [each.get("favorited") for each in seen],
        "entries in the list": listed.each("articles", "slug").count(article.slug),
    }


async def follow_state(reader: Person, author: Person) -> Any:
    """Return whether the reader follows the author, by the profile and by the feed."""
    feed = await reader.feed(limit=100)
    return {
        "following": (await reader.view_profile(author.username)).at("profile", "following"),
        "articles in the feed": feed.each("articles", "author", "username").count(author.username),
    }
