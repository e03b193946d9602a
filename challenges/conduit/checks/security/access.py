"""Access control: every write and every private read, by another account and without a token."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, Meaning, check, expect, rule
from worksample.messages import message

from ..world import Article, Comment, Conduit, Json, Person

OWNERSHIP = "OWASP API1:2023 Broken Object Level Authorization (CWE-639)"
IDENTITY = "OWASP API2:2023 Broken Authentication (CWE-306)"
SKILLS = ("access-control", "security-practices")
NOT_YOURS = "it belongs to someone else"
NOBODY = "the request has no token"
story = partial(check, aspect=Aspect.SECURITY, stage=4, clause="G3", skills=SKILLS, cites=OWNERSHIP)


@story(
    title="Only the author may edit an article",
    stage=3,
    clause="R8",
    why="Anybody with an account could put words into somebody else's mouth.",
)
async def only_the_author_may_edit(world: Conduit) -> None:
    author, stranger = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    before = await author.sees(article)
    new = world.article(tagList=[world.unique_name("tag")])
    expect(await stranger.edit(article, **new)).forbidden(because=NOT_YOURS)
    await _expect_unedited(author, article, before)
    for field, value in new.items():
        expect(await stranger.edit(article, **{field: value})).refused(because=NOT_YOURS)
        await _expect_unedited(author, article, before)


async def _expect_unedited(author: Person, article: Article, before: Json) -> None:
    """Expect that every field that can be edited is as it was `before` the refused edit."""
    seen = expect(await author.read(article)).ok(because="the edit was refused").at("article")
    for field in article.sent:
        what = message("{field} after the refused edit", field=field)
        expect(seen.get(field), what).equals(before.get(field))


@story(
    title="Only the author may delete an article",
    stage=3,
    clause="R8",
    why="One angry reader could empty the site.",
)
async def only_the_author_may_delete(world: Conduit) -> None:
    author, stranger = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    expect(await stranger.delete(article)).forbidden(because=NOT_YOURS)
    expect(await author.read(article)).ok(because="the deletion was refused")


@story(
    title="Only the person who wrote a comment may delete it",
    clause="C3",
    rules={"author": "C4"},
    why="Silencing others would be a click away, also for the author of the article.",
)
async def only_its_writer_may_delete_a_comment(world: Conduit) -> None:
    author, writer, stranger = [await world.shared_member() for _ in range(3)]
    article = await author.publish()
    comment = await writer.add_comment(article)
    expect(await stranger.delete_comment(article, comment.id)).forbidden(because=NOT_YOURS)
    await _expect_comment(world, article, comment)
    with rule("author"):
        expect(await author.delete_comment(article, comment.id)).forbidden(because=NOT_YOURS)
        await _expect_comment(world, article, comment)


async def _expect_comment(world: Conduit, article: Article, comment: Comment) -> None:
    """Expect that `comment` is the only one under the article."""
    seen = expect(await world.visitor().comments(article)).ok()
    expect(seen.each("comments", "id"), "the ids of the remaining comments").equals([comment.id])


@story(
    title="A comment cannot be deleted through another article",
    clause="C3",
    why="Code that looks only at the last id of a path checks the wrong owner sooner or later.",
)
async def a_comment_is_only_found_under_its_article(world: Conduit) -> None:
    writer = await world.shared_member()
    article, elsewhere = await writer.publish(), await writer.publish()
    comment = await writer.add_comment(article)
    expect(await writer.delete_comment(elsewhere, comment.id)).missing(
        because="the comment belongs to another article"
    )
    seen = expect(await writer.comments(article)).ok()
    expect(seen.each("comments", "id"), "the ids of the remaining comments").equals([comment.id])


@story(
    title="A stranger cannot delete a comment through an article of their own",
    stage=9,
    clause="S1",
    why="Owning the parent in the path must not be taken for owning the child.",
)
async def an_own_article_gives_no_right_to_others_comments(world: Conduit) -> None:
    author, stranger = await world.shared_member(), await world.shared_member()
    article, own = await author.publish(), await stranger.publish()
    comment = await author.add_comment(article)
    answer = await stranger.delete_comment(own, comment.id)
    expect(answer).means(Meaning.MISSING, Meaning.FORBIDDEN, because=NOT_YOURS)
    seen = expect(await author.comments(article)).ok()
    expect(seen.each("comments", "id"), "the ids of the remaining comments").equals([comment.id])


@story(
    title="Nobody publishes, edits or deletes an article without signing in",
    stage=3,
    why="Without it, anybody can publish spam or delete what others wrote.",
    cites=IDENTITY,
)
async def articles_need_a_token(world: Conduit) -> None:
    author, visitor = await world.shared_member(), world.visitor()
    article = await author.publish()
    expect(await visitor.post(world.article())).unauthenticated(because=NOBODY)
    expect(await visitor.edit(article, body="changed")).unauthenticated(because=NOBODY)
    expect(await visitor.delete(article)).unauthenticated(because=NOBODY)
    seen = await author.sees(article)
    expect(seen.get("body"), "the body afterwards").equals(article.sent["body"])


@story(
    title="Nobody comments, or deletes a comment, without signing in",
    why="Nobody is responsible for an anonymous comment, and nobody can remove it.",
    cites=IDENTITY,
)
async def comments_need_a_token(world: Conduit) -> None:
    author, visitor = await world.shared_member(), world.visitor()
    article = await author.publish()
    comment = await author.add_comment(article)
    expect(await visitor.comment(article, "anonymous")).unauthenticated(because=NOBODY)
    expect(await visitor.delete_comment(article, comment.id)).unauthenticated(because=NOBODY)
    seen = expect(await visitor.comments(article)).ok()
    expect(seen.each("comments", "id"), "the ids of the comments afterwards").equals([comment.id])


@story(
    title="Nobody follows or marks favourites without signing in",
    why="Counts that anybody can raise without an account are worth nothing.",
    cites=IDENTITY,
)
async def following_and_liking_need_a_token(world: Conduit) -> None:
    author, visitor = await world.own_member(), world.visitor()
    article = await author.publish()
    for answer in (
        await visitor.follow(author.username),
        await visitor.unfollow(author.username),
        await visitor.favorite(article),
        await visitor.unfavorite(article),
    ):
        expect(answer).unauthenticated(because=NOBODY)
    seen = await author.sees(article)
    expect(seen.get("favoritesCount"), "favoritesCount afterwards").equals(0)


@story(
    title="Nobody sees or changes an account without signing in",
    stage=2,
    why="Account data without a token is account data for everyone.",
    cites=IDENTITY,
)
async def accounts_need_a_token(world: Conduit) -> None:
    person, visitor = await world.own_member(), world.visitor()
    expect(await visitor.me()).unauthenticated(because=NOBODY)
    expect(await visitor.change(bio="changed")).unauthenticated(because=NOBODY)
    scheme = world.dialect.scheme
    for said in (scheme, f"{scheme} null", f"{scheme} 1", f"{scheme} {person.username}"):
        for method in ("GET", "PUT"):
            payload = {"user": {"bio": "changed"}}
            answer = await world.send(
                method,
                "/user",
                payload,
                headers=[("Authorization", said)],
                label=message("Authorization: {said}", said=repr(said)),
            )
            expect(answer).refused(because="that is not a valid token")
    expect((await person.me()).at("user", "bio"), "the bio afterwards").differs_from("changed")


@story(
    title="Nobody opens a feed without signing in",
    stage=5,
    clause="L4",
    why="A feed belongs to an account; without one it is empty, or shows somebody else's.",
    cites=IDENTITY,
)
async def the_feed_needs_a_token(world: Conduit) -> None:
    expect(await world.visitor().feed()).unauthenticated(because=NOBODY)


@story(
    title="Changing one's own account never touches another",
    stage=9,
    clause="S1",
    why="A change that goes to the wrong row locks somebody out of their own account.",
)
async def a_change_stays_in_its_own_account(world: Conduit) -> None:
    owner, stranger = await world.own_member(), await world.own_member()
    before = expect(await owner.me()).ok().at("user")
    expect(await stranger.change(bio="a stranger's", image="https://images.test/s.png")).ok()
    after = expect(await owner.me()).ok()
    for field in ("username", "email", "bio", "image"):
        expect(after.at("user", field), message("the other account's {field}", field=field)).equals(
            before.get(field)
        )


@story(
    title="Nobody can take over a name or address by changing their own account to it",
    stage=9,
    clause="A7",
    why="A person who takes over a name receives what was meant for its owner, and may sign in as "
    "them.",
    cites="OWASP API2:2023 (CWE-694)",
)
async def a_taken_name_cannot_be_taken_over(world: Conduit) -> None:
    owner, stranger = await world.own_member(), await world.own_member()
    expect(await stranger.change_in_working_form(username=owner.username)).taken()
    expect(await stranger.change_in_working_form(email=owner.email)).taken()
    expect(await stranger.change_in_working_form(email=owner.email.upper())).taken()
    seen = await world.enters(owner.email, owner.password)
    expect(seen.at("user", "username"), "the account that the address signs in to").equals(
        owner.username
    )
