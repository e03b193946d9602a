"""PUT /articles/{slug} changes exactly the fields that were sent (R5, R6)."""

from __future__ import annotations

from functools import partial

from worksample.checks import (
    Aspect,
    check,
    expect,
    in_any_order,
    parse_timestamp,
    removed_on_failure,
)
from worksample.messages import message

from ..list_assertions import expect_articles
from ..operations import FAVORITE
from ..timestamps import wait_for_clock_tick, wait_one_second
from ..world import Article, Conduit, Json

SKILLS = ("rest", "api-design", "relational-databases")
# The fields that an edit of another field must not change. The slug may change with the title, and
# `updatedAt` does change.
UNCHANGED_FIELDS = (
    "title",
    "description",
    "body",
    "tagList",
    "createdAt",
    "favorited",
    "favoritesCount",
    "author",
)


async def _expect_only_changed(
    world: Conduit, article: Article, before: Json, changed: Json, because: str
) -> None:
    """Expect the article as a visitor saw it `before`, except for the fields in `changed`."""
    seen = await world.visitor().reads(article)
    for field in UNCHANGED_FIELDS:
        wanted = changed.get(field, before.get(field))
        expect(seen.at("article", field), field).equals(wanted, because=because)


story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="R5", skills=SKILLS)


@story(
    title="An edit changes what was sent and nothing else",
    why="A front end that sends only the corrected title must not wipe the text of an article.",
    hint="Distinguish a field that is absent from one that is null or empty.",
)
async def an_edit_touches_only_what_was_sent(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("a"), world.unique_name("z")])
    if world.asks(FAVORITE):
        await reader.likes(article)
    for field, value in (
        ("title", f"Once more from {world.unique_name('t')}"),
        ("description", world.sentence()),
        ("body", world.sentence()),
        ("tagList", [world.unique_name("b"), world.unique_name("y")]),
    ):
        before = await world.visitor().sees(article)
        article = await author.edits_only(article, **{field: value})
        because = message("only {field} was sent", field=field)
        await _expect_only_changed(world, article, before, {field: value}, because)


@story(
    title="Everything of an article can be changed at once",
    why="The form has four fields. If one of them is silently not saved, readers notice it first.",
)
async def everything_can_be_changed_at_once(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("old")])
    before = await world.visitor().sees(article)
    changed = world.article(
        tagList=[world.unique_name("z"), world.unique_name("a"), world.unique_name("m")]
    )
    answer = expect(await author.edit(article, **changed)).ok()
    for field, value in changed.items():
        expect(answer.at("article", field), message("{field} in the answer", field=field)).equals(
            value
        )
    edited = Article(str(answer.at("article", "slug")), changed, {})
    await _expect_only_changed(world, edited, before, changed, "all four were sent")


@story(
    title="An edit that sends nothing changes nothing",
    why="People open the form and press save without a change.",
    skills=("rest", "api-design"),
)
async def an_edit_of_nothing_changes_nothing(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("tag")])
    before = await world.visitor().sees(article)
    answer = await author.edit(article)
    if answer.status != 200:
        expect(answer).invalid(
            because="an edit without fields is either accepted or refused as invalid"
        )
    await _expect_only_changed(world, article, before, {}, "nothing was sent")


@story(
    title="An empty list of tags removes them all",
    why="Without it, a wrong tag can never be removed.",
    hint="An empty list is falsy in many languages: test whether the field was sent.",
)
async def an_empty_list_removes_all_tags(world: Conduit) -> None:
    author, tag = await world.shared_member(), world.unique_name("tag")
    article = await author.publish(tagList=[tag, world.unique_name("tag")])
    other = await author.publish(tagList=[tag])
    before = await world.visitor().sees(article)
    article = await author.edits(article, tagList=[])
    await _expect_only_changed(world, article, before, {"tagList": []}, "the list sent was empty")
    expect_articles(
        await world.visitor().list(tag=tag),
        other,
        because="only the other article still has this tag",
    )


@story(
    title="A new list of tags takes the place of the old one",
    why="If tags are only ever added, every article is found under every tag in the end.",
)
async def new_tags_replace_the_old_ones(world: Conduit) -> None:
    author = await world.shared_member()
    old, kept, new = world.unique_name("old"), world.unique_name("kept"), world.unique_name("new")
    article = await author.publish(tagList=[old, kept])
    article = await author.edits(article, tagList=[new, kept])
    seen = await world.visitor().reads(article)
    expect(seen.at("article", "tagList"), "tagList").satisfies(
        in_any_order([new, kept]), message("{new} and {kept}", new=new, kept=kept)
    )
    for tag, found in ((old, []), (kept, [article]), (new, [article])):
        expect_articles(
            await world.visitor().list(tag=tag), *found, because="the new list replaces the old one"
        )


