"""Races between two requests that change one article or need the same slug or tag (M1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Race, Words
from worksample.suites import title_races
from worksample.suites.races import (
    BOTH_SUCCEED,
    CHECK_THEN_ACT,
    LOST_UPDATE,
    PARTIAL_UPDATE_HINT,
    RaceFactory,
    pair_of_writes,
)

from ..operations import EDIT_ARTICLE, PUBLISH, TAGS
from ..titled_articles import TitledArticles, articles_by
from ..world import EDITING, PUBLISHING, Article, Conduit, Person

SLUG_HINT = (
    "Check-then-insert is a race: another request can take the slug in between. Use a unique "
    "constraint, and try the next slug when it is violated."
)
ARTICLE_LOCK_HINT = (
    "Change the article and its tags in one transaction, which holds the article first."
)

REUSE = {"reuse": "R9"}
CHECKS = title_races.SUITE.checks(
    TitledArticles,
    clause="M1",
    rules=REUSE,
    stage=6,
    operations=(PUBLISH,),
    words={
        "one-title-at-once-gets-two-names": Words(
            id="one-title-at-once-gets-two-addresses",
            title="Two articles of one title, published at the same moment, get an address each",
            why="Many people publish “Monday” every Monday: the second one loses the text, or one "
            "address shows either article.",
            hint=SLUG_HINT,
        ),
        "one-title-at-two-copies-gets-two-names": Words(
            id="one-title-at-two-copies-gets-two-addresses",
            title="Two articles of one title, published at two copies of the server, get an "
            "address each",
            clause="M2",
        ),
        "a-title-is-changed-to-and-used-at-once": Words(
            id="editing-and-publishing-share-a-title",
            title="A title that one edits to and another publishes at the same moment serves both",
            why="An edit takes a slug, too: without protection it overwrites another article, "
            "hides it or fails.",
            hint=SLUG_HINT,
            operations=(PUBLISH, EDIT_ARTICLE),
            stage=6,
        ),
    },
)
race = partial(pair_of_writes, clause="M1", stage=6)


@race(
    title="Two articles that take each other's title at the same moment both get it",
    operations=(EDIT_ARTICLE,),
    why="Each transaction holds a lock that the other needs: PostgreSQL aborts one of them "
    "(deadlock). The server must retry it; the author must not see an error.",
    hint="After a deadlock or a serialization failure, run the whole transaction again.",
    cites="PostgreSQL manual 13.3.4 Deadlocks",
    needs="a-new-title-may-be-one-that-is-taken",
    outcomes=BOTH_SUCCEED,
    outcomes_rule="reuse",
    rules=REUSE,
    symmetric=True,
    double_preemptions=32,
)
async def two_titles_can_be_swapped(world: Conduit) -> RaceFactory:
    author = await world.own_member()

    async def new_race() -> Race:
        one, two = await author.publish(), await author.publish()
        return Race(
            first=lambda: author.edit(one, title=two.sent["title"], tagList=["one"]),
            second=lambda: author.edit(two, title=one.sent["title"], tagList=["two"]),
            read_state=lambda: bodies_by_title(author, one, two),
        )

    return new_race


@race(
    title="A title and a body edited at the same moment are both kept",
    operations=(EDIT_ARTICLE,),
    clause="R5",
    why="An edit on the phone is overwritten by a tab that was open at home, although both "
    "requests were answered with 200.",
    hint=PARTIAL_UPDATE_HINT,
    cites=LOST_UPDATE,
    needs=EDITING,
    outcomes=BOTH_SUCCEED,
)
async def two_edits_of_an_article_are_both_kept(world: Conduit) -> RaceFactory:
    author = await world.shared_member()

    async def new_race() -> Race:
        article = await author.publish()
        body, description = world.sentence(), world.sentence()

        async def read_state() -> Any:
            shown = await author.sees(article)
            return {
                "body is new": shown.get("body") == body,
                "description is new": shown.get("description") == description,
            }

        return Race(
            first=lambda: author.edit(article, body=body),
            second=lambda: author.edit(article, description=description),
            read_state=read_state,
        )

    return new_race


@race(
    title="Of two lists of tags sent at the same moment one stands, whole",
    operations=(EDIT_ARTICLE,),
    why="Otherwise the tags of two edits are mixed, duplicated or lost: a list that no one chose.",
    hint=ARTICLE_LOCK_HINT,
    needs="new-tags-replace-the-old-ones",
    outcomes=BOTH_SUCCEED,
    symmetric=True,
    double_preemptions=16,
)
async def tags_of_two_edits_do_not_mix(world: Conduit) -> RaceFactory:
    author = await world.shared_member()

    async def new_race() -> Race:
        article = await author.publish(tagList=[world.unique_name("tag")])
        common = world.unique_name("tag")
        ours, theirs = (
            [common, world.unique_name("tag"), world.unique_name("tag")] for _ in range(2)
        )

        async def read_state() -> Any:
            shown = (await author.sees(article)).get("tagList")
            named = {"the first list": ours, "the second list": theirs}
            seen = sorted(map(str, shown)) if isinstance(shown, list) else shown
            whole = (name for name, tags in named.items() if sorted(tags) == seen)
            return {"tags of the article": next(whole, shown)}

        return Race(
            first=lambda: author.edit(article, tagList=ours),
            second=lambda: author.edit(article, tagList=theirs),
            read_state=read_state,
        )

    return new_race


@race(
    title="Two articles that use a new tag for the first time at the same moment both keep it",
    operations=(PUBLISH, TAGS),
    why="During an event many people use a tag that did not exist a minute ago; selecting the tag "
    "and then inserting it fails just then.",
    hint="Insert the tag with ON CONFLICT DO NOTHING, then select it.",
    cites=CHECK_THEN_ACT,
    needs=PUBLISHING,
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def a_new_tag_is_used_by_two_at_once(world: Conduit) -> RaceFactory:
    ann, bob = await world.shared_member(), await world.shared_member()

    async def new_race() -> Race:
        tag = world.unique_name("tag")
        first, second = world.article(tagList=[tag]), world.article(tagList=[tag])

        async def read_state() -> Any:
            tags = (await ann.tags()).each("tags")
            listed = await ann.list(tag=tag)
            return {"in the list of tags": tags.count(tag), "articles": listed.at("articlesCount")}

        return Race(
            first=lambda: ann.post(first), second=lambda: bob.post(second), read_state=read_state
        )

    return new_race


@race(
    title="Two articles with the same two new tags in opposite order are both stored",
    operations=(PUBLISH,),
    why="Each transaction waits for the tag that the other has just inserted: a deadlock, which "
    "one author sees as an error.",
    hint="Insert shared rows in a fixed order (sorted), or retry the aborted transaction.",
    cites="PostgreSQL manual 13.3.4 Deadlocks",
    needs=PUBLISHING,
    outcomes=BOTH_SUCCEED,
    symmetric=True,
    double_preemptions=32,
)
async def tags_in_opposite_order_are_no_conflict(world: Conduit) -> RaceFactory:
    ann, bob = await world.shared_member(), await world.shared_member()

    async def new_race() -> Race:
        tags = [world.unique_name("tag"), world.unique_name("tag")]
        first = world.article(tagList=tags)
        second = world.article(tagList=tags[::-1])

        async def read_state() -> Any:
            counts = [(await ann.list(tag=tag)).at("articlesCount") for tag in tags]
            return {"articles with one tag": counts[0], "with the other": counts[1]}

        return Race(
            first=lambda: ann.post(first), second=lambda: bob.post(second), read_state=read_state
        )

    return new_race


async def bodies_by_title(author: Person, one: Article, two: Article) -> Any:
    """Return the body and the tags of the author's articles with these two titles."""
    found = {}
    names = {one.sent["body"]: "one", two.sent["body"]: "two"}
    titles = {one.sent["title"]: "title of one", two.sent["title"]: "title of two"}
    for slug, title in await articles_by(author):
        if title in titles:
            shown = (await author.read(slug)).at("article")
            found[titles[title]] = [names.get(shown.get("body")), shown.get("tagList")]
    return dict(sorted(found.items()))
