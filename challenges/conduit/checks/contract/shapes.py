"""Responses validated against the OpenAPI document: every operation, in more than one state."""

from __future__ import annotations

from worksample.checks import NoAdapter, Words
from worksample.suites.contract_shapes import PASSIVE, Answers, answers_have_their_shape, script

from ..operations import (
    ARTICLE,
    COMMENT,
    CURRENT_USER,
    EDIT_ARTICLE,
    FAVORITE,
    FEED,
    FOLLOW,
    LIST_ARTICLES,
    LIST_COMMENTS,
    LOGIN,
    PROFILE,
    PUBLISH,
    REGISTER,
    TAGS,
    UNFAVORITE,
    UNFOLLOW,
    UPDATE_USER,
)  # fmt: skip
from ..world import Conduit


async def accounts(world: Conduit) -> Answers:
    account = world.new_account()
    registered = await world.register(account)
    yield "register", registered
    person = await world.own_member()
    yield "login", await world.log_in(person.email, person.password)
    yield "currentUser", await person.me()
    yield "updateUser", await person.change(bio=world.sentence())
    yield "updateUser", await person.change()
    yield "currentUser", await person.me()


async def profiles(world: Conduit) -> Answers:
    writer, reader = await world.own_member(), await world.own_member()
    yield "profile", await world.visitor().view_profile(writer.username)
    yield "follow", await reader.follow(writer.username)
    yield "profile", await reader.view_profile(writer.username)
    yield "unfollow", await reader.unfollow(writer.username)


async def articles(world: Conduit) -> Answers:
    author = await world.shared_member()
    yield "publish", await author.post(world.article())
    article = await author.publish(tagList=[world.unique_name("tag")])
    yield "article", await author.read(article)
    yield "article", await world.visitor().read(article)
    yield "editArticle", await author.edit(article, body=world.sentence())


async def lists(world: Conduit) -> Answers:
    author, reader = await world.own_member(), await world.own_member()
    yield "listArticles", await reader.list(author=author.username)
    yield "feed", await reader.feed()
    await author.publish(tagList=[world.unique_name("tag"), world.unique_name("tag")])
    await author.publish()
    await reader.starts_following(author)
    yield "listArticles", await reader.list(author=author.username)
    yield "listArticles", await world.visitor().list(author=author.username, limit=1)
    yield "feed", await reader.feed()
    yield "feed", await reader.feed(limit=1, offset=1)
    yield "tags", await reader.tags()


async def favourites(world: Conduit) -> Answers:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish(tagList=[world.unique_name("tag")])
    yield "favorite", await reader.favorite(article)
    yield "unfavorite", await reader.unfavorite(article)


async def comments(world: Conduit) -> Answers:
    author, reader = await world.shared_member(), await world.shared_member()
    article = await author.publish()
    yield "listComments", await reader.comments(article)
    yield "comment", await reader.comment(article, world.sentence())
    await author.add_comment(article)
    yield "listComments", await reader.comments(article)
    yield "listComments", await author.comments(article)


MEMBERS = {"extra": "G8", "private": "S3"}
CHECKS = [
    *answers_have_their_shape.declare(
        script(accounts),
        id="accounts-have-their-shape",
        title="Accounts are answered in the shape of the contract",
        clause="A1",
        rules=MEMBERS,
        operations=[REGISTER, LOGIN, CURRENT_USER, UPDATE_USER],
    ),
    *answers_have_their_shape.declare(
        script(profiles),
        id="profiles-have-their-shape",
        title="Profiles are answered in the shape of the contract",
        clause="P1",
        rules=MEMBERS,
        operations=[PROFILE, FOLLOW, UNFOLLOW],
    ),
    *answers_have_their_shape.declare(
        script(articles),
        id="articles-have-their-shape",
        title="Articles are answered in the shape of the contract",
        clause="R3",
        rules=MEMBERS,
        operations=[PUBLISH, ARTICLE, EDIT_ARTICLE],
    ),
    *answers_have_their_shape.declare(
        script(lists),
        id="lists-have-their-shape",
        title="Lists of articles are answered in the shape of the contract",
        clause="L1",
        rules=MEMBERS,
        operations=[LIST_ARTICLES, FEED, TAGS],
    ),
    *answers_have_their_shape.declare(
        script(favourites),
        id="favourites-have-their-shape",
        title="Favourites are answered in the shape of the contract",
        clause="F1",
        rules=MEMBERS,
        operations=[FAVORITE, UNFAVORITE],
    ),
    *answers_have_their_shape.declare(
        script(comments),
        id="comments-have-their-shape",
        title="Comments are answered in the shape of the contract",
        clause="C1",
        rules=MEMBERS,
        operations=[LIST_COMMENTS, COMMENT],
    ),
    *PASSIVE.checks(
        NoAdapter,
        clause="G4",
        stage=5,
        words={"no-answer-breaks-the-contract": Words(clause="G1", rules=MEMBERS)},
    ),
]