@story(
    title="What may not be blank when publishing may not become blank in an edit",
    why="A rule that is only checked when publishing is bypassed by an edit.",
    skills=("rest", "api-design"),
)
async def nothing_may_become_blank(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    before = await world.visitor().sees(article)
    for field in ("title", "description", "body"):
        for blank in ("", "   ", "\n\t "):
            async with removed_on_failure(world, _text_beside(article, field)):
                answer = await author.edit(article, **{field: blank})
                expect(answer).invalid(because=message("{field} is blank", field=field))
                await _expect_only_changed(world, article, before, {}, "the edit was refused")


@story(
    title="An edit that is refused changes nothing at all",
    why="Half an edit leaves an article that nobody wrote, and the author believes that nothing "
    "happened.",
    hint="Validate every field before you store any of them, or use a transaction.",
    skills=("rest", "databases"),
)
async def a_refused_edit_changes_nothing(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("tag")])
    before = await world.visitor().sees(article)
    good = {"title": f"New {world.unique_name('t')}", "body": world.sentence(), "tagList": []}
    for bad in ({"description": ""}, {"body": "  "}, {"title": ""}):
        marker = article.sent["description"] if "description" not in bad else good["body"]
        async with removed_on_failure(world, str(marker)):
            answer = await author.edit(article, **{**good, **bad})
            expect(answer).invalid(because="one of its fields is blank")
            await _expect_only_changed(world, article, before, {}, "the edit was refused")


@story(
    title="A null does not empty an article",
    why="Many front ends send null for a field that was not changed. It may be refused or ignored, "
    "but the text must still be there.",
    skills=("rest", "api-design"),
)
async def a_null_does_not_empty_an_article(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    before = await world.visitor().sees(article)
    for field in ("title", "description", "body"):
        async with removed_on_failure(world, _text_beside(article, field)):
            answer = await author.edit(article, **{field: None})
            if answer.status != 200:
                expect(answer).invalid(because=message("{field} is null", field=field))
            because = message("{field} may not become blank", field=field)
            await _expect_only_changed(world, article, before, {}, because)


def _text_beside(article: Article, field: str) -> str:
    """Return a text of `article`, and of no other one, that is not in `field`."""
    return str(article.sent["description" if field == "body" else "body"])


@story(
    title="createdAt never changes",
    clause="R6",
    why="Articles would jump to the top of every list whenever somebody corrects a comma.",
    skills=("rest", "databases"),
)
async def created_at_never_changes(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    before = await world.visitor().sees(article)
    for change in (
        {"body": world.sentence()},
        {"title": f"Later {world.unique_name('t')}"},
        {"tagList": [world.unique_name("tag")]},
    ):
        await wait_for_clock_tick(author, article)
        article = await author.edits(article, **change)
        seen = await world.visitor().reads(article)
        expect(seen.at("article", "createdAt"), "createdAt").equals(before.get("createdAt"))


@story(
    title="updatedAt moves when the article is edited",
    clause="R6",
    why="Readers, search engines and caches learn from it that there is something new.",
    skills=("rest", "databases"),
)
async def updated_at_moves_with_an_edit(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    before = parse_timestamp((await world.visitor().sees(article)).get("updatedAt"))
    for patience in (False, True):
        if patience:
            await wait_one_second(author, article)
        article = await author.edits(article, body=world.sentence())
        seen = await world.visitor().reads(article)
        if parse_timestamp(seen.at("article", "updatedAt")) > before:
            return
    expect(seen.at("article", "updatedAt"), "updatedAt after the second edit").satisfies(
        lambda said: parse_timestamp(said) > before,
        message("later than {before}", before=before.isoformat()),
    )


@story(
    title="Only an edit moves updatedAt",
    stage=4,
    clause="R6",
    why="“Edited a minute ago” on an article that nobody edited makes readers look for a change "
    "that is not there.",
    hint="If a counter is a column of the article, do not touch `updatedAt` when it changes.",
    skills=("rest", "databases", "orm"),
)
async def only_an_edit_moves_updated_at(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.own_member()
    article = await author.publish()
    before = await world.visitor().sees(article)
    await reader.likes(article)
    await reader.add_comment(article)
    await reader.starts_following(author)
    seen = await reader.reads(article)
    for field in ("createdAt", "updatedAt"):
        expect(seen.at("article", field), field).equals(
            before.get(field), because="it was favourited and commented on, not edited"
        )
