"""The operations that other checks use as preconditions, each tested on its own."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..world import Conduit

SKILLS = ("rest", "relational-databases")
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, skills=SKILLS)


@story(
    title="Registering opens an account and signs the person in",
    stage=2,
    clause="A1",
    why="Nobody can use a service that they cannot join.",
    skills=("rest", "oauth-jwt"),
)
async def registering_opens_an_account(world: Conduit) -> None:
    account = world.new_account()
    answer = expect(await world.register(account)).created()
    expect(answer.at("user", "username"), "the username").equals(account["username"])
    expect(answer.at("user", "email"), "the e-mail address").equals(account["email"])
    token = answer.at("user", "token")
    expect(token, "the token").satisfies(
        lambda value: isinstance(value, str) and value != "", "a non-empty string"
    )
    me = expect(await world.person(account["username"], token).me()).ok(
        because="the token that registration returns must be valid at once"
    )
    expect(me.at("user", "username"), "the username").equals(account["username"])


@story(
    title="Signing in with e-mail address and password gives a token that works",
    stage=2,
    clause="A4",
    why="People who come back and cannot get in are people who leave.",
    skills=("rest", "oauth-jwt"),
)
async def signing_in_gives_a_token(world: Conduit) -> None:
    person = await world.sign_up()
    answer = expect(await world.log_in(person.email, person.password)).ok()
    expect(answer.at("user", "username"), "the username").equals(person.username)
    me = expect(await world.person(person.username, answer.at("user", "token")).me()).ok()
    expect(me.at("user", "email"), "the e-mail address").equals(person.email)


@story(
    title="An article can be published", clause="R1", why="Publishing is what the service is for."
)
async def an_article_can_be_published(world: Conduit) -> None:
    author = await world.shared_member()
    sent = world.article(tagList=[world.unique_name("tag"), world.unique_name("tag")])
    answer = expect(await author.post(sent)).created()
    for field in ("title", "description", "body", "tagList"):
        expect(answer.at("article", field), field).equals(sent[field])
    expect(answer.at("article", "author", "username"), "the author").equals(author.username)
    expect(answer.at("article", "favoritesCount"), "favoritesCount").equals(0)
    expect(answer.at("article", "favorited"), "favorited").is_false()


@story(
    title="Anyone can read an article, signed in or not",
    clause="R3",
    why="Readers come from a link, long before they have an account.",
)
async def anyone_can_read_an_article(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    for person in (world.visitor(), reader, author):
        answer = expect(await person.read(article)).ok()
        for field in ("title", "description", "body"):
            expect(answer.at("article", field), field).equals(article.sent[field])
        expect(answer.at("article", "author", "username"), "the author").equals(author.username)


@story(
    title="The author can edit an article",
    clause="R5",
    why="Everybody finds a mistake the moment after publishing.",
)
async def the_author_can_edit_an_article(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    changed = {"description": world.sentence(), "body": world.sentence()}
    answer = expect(await author.edit(article, **changed)).ok()
    slug = answer.at("article", "slug")
    seen = expect(await world.visitor().read(str(slug))).ok(
        because="the answer to the edit holds the current slug"
    )
    for field, value in changed.items():
        expect(answer.at("article", field), message("{field} in the answer", field=field)).equals(
            value
        )
        expect(seen.at("article", field), message("{field} when read again", field=field)).equals(
            value
        )


@story(
    title="The author can delete an article", clause="R7", why="What people take back must be gone."
)
async def the_author_can_delete_an_article(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    expect(await author.delete(article)).deleted()
    expect(await world.visitor().read(article)).missing(because="it was deleted")


@story(
    title="A person can follow another",
    stage=4,
    clause="P2",
    why="Following is what makes a community out of visitors.",
)
async def a_person_can_be_followed(world: Conduit) -> None:
    writer, reader = await world.own_member(), await world.own_member()
    answer = expect(await reader.follow(writer.username)).ok()
    expect(answer.at("profile", "username"), "the profile").equals(writer.username)
    expect(answer.at("profile", "following"), "following in the answer").is_true()
    seen = expect(await reader.view_profile(writer.username)).ok()
    expect(seen.at("profile", "following"), "following when read again").is_true()


@story(
    title="An article can be marked as a favourite",
    stage=4,
    clause="F1",
    why="It is the one thanks that a writer gets.",
)
async def an_article_can_be_marked_as_a_favourite(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    answer = expect(await reader.favorite(article)).ok()
    expect(answer.at("article", "slug"), "the article").equals(article.slug)
    expect(answer.at("article", "favorited"), "favorited in the answer").is_true()
    expect(answer.at("article", "favoritesCount"), "favoritesCount in the answer").equals(1)
    seen = expect(await reader.read(article)).ok()
    expect(seen.at("article", "favorited"), "favorited when read again").is_true()
    expect(seen.at("article", "favoritesCount"), "favoritesCount when read again").equals(1)


@story(
    title="A comment can be written and is shown under its article",
    stage=4,
    clause="C1",
    why="People stop commenting when their comments do not appear.",
)
async def a_comment_can_be_written(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    body = world.sentence()
    answer = expect(await reader.comment(article, body)).created()
    expect(answer.at("comment", "body"), "the comment").equals(body)
    expect(answer.at("comment", "author", "username"), "its author").equals(reader.username)
    seen = expect(await world.visitor().comments(article)).ok()
    expect(seen.each("comments", "body"), "the comments shown").equals([body])


@story(
    title="What the server must remember is kept in the database that it was given",
    stage=2,
    clause="G7",
    why="What is kept in memory or in a local file is lost with the next deployment, and a second "
    "copy of the server does not have it.",
    hint="Connect to DATABASE_URL and store accounts there.",
    skills=("relational-databases", "databases"),
)
async def what_is_remembered_is_in_the_database(world: Conduit) -> None:
    person = await world.sign_up()
    held = await world.database.rows_containing(person.username)
    expect([row.table for row in held], "the tables that hold the new account").satisfies(
        bool, "at least one table in the database of DATABASE_URL"
    )
