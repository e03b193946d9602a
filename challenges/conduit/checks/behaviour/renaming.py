"""Changing a title: the article is found at the slug that the answer holds (R5)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect

from ..list_assertions import expect_articles
from ..world import Article, Conduit
from .slugs import ALPHABETS, expect_found, is_url_safe, random_text

SKILLS = ("rest", "api-design", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="R5", skills=SKILLS)


@story(
    title="An article whose new title is taken is found where the answer says",
    why="An edit creates a slug too, and often without testing whether it is free.",
)
async def a_new_title_may_be_one_that_is_taken(world: Conduit) -> None:
    author, other = await world.sign_up(), await world.sign_up()
    taken, mine = await other.publish(), await author.publish()
    title = taken.sent["title"]
    answer = expect(await author.edit(mine, title=title)).ok(because="every title gets a slug")
    slug = answer.at("article", "slug")
    expect(slug, "the slug").satisfies(is_url_safe, "a string that is safe in a URL")
    edited = Article(str(slug), {**mine.sent, "title": title}, answer.at("article"))
    await expect_found(other, [taken, edited])


@story(
    title="An article can get any title afterwards that it could have had before",
    why="An article whose new title yields no slug is lost, with all its comments.",
)
async def an_article_can_be_given_any_title(world: Conduit) -> None:
    author = await world.sign_up()
    titles = [random_text(world, alphabet) for alphabet in (*ALPHABETS, "?!…¿¡—", "🎉🐘🌧🍋🚲")]
    edited = []
    for title in (*titles, f"{world.unique_name()}/b?c#d%", f"{world.unique_name()} " + "x" * 240):
        article = await author.publish()
        answer = expect(await author.edit(article, title=title)).ok(
            because="every title gets a slug"
        )
        slug = answer.at("article", "slug")
        expect(slug, "the slug").satisfies(is_url_safe, "a string that is safe in a URL")
        edited.append(Article(str(slug), {**article.sent, "title": title}, {}))
    await expect_found(author, edited)


@story(
    title="A title can be corrected in its capitals, or sent again as it is",
    why="Front ends send the whole form even if only the text was changed. If an article conflicts "
    "with its own slug, it cannot be edited at all.",
)
async def a_title_does_not_stand_in_its_own_way(world: Conduit) -> None:
    author = await world.sign_up()
    article = await author.publish()
    title = article.sent["title"]
    for new in (title, title.upper(), f"{title}!", title):
        answer = expect(await author.edit(article, title=new)).ok(
            because="the only article with this slug is the edited one"
        )
        article = Article(
            str(answer.at("article", "slug")), {**article.sent, "title": new}, article.shown
        )
        await expect_found(author, [article])


@story(
    title="After a new title the article is found where the answer says, with all it had",
    stage=4,
    why="Nobody corrects a typing mistake in a title if it costs the link and the comments.",
)
async def a_new_title_takes_everything_along(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    article = await author.publish(tagList=[world.unique_name("tag")])
    await reader.likes(article)
    comment = await reader.add_comment(article)
    moved = await author.edits(article, title=f"Moved to {world.unique_name('t')}")
    seen = await reader.reads(moved)
    expect(seen.at("article", "title"), "the title").equals(moved.sent["title"])
    expect(
        seen.at("article", "favorited"), "favorited, as the reader who marked it sees it"
    ).is_true()
    comments = expect(await world.visitor().comments(moved)).ok()
    expect(comments.each("comments", "id"), "the comments").equals([comment.id])
    expect_articles(
        await reader.list(author=author.username), moved, because="it is still one article"
    )
    expect_articles(
        await reader.list(favorited=reader.username), moved, because="it is still a favourite"
    )


@story(
    title="The address that an article left leads to no other article's text",
    why="The old title is free again. The next article under it must not overwrite, or be replaced "
    "by, the one that was renamed.",
)
async def a_left_title_can_be_used_by_others(world: Conduit) -> None:
    author, other = await world.sign_up(), await world.sign_up()
    article = await author.publish()
    await expect_found(author, [article])
    moved = await author.edits(article, title=f"Moved to {world.unique_name('t')}")
    heir = await other.publish(title=article.sent["title"])
    await expect_found(author, [moved, heir])
