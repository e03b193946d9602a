"""Articles that two requests change at once, or whose address both want (M1 with R2 to R7)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Aspect, Race, check, either_order

from .racing_accounts import BOTH, ONLY_WHAT_WAS_SENT, SKILLS
from .world import EDITING, PUBLISHING, Article, Conduit, Person

LOST_UPDATE = "lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4"
SLUG = (
    "Looking for a free slug and then storing it leaves a moment in between. Let a unique "
    "constraint decide, and try the next slug when it is violated."
)
IN_ONE = "Change the article and its tags in one transaction, which holds the article first."


@check(
    title="Two articles of one title, published at the same moment, get an address each",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="“Monday” is written every Monday by many: whoever comes second loses the text, or one "
    "address shows two articles by turns.",
    hint=SLUG,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def one_title_at_once_gets_two_addresses(world: Conduit) -> None:
    ann, bob = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        title = f"Monday {world.word('t')}"
        first, second = world.article(title=title), world.article(title=title)

        async def look() -> Any:
            return {"of A": await lists(ann, first), "of B": await lists(bob, second)}

        return Race(first=lambda: ann.post(first), second=lambda: bob.post(second), look=look)

    await either_order(
        world,
        scene,
        needs="a-title-of-another-author-gets-its-own-slug",
        serially=BOTH,
        symmetric=True,
    )


@check(
    title="A title that one edits to and another publishes at the same moment serves both",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="An edit takes addresses too: forgotten there, it overwrites, hides or refuses.",
    hint=SLUG,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def editing_and_publishing_share_a_title(world: Conduit) -> None:
    ann, bob = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        article, title = await ann.publish(), f"Tuesday {world.word('t')}"
        fresh = world.article(title=title)

        async def look() -> Any:
            edited = {**article.sent, "title": title}
            return {"of A": await lists(ann, edited), "of B": await lists(bob, fresh)}

        return Race(
            first=lambda: ann.edit(article, title=title),
            second=lambda: bob.post(fresh),
            look=look,
        )

    await either_order(world, scene, needs="a-new-title-may-be-one-that-is-taken", serially=BOTH)


@check(
    title="Two articles that take each other's title at the same moment both get it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Each holds what the other waits for: the database ends one of them (a deadlock), which is "
    "the server's to try again, not the author's to read about.",
    hint="A deadlock or a serialisation failure undid everything: run the whole transaction again.",
    cites="PostgreSQL manual 13.3.4 Deadlocks",
    skills=SKILLS,
    lab=True,
)
async def two_titles_can_be_swapped(world: Conduit) -> None:
    author = await world.sign_up()

    async def scene() -> Race:
        one, two = await author.publish(), await author.publish()
        return Race(
            first=lambda: author.edit(one, title=two.sent["title"], tagList=["one"]),
            second=lambda: author.edit(two, title=one.sent["title"], tagList=["two"]),
            look=lambda: swapped(author, one, two),
        )

    await either_order(
        world,
        scene,
        needs="a-new-title-may-be-one-that-is-taken",
        serially=BOTH,
        symmetric=True,
        pairs=32,
    )


@check(
    title="A title and a body edited at the same moment are both kept",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="R5",
    why="A correction on the phone is undone by the tab that was open at home; both were told that "
    "all is stored.",
    hint=ONLY_WHAT_WAS_SENT,
    cites=LOST_UPDATE,
    skills=SKILLS,
    lab=True,
)
async def two_edits_of_an_article_are_both_kept(world: Conduit) -> None:
    author = await world.sign_up()

    async def scene() -> Race:
        article = await author.publish()
        body, description = world.sentence(), world.sentence()

        async def look() -> Any:
            shown = await author.sees(article)
            return {
                "body is new": shown.get("body") == body,
                "description is new": shown.get("description") == description,
            }

        return Race(
            first=lambda: author.edit(article, body=body),
            second=lambda: author.edit(article, description=description),
            look=look,
        )

    await either_order(world, scene, needs=EDITING, serially=BOTH)


@check(
    title="Of two lists of tags sent at the same moment one stands, whole",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Tags of two edits mixed, doubled or all gone: nobody ever chose that list.",
    hint=IN_ONE,
    skills=SKILLS,
    lab=True,
)
async def tags_of_two_edits_do_not_mix(world: Conduit) -> None:
    author = await world.sign_up()

    async def scene() -> Race:
        article = await author.publish(tagList=[world.word("tag")])
        common = world.word("tag")
        ours, theirs = ([common, world.word("tag"), world.word("tag")] for _ in range(2))

        async def look() -> Any:
            shown = (await author.sees(article)).get("tagList")
            named = {"the first list": ours, "the second list": theirs}
            seen = sorted(map(str, shown)) if isinstance(shown, list) else shown
            whole = (name for name, tags in named.items() if sorted(tags) == seen)
            return {"the article has": next(whole, shown)}

        return Race(
            first=lambda: author.edit(article, tagList=ours),
            second=lambda: author.edit(article, tagList=theirs),
            look=look,
        )

    await either_order(
        world, scene, needs="new-tags-replace-the-old-ones", serially=BOTH, symmetric=True, pairs=16
    )


@check(
    title="Two articles that use a new tag for the first time at the same moment both keep it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="When something happens, everybody writes about it under a tag that did not exist a minute "
    "ago; looking for the tag and then making it fails just then.",
    hint="Insert the tag and let a conflict be no error (ON CONFLICT DO NOTHING), then read it.",
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def a_new_tag_is_used_by_two_at_once(world: Conduit) -> None:
    ann, bob = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        tag = world.word("tag")
        first, second = world.article(tagList=[tag]), world.article(tagList=[tag])

        async def look() -> Any:
            tags = (await ann.tags()).each("tags")
            listed = await ann.list(tag=tag)
            return {"in the list of tags": tags.count(tag), "articles": listed.at("articlesCount")}

        return Race(first=lambda: ann.post(first), second=lambda: bob.post(second), look=look)

    await either_order(world, scene, needs=PUBLISHING, serially=BOTH, symmetric=True)


@check(
    title="Two articles with the same two new tags in opposite order are both stored",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Each waits for the tag that the other has just made: a deadlock, of which one author gets "
    "to read.",
    hint="Make what is shared in one fixed order (sorted), or try the undone transaction again.",
    cites="PostgreSQL manual 13.3.4 Deadlocks",
    skills=SKILLS,
    lab=True,
)
async def tags_in_opposite_order_are_no_conflict(world: Conduit) -> None:
    ann, bob = await world.sign_up(), await world.sign_up()

    async def scene() -> Race:
        tags = [world.word("tag"), world.word("tag")]
        first = world.article(tagList=tags)
        second = world.article(tagList=tags[::-1])

        async def look() -> Any:
            counts = [(await ann.list(tag=tag)).at("articlesCount") for tag in tags]
            return {"articles with one tag": counts[0], "with the other": counts[1]}

        return Race(first=lambda: ann.post(first), second=lambda: bob.post(second), look=look)

    await either_order(world, scene, needs=PUBLISHING, serially=BOTH, symmetric=True, pairs=32)


async def lists(author: Person, sent: dict[str, Any]) -> Any:
    """Say how many articles with that title the author has, and whether each is found as sent."""
    slugs = [slug for slug, title in await listed_by(author) if title == sent["title"]]
    shown = [(await author.read(slug)).at("article", "body") for slug in slugs]
    return {"articles": len(slugs), "with what was sent": shown == [sent["body"]] * len(slugs)}


async def swapped(author: Person, one: Article, two: Article) -> Any:
    """Say which bodies the author's articles of these two titles have, and which tags."""
    found = {}
    names = {one.sent["body"]: "one", two.sent["body"]: "two"}
    titles = {one.sent["title"]: "title of one", two.sent["title"]: "title of two"}
    for slug, title in await listed_by(author):
        if title in titles:
            shown = (await author.read(slug)).at("article")
            found[titles[title]] = [names.get(shown.get("body")), shown.get("tagList")]
    return dict(sorted(found.items()))


async def listed_by(author: Person) -> list[tuple[str, Any]]:
    """Return slug and title of the author's articles."""
    listed = await author.list(author=author.username, limit=100)
    slugs, titles = listed.each("articles", "slug"), listed.each("articles", "title")
    return [(str(slug), title) for slug, title in zip(slugs, titles, strict=True)]
