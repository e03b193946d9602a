"""Favourites: `favorited` and `favoritesCount` wherever an article is shown (F1, F2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import (
    Answer,
    Aspect,
    Meaning,
    check,
    expect,
    in_any_order,
    precondition,
    shorten,
)
from worksample.messages import message

from ..world import EDITING, Article, Conduit

SKILLS = ("rest", "relational-databases", "data-modeling")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=4, clause="F1", skills=SKILLS)


@story(
    title="The count of favourites counts people, the author among them",
    clause="F2",
    why="The count is how readers choose what to read; a wrong one is worse than none.",
)
async def favourites_are_counted_by_people(world: Conduit) -> None:
    author, first, second = [await world.shared_member() for _ in range(3)]
    article = await author.publish()
    for count, person in enumerate((first, author, second), start=1):
        answer = expect(await person.favorite(article)).ok(
            because="every signed-in person may favourite an article"
        )
        _expect_favourite_state(answer, "the answer", count, mine=True)
        _expect_favourite_state(
            await world.visitor().reads(article), "a visitor", count, mine=False
        )
    answer = expect(await first.unfavorite(article)).ok()
    _expect_favourite_state(answer, "the answer to DELETE", 2, mine=False)
    _expect_favourite_state(
        await second.reads(article), "another person who favourited it", 2, mine=True
    )


@story(
    title="Marking a favourite twice counts once and is no error",
    why="People tap twice and phones send again; nobody counts as two people.",
    hint="Make (person, article) a unique key, and count its rows.",
    cites="RFC 9110 9.2.2 idempotent methods",
)
async def a_favourite_twice_counts_once(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    await reader.likes(article)
    again = expect(await reader.favorite(article)).ok(because="repeating the request is no error")
    _expect_favourite_state(again, "the second answer", 1, mine=True)
    _expect_favourite_state(await reader.reads(article), "the reader", 1, mine=True)
    undone = expect(await reader.unfavorite(article)).ok()
    _expect_favourite_state(undone, "the answer to DELETE", 0, mine=False)
    _expect_favourite_state(await reader.reads(article), "the reader, after DELETE", 0, mine=False)


@story(
    title="Taking a mark back twice, or one never given, is no error and takes nobody else's",
    why="A counter that is decremented without a look at the rows becomes negative, or removes "
    "other people's favourites.",
    cites="RFC 9110 9.2.2 idempotent methods",
)
async def taking_a_mark_back_twice_is_no_error(world: Conduit) -> None:
    author, fan, other = [await world.shared_member() for _ in range(3)]
    article = await author.publish()
    answer = expect(await other.unfavorite(article)).ok(because="repeating the request is no error")
    _expect_favourite_state(answer, "an article without favourites", 0, mine=False)
    await fan.likes(article)
    await other.likes(article)
    for _ in range(2):
        answer = expect(await other.unfavorite(article)).ok(
            because="repeating the request is no error"
        )
        _expect_favourite_state(answer, "the answer", 1, mine=False)
    _expect_favourite_state(
        await fan.reads(article), "the other person, who keeps the favourite", 1, mine=True
    )


@story(
    title="An article is a favourite of those who marked it, and of nobody else",
    clause="F2",
    why="People see favourites that they never marked, and miss their own.",
)
async def a_favourite_is_the_favourite_of_its_fans(world: Conduit) -> None:
    author, fan, other = [await world.shared_member() for _ in range(3)]
    liked, plain = await author.publish(), await author.publish()
    await fan.likes(liked)
    for asker in (fan, other, author, world.visitor()):
        mine = asker is fan
        _expect_favourite_state(await asker.reads(liked), "the favourited article", 1, mine=mine)
        _expect_favourite_state(await asker.reads(plain), "the other article", 0, mine=False)


@story(
    title="Counts and marks are right in lists and in the feed",
    stage=5,
    clause="F2",
    why="Most readers decide in a list what to read.",
)
async def favourites_are_right_in_lists(world: Conduit) -> None:
    author, fan = await world.own_member(), await world.own_member()
    other = await world.shared_member()
    both, one, none = [await author.publish() for _ in range(3)]
    for person, article in ((fan, both), (other, both), (fan, one)):
        await person.likes(article)
    await fan.starts_following(author)
    for asker, theirs in ((fan, (both, one)), (other, (both,)), (world.visitor(), ())):
        listed = expect(await asker.list(author=author.username)).ok()
        _expect_listed_counts(listed, (both, 2), (one, 1), (none, 0), mine=theirs)
    _expect_listed_counts(await fan.feed(), (both, 2), (one, 1), (none, 0), mine=(both, one))
    loved = await other.list(favorited=fan.username, author=author.username)
    _expect_listed_counts(loved, (both, 2), (one, 1), mine=(both,))


@story(
    title="Taking the mark from one article leaves the others marked",
    why="A DELETE that checks only the person removes all of that person's favourites.",
)
async def taking_one_mark_back_leaves_the_others(world: Conduit) -> None:
    author, fan = await world.shared_member(), await world.shared_member()
    kept, dropped = await author.publish(), await author.publish()
    for person in (fan, author):
        await person.likes(kept)
        await person.likes(dropped)
    expect(await fan.unfavorite(dropped)).ok()
    _expect_favourite_state(
        await fan.reads(kept), "the article that stays a favourite", 2, mine=True
    )
    _expect_favourite_state(await fan.reads(dropped), "the article that was removed", 1, mine=False)
    _expect_favourite_state(
        await author.reads(dropped), "the author, whose favourite stays", 1, mine=True
    )


@story(
    title="Editing an article keeps its favourites and comments, also under a new title",
    clause="F2",
    why="Nobody corrects a title if it costs the article its favourites and comments.",
)
async def an_edit_keeps_favourites_and_comments(world: Conduit) -> None:
    author, fan = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    for person in (fan, author):
        await person.likes(article)
    comment = await fan.add_comment(article)
    edited = await author.edit(
        article, title=f"Again {world.unique_name('t')}", body=world.sentence()
    )
    answer = precondition(edited, Meaning.OK, needs=EDITING)
    _expect_favourite_state(answer, "the answer to the edit", 2, mine=True)
    slug = answer.at("article", "slug")
    _expect_favourite_state(await fan.read(str(slug)), "the edited article", 2, mine=True)
    comments = expect(await world.visitor().comments(str(slug))).ok()
    expect(comments.each("comments", "id"), "the ids of its comments").equals([comment.id])


@story(
    title="An article that does not exist cannot be a favourite",
    why="Articles are deleted while somebody reads them: that must not become a 5xx.",
    cites="RFC 9110 15.5.5 404 Not Found",
)
async def an_unknown_article_is_nobodys_favourite(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article, unknown = await author.publish(), world.unique_name("no-such-article-")
    await author.deletes(article)
    for slug in (unknown, article.slug):
        expect(await reader.favorite(slug)).missing()
        expect(await reader.unfavorite(slug)).missing()


@story(
    title="Marking a favourite and taking it back need a token",
    why="A count that anonymous visitors can raise is worth nothing.",
    skills=("rest", "oauth-jwt"),
    cites="RFC 9110 15.5.2 401 Unauthorized",
)
async def marking_a_favourite_needs_a_token(world: Conduit) -> None:
    author, fan = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    await fan.likes(article)
    expect(await world.visitor().favorite(article)).unauthenticated()
    expect(await world.visitor().unfavorite(article)).unauthenticated()
    _expect_favourite_state(await fan.reads(article), "the article afterwards", 1, mine=True)


def _expect_favourite_state(answer: Answer, whose: str, count: int, *, mine: bool) -> None:
    shown = expect(answer).ok()
    expect(
        shown.at("article", "favoritesCount"), message("favoritesCount for {whose}", whose=whose)
    ).equals(count)
    expect(shown.at("article", "favorited"), message("favorited for {whose}", whose=whose)).equals(
        mine
    )


def _expect_listed_counts(
    answer: Answer, *counts: tuple[Article, int], mine: tuple[Article, ...]
) -> None:
    listed = expect(answer).ok()
    columns = [listed.each("articles", name) for name in ("slug", "favoritesCount", "favorited")]
    rows: list[Any] = [list(row) for row in zip(*columns, strict=True)]
    wanted = [[article.slug, count, article in mine] for article, count in counts]
    expect(rows, "slug, favoritesCount and favorited in the list").satisfies(
        in_any_order(wanted), message("{wanted} in any order", wanted=shorten(wanted))
    )
