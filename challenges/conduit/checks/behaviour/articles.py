"""Publishing and reading articles: required fields, stored texts, authors and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from worksample.checks import Aspect, check, expect, parse_timestamp, removed_on_failure
from worksample.messages import message

from ..list_assertions import expect_articles
from ..world import Conduit, Json, Person

SKILLS = ("rest", "relational-databases")
TEXT_FIELDS = ("title", "description", "body")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="R1", skills=("rest", "api-design"))


@story(
    title="An article needs a title, a description and a body",
    why="If a form is sent too early, readers see half an article in every list until somebody "
    "deletes it.",
)
async def every_field_of_an_article_is_needed(world: Conduit) -> None:
    author = await world.own_member()
    for field in TEXT_FIELDS:
        article = world.article()
        del article[field]
        await _expect_refused(world, author, article, message("{field} is missing", field=field))


@story(
    title="Title, description and body may not be blank",
    why="An article without a visible title is an empty line in every list, and nobody can click "
    "it.",
    hint="Trim a text before you test whether it is empty: spaces and line breaks are blank too.",
)
async def no_field_of_an_article_may_be_blank(world: Conduit) -> None:
    author = await world.own_member()
    for field in TEXT_FIELDS:
        for blank in ("", "   ", "\n\t "):
            article = world.article(**{field: blank})
            await _expect_refused(world, author, article, message("{field} is blank", field=field))


async def _expect_refused(world: Conduit, author: Person, article: Json, because: str) -> None:
    texts = (str(article.get(field, "")) for field in ("body", "description"))
    async with removed_on_failure(world, next(text for text in texts if text.strip())):
        expect(await author.post(article)).invalid(because=because)
        expect_articles(
            await world.visitor().list(author=author.username),
            because=message("{because}, and a refused article must not be stored", because=because),
        )


@story(
    title="What others read is what was published, to the last character",
    clause="A9",
    why="People notice at once when their accents, line breaks or emoji have turned into something "
    "else, and what was lost in storing cannot be brought back.",
    skills=("rest", "databases"),
)
async def a_text_is_read_as_it_was_written(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish(
        title=f"Ça & là: «{world.unique_name()}» — 東京 🗼",
        description=f'It\'s "{world.unique_name()}", 100 % <b>sure</b> \\n; --',
        body=f"# Año {world.unique_name()}\n\n\tשלום, سلام, नमस्ते 👩‍👩‍👧‍👦\r\n\n"
        "```\nif a < b && c > d: 'e'\n```\n\nSo.",
    )
    for person in (world.visitor(), reader, author):
        seen = await person.reads(article)
        for field in TEXT_FIELDS:
            expect(seen.at("article", field), field).equals(article.sent[field])


@story(
    title="The answer to publishing is the article as everyone reads it from then on",
    clause="R3",
    why="The author sees the answer, everyone else sees what was stored. When the two differ, only "
    "the author can see the bug.",
    skills=SKILLS,
)
async def the_answer_to_publishing_is_what_is_stored(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish(
        tagList=[world.unique_name("z"), world.unique_name("a"), world.unique_name("m")]
    )
    seen = await world.visitor().reads(article)
    for field in ("slug", *TEXT_FIELDS, "tagList", "favorited", "favoritesCount"):
        expect(seen.at("article", field), field).equals(article.shown.get(field))
    shown: Any = article.shown.get("author")
    expect(shown, "author").satisfies(lambda author: isinstance(author, dict), "an object")
    for field in ("username", "bio", "image", "following"):
        what = message("the author's {field}", field=field)
        expect(seen.at("article", "author", field), what).equals(shown.get(field))


@story(
    title="The author of an article is shown as a profile, as it is now",
    clause="R3",
    why="Readers open the profile from an article. If name and picture are copies from the day of "
    "publishing, the link is broken after a rename.",
    skills=("rest", "relational-databases", "data-modeling"),
)
async def the_author_is_shown_as_a_profile(world: Conduit) -> None:
    author, other = await world.own_member(), await world.shared_member()
    article, others = await author.publish(), await other.publish()
    bio, image = world.sentence(), f"https://pictures.example.com/{world.unique_name()}.png"
    author = await author.changes(bio=bio, image=image)
    shown = await world.visitor().reads(article)
    wanted = {"username": author.username, "bio": bio, "image": image, "following": False}
    for field, value in wanted.items():
        expect(
            shown.at("article", "author", field), message("the author's {field}", field=field)
        ).equals(value)
    seen = await author.reads(others)
    expect(seen.at("article", "author", "username"), "the author").equals(
        other.username, because="`author` is the author of the article, not the reader"
    )


@story(
    title="An article that does not exist is not found, whatever is asked of it",
    clause="G3",
    why="Front ends show “gone” for a 404 and “try again” for everything else.",
    cites="RFC 9110 15.5.5",
)
async def an_article_that_does_not_exist_is_not_found(world: Conduit) -> None:
    person = await world.shared_member()
    article = await person.publish()
    nearly = article.slug[:-1]
    for slug in (
        world.unique_name("no-such-article-"),
        article.slug + "x",
        f"{nearly}%",
        f"{nearly}_",
    ):
        expect(await person.read(slug)).missing()
        expect(await person.edit(slug, body=world.sentence())).missing()
        expect(await person.delete(slug)).missing()
    seen = await person.reads(article)
    expect(seen.at("article", "body"), "the body of the other article").equals(article.sent["body"])


@story(
    title="The time of publishing is told in UTC",
    clause="G5",
    why="A local time that calls itself UTC puts articles hours into the future or the past, and "
    "nobody notices while server and developers share a time zone.",
    skills=("rest", "databases"),
    cites="ISO 8601",
)
async def times_are_told_in_utc(world: Conduit) -> None:
    author = await world.shared_member()
    shown = await author.reads(await author.publish())
    now = datetime.now(UTC)
    for field in ("createdAt", "updatedAt"):
        expect(shown.at("article", field), field).satisfies(
            lambda said: abs(parse_timestamp(said) - now) < timedelta(minutes=20),
            message("about now, which is {now}", now=f"{now:%Y-%m-%dT%H:%M:%SZ}"),
        )
