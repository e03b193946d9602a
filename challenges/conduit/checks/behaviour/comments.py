"""Comments: authors, articles, and who may delete them (C1 to C4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Aspect, Meaning, check, expect, in_any_order, rule, shorten
from worksample.messages import message

from ..world import Article, Comment, Conduit, Person

SKILLS = ("rest", "relational-databases")
UNUSED_ID_BASE = 2_000_000_000
story = partial(check, aspect=Aspect.BEHAVIOUR, stage=4, clause="C3", skills=SKILLS)


@story(
    title="Each article has its own comments, with those who wrote them",
    clause="C2",
    why="A comment that appears under another article, or another name, misquotes its author.",
)
async def each_article_has_its_own_comments(world: Conduit) -> None:
    author, reader, other = [await world.shared_member() for _ in range(3)]
    first, second, silent = [await author.publish() for _ in range(3)]
    said: dict[str, list[list[Any]]] = {a.slug: [] for a in (first, second, silent)}
    for person, article in (
        (reader, first),
        (other, second),
        (other, first),
        (author, second),
        (reader, first),
    ):
        body = world.sentence()
        comment = await person.add_comment(article, body)
        said[article.slug].append([comment.id, body, person.username])
    for asker in (world.visitor(), reader, author):
        for article in (first, second, silent):
            await _expect_comments(asker, article, said[article.slug])


@story(
    title="Every comment has an id of its own, a whole number, the same wherever it is shown",
    clause="C1",
    why="Front ends keep ids as numbers and delete by them: a text or a changing id deletes "
    "nothing, or another comment.",
    skills=("rest", "api-design"),
)
async def comment_ids_are_whole_numbers(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    ids = [(await person.add_comment(article)).id for person in (author, reader, author)]
    shown = expect(await reader.comments(article)).ok().each("comments", "id")
    for number in (*ids, *shown):
        expect(number, "the id of a comment").satisfies(
            lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"
        )
    expect(shown, "the ids in the list").satisfies(
        in_any_order(ids), message("the ids from the answers to POST: {ids}", ids=shorten(ids))
    )
    expect(ids, "the ids of three comments").satisfies(
        lambda values: all(values.count(value) == 1 for value in values), "three different numbers"
    )


@story(
    title="All comments of an article are shown, however many there are",
    clause="C2",
    why="Articles are paged and comments are not: if both are paged, nobody ever sees more than "
    "the first twenty comments.",
)
async def all_comments_are_shown(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    people = (author, reader)
    ids = [(await people[number % 2].add_comment(article)).id for number in range(25)]
    shown = expect(await world.visitor().comments(article)).ok().each("comments", "id")
    expect(shown, "the ids of the comments shown").satisfies(
        in_any_order(ids), message("all {count} comments, each once", count=len(ids))
    )


@story(
    title="A blank comment is refused and nothing is stored",
    clause="C1",
    why="An empty comment looks like a bug, and the author is notified of each one.",
    cites="CWE-20: improper input validation",
)
async def a_blank_comment_is_refused(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    for blank in ("", "   ", "\n\t "):
        expect(await reader.comment(article, blank)).invalid(because="the body is blank")
    expect(await reader.comment(article, None)).means(Meaning.INVALID, Meaning.MALFORMED)
    empty = await reader.ask(
        "POST", f"{article.path}/comments", "comments", payload={"comment": {}}
    )
    expect(empty).means(Meaning.INVALID, Meaning.MALFORMED)
    await _expect_comments(reader, article, [])


@story(
    title="Commenting needs a token",
    clause="C1",
    why="Every comment needs an author who is responsible for it.",
    skills=("rest", "oauth-jwt"),
    cites="RFC 9110 15.5.2 401 Unauthorized",
)
async def commenting_needs_a_token(world: Conduit) -> None:
    author = await world.shared_member()
    article = await author.publish()
    expect(await world.visitor().comment(article, world.sentence())).unauthenticated()
    await _expect_comments(author, article, [])


@story(
    title="An article that does not exist has no comments and takes none",
    clause="C2",
    why="An empty list says that nobody has commented, and a 5xx that the server is broken. For an "
    "article that does not exist, neither is true.",
    cites="RFC 9110 15.5.5 404 Not Found",
)
async def an_unknown_article_has_no_comments(world: Conduit) -> None:
    person = await world.shared_member()
    comment = await person.add_comment(await person.publish())
    unknown = world.unique_name("no-such-article-")
    expect(await world.visitor().comments(unknown)).missing()
    expect(await person.comments(unknown)).missing()
    expect(await person.comment(unknown, world.sentence())).missing()
    expect(await person.delete_comment(unknown, comment.id)).missing()
    expect(await person.comments(comment.article)).ok()


@story(
    title="Who wrote a comment can delete it, and only that one goes",
    why="People expect that exactly the comment that they deleted is gone.",
)
async def its_writer_can_delete_a_comment(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article, elsewhere = await author.publish(), await author.publish()
    stays = [await reader.add_comment(article), await author.add_comment(article)]
    goes = await reader.add_comment(article)
    away = await reader.add_comment(elsewhere)
    expect(await reader.delete_comment(article, goes.id)).deleted()
    left = expect(await world.visitor().comments(article)).ok().each("comments", "id")
    wanted = [comment.id for comment in stays]
    expect(left, "the ids of the remaining comments").satisfies(
        in_any_order(wanted), shorten(wanted)
    )
    there = expect(await reader.comments(elsewhere)).ok().each("comments", "id")
    expect(there, "the comments of another article").equals([away.id])
    expect(await reader.delete_comment(article, goes.id)).missing(because="it was deleted before")


@story(
    title="Nobody else deletes a comment, not even the article's author",
    rules={"author": "C4"},
    why="An author who can delete critical comments can make it look as if everybody agreed.",
    skills=("rest", "access-control"),
    cites="OWASP API1:2023 broken object level authorization",
)
async def nobody_else_deletes_a_comment(world: Conduit) -> None:
    author, reader, other = [await world.shared_member() for _ in range(3)]
    article = await author.publish()
    comment = await reader.add_comment(article)
    expect(await world.visitor().delete_comment(article, comment.id)).unauthenticated()
    await _expect_refused_deletion(other, reader, comment)
    with rule("author"):
        await _expect_refused_deletion(author, reader, comment)


async def _expect_refused_deletion(other: Person, reader: Person, comment: Comment) -> None:
    """Expect that `other` may not delete the only comment of an article."""
    answer = await other.delete_comment(comment.article, comment.id)
    expect(answer).forbidden(because="another account wrote it")
    left = expect(await reader.comments(comment.article)).ok().each("comments", "id")
    expect(left, "the ids of the comments after the refusal").equals([comment.id])


@story(
    title="A comment is deleted only under the article that it belongs to",
    why="A URL that names one article and deletes a comment of another one surprises everybody.",
    hint="Look up the comment by its id and its article together.",
    skills=("rest", "access-control"),
    cites="OWASP API1:2023 broken object level authorization",
)
async def a_comment_is_deleted_under_its_own_article(world: Conduit) -> None:
    author, reader = await world.shared_member(), await world.shared_member()
    article, elsewhere = await author.publish(), await author.publish()
    comment = await reader.add_comment(article)
    expect(await reader.delete_comment(elsewhere, comment.id)).refused(
        because="the comment belongs to another article"
    )
    left = expect(await reader.comments(article)).ok().each("comments", "id")
    expect(left, "the ids of the comments of its article").equals([comment.id])


@story(
    title="A comment that does not exist cannot be deleted",
    why="A success for a comment that never existed hides that the front end sends a wrong id.",
    cites="RFC 9110 15.5.5 404 Not Found",
)
async def an_unknown_comment_cannot_be_deleted(world: Conduit) -> None:
    person = await world.shared_member()
    article = await person.publish()
    kept = await person.add_comment(article)
    unknown = UNUSED_ID_BASE + world.rng.randrange(100_000_000)
    expect(await person.delete_comment(article, unknown)).missing()
    left = expect(await person.comments(article)).ok().each("comments", "id")
    expect(left, "the ids of the comments of the article").equals([kept.id])


async def _expect_comments(asker: Person, article: Article, wanted: list[list[Any]]) -> None:
    """Expect exactly the comments `wanted` ([id, body, author's username] each), in any order."""
    answer = expect(await asker.comments(article)).ok()
    columns = [
        answer.each("comments", *path) for path in (["id"], ["body"], ["author", "username"])
    ]
    rows: list[Any] = [list(row) for row in zip(*columns, strict=True)]
    expect(rows, "id, body and author of the comments").satisfies(
        in_any_order(wanted), message("{wanted} in any order", wanted=shorten(wanted))
    )
