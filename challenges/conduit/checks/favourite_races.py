"""Favourites and followers when people tap at the same moment (M1 with F1, F2, P2)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Aspect, Race, check, deletion_response_class, serializable

from .account_races import BOTH_SUCCEED, SKILLS
from .deletion_races import DELETED_MEANWHILE_HINT
from .world import FOLLOWING, LIKING, Article, Conduit, Person

COUNTER_HINT = (
    "Reading a counter and writing it back leaves a moment in between. Keep a row for each person "
    "and article under a unique key and count the rows, or let one statement add (count + 1)."
)
IDEMPOTENT_HINT = (
    "Looking whether the mark is there and then setting it leaves a moment in between. Let a "
    "unique key decide, and let a conflict be no error (ON CONFLICT DO NOTHING)."
)
UNFAVOURITE_TWICE_CHECK = "taking-a-mark-back-twice-is-no-error"


@check(
    title="Two people who mark an article at the same moment both count",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="The count is how readers choose what to read; what is lost here is never found again.",
    hint=COUNTER_HINT,
    cites="lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4",
    skills=SKILLS,
    lab=True,
)
async def two_marks_at_once_both_count(world: Conduit) -> None:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: bob.favorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
            view=favourite_in_answer,
        )

    await serializable(world, new_race, needs=LIKING, serial_outcomes=BOTH_SUCCEED, symmetric=True)


@check(
    title="Two people who take their marks back at the same moment are both counted off",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A count that stays above what it should be, for ever.",
    hint=COUNTER_HINT,
    cites="lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4",
    skills=SKILLS,
    lab=True,
)
async def two_marks_taken_back_at_once_both_count(world: Conduit) -> None:
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

    await serializable(
        world, new_race, needs=UNFAVOURITE_TWICE_CHECK, serial_outcomes=BOTH_SUCCEED, symmetric=True
    )


@check(
    title="A heart that is tapped twice at the same moment counts once, and is no error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A double tap is the most usual race of all; it must neither count twice nor fail.",
    hint=IDEMPOTENT_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    skills=SKILLS,
    lab=True,
)
async def a_double_tap_counts_once(world: Conduit) -> None:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        await bob.likes(article)
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: ann.favorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    await serializable(
        world,
        new_race,
        needs="a-favourite-twice-counts-once",
        serial_outcomes=BOTH_SUCCEED,
        symmetric=True,
    )


@check(
    title="A mark that is taken back twice at the same moment is taken back once",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Counted off twice, it takes away what somebody else gave.",
    hint=COUNTER_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    skills=SKILLS,
    lab=True,
)
async def a_mark_taken_back_twice_at_once_counts_once(world: Conduit) -> None:
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

    await serializable(
        world, new_race, needs=UNFAVOURITE_TWICE_CHECK, serial_outcomes=BOTH_SUCCEED, symmetric=True
    )


@check(
    title="A heart that is set and taken back at the same moment ends as one of the two",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Set but not counted, or counted but not set: from then on the count is wrong for good.",
    hint=COUNTER_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_mark_set_and_taken_back_at_once_adds_up(world: Conduit) -> None:
    author, ann, bob = [await world.sign_up() for _ in range(3)]

    async def new_race() -> Race:
        article = await author.publish()
        await bob.likes(article)
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: ann.unfavorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    await serializable(world, new_race, needs=UNFAVOURITE_TWICE_CHECK, serial_outcomes=BOTH_SUCCEED)


@check(
    title="A heart for an article that is just being deleted leaves nothing behind",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A mark of an article that is gone: it fails for the reader, or haunts their list.",
    hint=DELETED_MEANWHILE_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_mark_is_set_while_its_article_goes(world: Conduit) -> None:
    author, fan = await world.sign_up(), await world.sign_up()

    async def new_race() -> Race:
        article = await author.publish()

        async def read_state() -> Any:
            listed = await fan.list(favorited=fan.username)
            return {
                "the article": (await fan.read(article)).status,
                "articles that they marked": listed.at("articlesCount"),
                "shown": len(listed.each("articles", "slug")),
            }

        return Race(
            first=lambda: fan.favorite(article),
            second=lambda: author.delete(article),
            read_state=read_state,
            classify=deletion_response_class,
        )

    await serializable(world, new_race, needs=LIKING)


@check(
    title="A person who is followed twice at the same moment is followed, and it is no error",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A double tap on “follow” that fails, or fills the feed with everything twice.",
    hint=IDEMPOTENT_HINT,
    cites="RFC 9110 9.2.2 idempotent methods",
    skills=SKILLS,
    lab=True,
)
async def following_twice_at_once_is_no_error(world: Conduit) -> None:
    reader = await world.sign_up()

    async def new_race() -> Race:
        author = await world.sign_up()
        await author.publish()
        return Race(
            first=lambda: reader.follow(author.username),
            second=lambda: reader.follow(author.username),
            read_state=lambda: follow_state(reader, author),
        )

    await serializable(
        world,
        new_race,
        needs="following-twice-is-following-once",
        serial_outcomes=BOTH_SUCCEED,
        symmetric=True,
    )


@check(
    title="A person who is followed and left at the same moment ends as one of the two",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Both taps were answered with success, and neither holds.",
    hint=IDEMPOTENT_HINT,
    skills=SKILLS,
    lab=True,
)
async def following_and_leaving_at_once_adds_up(world: Conduit) -> None:
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

    await serializable(world, new_race, needs=FOLLOWING, serial_outcomes=BOTH_SUCCEED)


def favourite_in_answer(answer: Answer) -> Any:
    """Return what an answer says of the mark and the count."""
    return {
        "marked": answer.at("article", "favorited"),
        "count": answer.at("article", "favoritesCount"),
    }


async def favourite_state(article: Article, ann: Person, bob: Person) -> Any:
    """Say what both see of an article's favourites, and whether it is in Ann's list."""
    seen = [await person.sees(article) for person in (ann, bob)]
    author = str(seen[0]["author"]["username"])
    listed = await ann.list(favorited=ann.username, author=author, limit=100)
    return {
        "the count that each sees": [each.get("favoritesCount") for each in seen],
        "marked for each": [each.get("favorited") for each in seen],
        "in the list": listed.each("articles", "slug").count(article.slug),
    }


async def follow_state(reader: Person, author: Person) -> Any:
    """Say whether the reader follows the author: on the profile, and in the feed."""
    feed = await reader.feed(limit=100)
    return {
        "following": (await reader.view_profile(author.username)).at("profile", "following"),
        "articles in the feed": feed.each("articles", "author", "username").count(author.username),
    }
