"""Races between two requests that set or remove favourites and follows (M1 with F1, F2, P2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import (
    Answer,
    Meaning,
    Race,
    Words,
    deletion_response_class,
    first_of,
    precondition,
)
from worksample.probes.exchange import Request
from worksample.suites import marks
from worksample.suites.races import (
    BOTH_SUCCEED,
    DATABASE_LOCK_HINT,
    DELETED_MEANWHILE_HINT,
    IDEMPOTENT_HINT,
    RaceFactory,
    pair_of_writes,
)

from ..operations import DELETE_ARTICLE, FAVORITE, FOLLOW, UNFAVORITE, UNFOLLOW
from ..world import FOLLOWING, LIKING, LISTING, NARROWING, Article, Conduit, Json, Person

COUNTER_HINT = (
    "Reading a counter and writing it back loses concurrent changes. Store one row per person and "
    "article with a unique key and count the rows, or use one statement (count = count + 1)."
)


class Favourites:
    """Adapter of the suite of marks: favourites of an article."""

    setting_check = LIKING
    setting_twice_check = "a-favourite-twice-counts-once"
    removing_check = "taking-a-mark-back-twice-is-no-error"
    count, mark = "favoritesCount", "favorited"

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def new_thing(self, owner: Person) -> Article:
        """Publish an article."""
        return await owner.publish()

    async def set(self, person: Person, thing: Article) -> Answer:
        """Mark the article."""
        return await person.favorite(thing)

    async def remove(self, person: Person, thing: Article) -> Answer:
        """Take the mark back."""
        return await person.unfavorite(thing)

    async def has_set(self, person: Person, thing: Article) -> None:
        """Mark the article, as a precondition."""
        await person.likes(thing)

    def request(self, method: str, person: Person, thing: Article) -> Request:
        """POST or DELETE /articles/{slug}/favorite."""
        return self.world.request(method, f"{thing.path}/favorite", token=person.token)

    async def seen(self, person: Person, thing: Article) -> Json:
        """Return the article."""
        return await person.sees(thing)

    async def state(self, thing: Article, ann: Person, bob: Person) -> Any:
        """Return what both get for the favourites, and whether the article is in Ann's list."""
        seen = [await person.sees(thing) for person in (ann, bob)]
        author = str(seen[0]["author"]["username"])
        listed = await favourites_by(ann, author)
        return {
            "favoritesCount for each": [each.get("favoritesCount") for each in seen],
            "favorited for each": [each.get("favorited") for each in seen],
            "entries in the list": listed.count(thing.slug),
        }

    def in_answer(self, answer: Answer) -> Any:
        """Return `favorited` and `favoritesCount`."""
        return {name: answer.at("article", name) for name in (self.mark, self.count)}


CHECKS = marks.SUITE.checks(
    Favourites,
    clause="M1",
    operations=(UNFAVORITE,),
    stage=6,
    hint=COUNTER_HINT,
    words={
        "two-marks-at-once-both-count": Words(
            title="Two people who mark an article at the same moment both count",
            operations=(FAVORITE,),
            stage=6,
        ),
        "a-double-tap-counts-once": Words(
            title="A heart that is tapped twice at the same moment counts once, and is no error",
            operations=(FAVORITE,),
            stage=6,
            hint=IDEMPOTENT_HINT,
        ),
        "a-mark-taken-back-twice-at-once-counts-once": Words(
            why="Subtracted twice, it removes someone else's favourite from the count."
        ),
        "a-mark-set-and-taken-back-at-once-adds-up": Words(
            title="A heart that is set and taken back at the same moment ends as one of the two",
            operations=(FAVORITE, UNFAVORITE),
            stage=6,
            why="A favourite that is set but not counted, or counted but not set, makes the count "
            "wrong for good.",
        ),
        "marks-at-two-copies-all-count": Words(
            title="Hearts that are tapped at two copies of the server at the same moment all count",
            clause="M2",
            operations=(FAVORITE,),
            stage=6,
            hint=DATABASE_LOCK_HINT,
        ),
    },
)
race = partial(pair_of_writes, clause="M1", stage=6)


@race(
    title="A heart for an article that is just being deleted leaves nothing behind",
    operations=(FAVORITE, DELETE_ARTICLE),
    why="A favourite without an article causes a 5xx, or stays in the reader's list.",
    hint=DELETED_MEANWHILE_HINT,
    needs=LIKING,
)
async def a_mark_is_set_while_its_article_goes(world: Conduit) -> RaceFactory:
    author, fan = await world.shared_member(), await world.own_member()

    async def new_race() -> Race:
        article = await author.publish()

        async def read_state() -> Any:
            return {
                "status of the article": (await fan.read(article)).status,
                "favourites": await favourites_listed(fan),
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
    reader = await world.own_member()

    async def new_race() -> Race:
        author = await world.own_member()
        article = await author.publish()
        return Race(
            first=lambda: reader.follow(author.username),
            second=lambda: reader.follow(author.username),
            read_state=lambda: follow_state(reader, author, article),
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
    reader, author = await world.own_member(), await world.own_member()
    article = await author.publish()

    async def new_race() -> Race:
        await reader.starts_following(author)
        return Race(
            first=lambda: reader.unfollow(author.username),
            second=lambda: reader.follow(author.username),
            read_state=lambda: follow_state(reader, author, article),
            classify=deletion_response_class,
        )

    return new_race


async def favourites_by(fan: Person, author: str) -> list[Any]:
    """Return the slugs of the author's articles that `fan` marked.

    Where the list cannot be narrowed so, they are looked for among the newest ones.
    """

    async def narrowed() -> list[Any]:
        page = precondition(
            await fan.list(favorited=fan.username, author=author, limit=100),
            Meaning.OK,
            needs=NARROWING["favorited"],
        )
        return page.each("articles", "slug")

    return await first_of(fan.world, narrowed, lambda: _marked_among_newest(fan))


async def favourites_listed(fan: Person) -> Any:
    """Return `articlesCount` and the number of entries in the list of what `fan` marked."""

    async def narrowed() -> Any:
        needs = NARROWING["favorited"]
        page = precondition(await fan.list(favorited=fan.username), Meaning.OK, needs=needs)
        return [page.at("articlesCount"), len(page.each("articles", "slug"))]

    async def among_newest() -> Any:
        return [len(await _marked_among_newest(fan))] * 2

    return await first_of(fan.world, narrowed, among_newest)


async def _marked_among_newest(fan: Person) -> list[Any]:
    page = precondition(await fan.list(limit=100), Meaning.OK, needs=LISTING)
    marked = zip(page.each("articles", "slug"), page.each("articles", "favorited"), strict=True)
    return [slug for slug, favorited in marked if favorited]


async def follow_state(reader: Person, author: Person, article: Article) -> Any:
    """Return whether the reader follows the author, by the profile and by the feed."""
    feed = await reader.feed(limit=100)
    return {
        "following": await reader.sees_following(author, article),
        "the article in the feed": feed.each("articles", "slug").count(article.slug),
    }
