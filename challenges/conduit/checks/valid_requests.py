"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import Fresh

from .operations import ALL, COMMENT, PUBLISH
from .world import Article, Comment, Conduit, Person, profile_path


@dataclass(frozen=True, slots=True)
class Fixture:
    """What the operations up to a stage need to succeed: accounts, an article and a comment."""

    world: Conduit
    asked: frozenset[str]
    owner: Person
    other: Person
    article: Article | None
    comment: Comment | None

    @classmethod
    async def prepare(cls, world: Conduit, stage: int) -> Fixture:
        """Create two accounts; from their stages on, an article and a comment of the first."""
        asked = frozenset(each.id for each in ALL if not stage or each.stage <= stage)
        owner, other = await world.sign_up(), await world.sign_up()
        article, comment = None, None
        if PUBLISH.id in asked:
            article = await owner.publish(tagList=[world.unique_name("tag")])
        if article and COMMENT.id in asked:
            comment = await owner.add_comment(article)
        return cls(world, asked, owner, other, article, comment)

    @property
    def path_values(self) -> tuple[str, ...]:
        """The slug of the article and the name of the other account, as paths hold them."""
        slug = (self.article.path.rpartition("/")[2],) if self.article else ()
        return (*slug, self.other.username)

    def with_bodies(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for each operation that takes a body."""
        return (each for each in self._with_bodies() if each[0] in self.asked)

    def all(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for each operation; those that delete come last."""
        every = chain(self._with_bodies(), self._without_bodies(), self._of_the_article())
        return (each for each in every if each[0] in self.asked)

    def _with_bodies(self) -> Iterator[tuple[str, Request]]:
        world, owner = self.world, self.owner
        login = {"email": owner.email, "password": owner.password}
        change = {"bio": world.sentence(), "image": "https://images.test/face.png"}
        account = {"username": owner.username, "email": owner.email, **change}
        yield "register", self._json("POST", "/users", {"user": world.new_account()}, None)
        yield "login", self._json("POST", "/users/login", {"user": login}, None)
        yield "updateUser", self._json("PUT", "/user", {"user": account})
        fresh = world.article(tagList=[world.unique_name("tag")])
        yield "publish", self._json("POST", "/articles", {"article": fresh})
        if article := self.article:
            edit = {"title": article.sent["title"], "description": world.sentence(), "body": "b"}
            yield "editArticle", self._json("PUT", article.path, {"article": edit})
            comment = {"comment": {"body": world.sentence()}}
            yield "comment", self._json("POST", f"{article.path}/comments", comment)

    def _without_bodies(self) -> Iterator[tuple[str, Request]]:
        profile = profile_path(self.other.username)
        yield "currentUser", self._bare("GET", "/user")
        yield "profile", self._bare("GET", profile)
        yield "follow", self._bare("POST", f"{profile}/follow")
        yield "unfollow", self._bare("DELETE", f"{profile}/follow")
        yield "listArticles", self._bare("GET", "/articles?limit=5&offset=0")
        yield "feed", self._bare("GET", "/articles/feed?limit=5&offset=0")
        yield "tags", self._bare("GET", "/tags")

    def _of_the_article(self) -> Iterator[tuple[str, Request]]:
        if article := self.article:
            yield "article", self._bare("GET", article.path)
            yield "favorite", self._bare("POST", f"{article.path}/favorite")
            yield "unfavorite", self._bare("DELETE", f"{article.path}/favorite")
            yield "listComments", self._bare("GET", f"{article.path}/comments")
            if self.comment:
                path = f"{article.path}/comments/{self.comment.id}"
                yield "deleteComment", self._bare("DELETE", path)
            yield "deleteArticle", self._bare("DELETE", article.path)

    def _json(self, method: str, path: str, payload: object, who: str | None = "owner") -> Request:
        headers = (self.owner.auth_header,) if who else ()
        return json_request(method, self.world.dialect.prefix + path, payload, headers=headers)

    def _bare(self, method: str, path: str) -> Request:
        return Request(method, self.world.dialect.prefix + path, (self.owner.auth_header,))


class ConduitRequests:
    """Adapter of the suites of hostile and generated requests."""

    #: What `Conduit.new_account` and `Conduit.article` generate.
    fresh: Final[Mapping[str, Fresh]] = {
        "register": Fresh(re.compile(rb"\bu[a-z2-9]{8}\b"), "u"),
        "publish": Fresh(re.compile(rb"(?<=Notes from )t[a-z2-9]{8}\b"), "t"),
    }
    token_changing = ("updateUser",)
    without_required_fields = ("updateUser", "editArticle")
    with_ids = ("deleteComment",)
    lists: Final[Mapping[str, tuple[str, ...]]] = {
        "listArticles": ("tag", "author", "favorited"),
        "feed": (),
    }
    paths = ("/tags", "/users", "/user", "/articles", "/articles/x", "/profiles/x", "/nowhere")
    generated = (
        "register", "login", "updateUser", "publish", "editArticle", "comment",
        "listArticles", "feed", "profile", "article", "deleteComment",
    )  # fmt: skip

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def prepare(self, stage: int) -> Fixture:
        """Create the data of valid requests for the operations up to `stage`."""
        return await Fixture.prepare(self.world, stage)

    async def authorize(self) -> tuple[str, str]:
        """Sign up, and return the new account's Authorization header."""
        return (await self.world.sign_up()).auth_header
