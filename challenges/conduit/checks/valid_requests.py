"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import Fresh

from .world import Article, Comment, Conduit, Person, profile_path


@dataclass(frozen=True, slots=True)
class Fixture:
    """The data that every operation needs to succeed: two accounts, an article and a comment."""

    world: Conduit
    owner: Person
    other: Person
    article: Article
    comment: Comment

    @classmethod
    async def prepare(cls, world: Conduit) -> Fixture:
        """Create two accounts, and an article and a comment of the first."""
        owner, other = await world.sign_up(), await world.sign_up()
        article = await owner.publish(tagList=[world.unique_name("tag")])
        return cls(world, owner, other, article, await owner.add_comment(article))

    @property
    def path_values(self) -> tuple[str, str]:
        """The slug of the article and the name of the other account, as paths hold them."""
        return self.article.path.rpartition("/")[2], self.other.username

    def request(self, operation: str) -> Request:
        """Return the valid request for `operation`, sent by the owner."""
        return next(request for name, request in self.all() if name == operation)

    def with_bodies(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for every operation that takes a body."""
        world, owner, article = self.world, self.owner, self.article
        login = {"email": owner.email, "password": owner.password}
        change = {"bio": world.sentence(), "image": "https://images.test/face.png"}
        account = {"username": owner.username, "email": owner.email, **change}
        yield "register", self._json("POST", "/users", {"user": world.new_account()}, None)
        yield "login", self._json("POST", "/users/login", {"user": login}, None)
        yield "updateUser", self._json("PUT", "/user", {"user": account})
        fresh = world.article(tagList=[world.unique_name("tag")])
        yield "publish", self._json("POST", "/articles", {"article": fresh})
        edit = {"title": article.sent["title"], "description": world.sentence(), "body": "b"}
        yield "editArticle", self._json("PUT", article.path, {"article": edit})
        comment = {"comment": {"body": world.sentence()}}
        yield "comment", self._json("POST", f"{article.path}/comments", comment)

    def all(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for every operation; those that delete come last."""
        article, other = self.article, self.other
        yield from self.with_bodies()
        yield "currentUser", self._bare("GET", "/user")
        yield "profile", self._bare("GET", profile_path(other.username))
        yield "follow", self._bare("POST", f"{profile_path(other.username)}/follow")
        yield "unfollow", self._bare("DELETE", f"{profile_path(other.username)}/follow")
        yield "listArticles", self._bare("GET", "/articles?limit=5&offset=0")
        yield "feed", self._bare("GET", "/articles/feed?limit=5&offset=0")
        yield "article", self._bare("GET", article.path)
        yield "favorite", self._bare("POST", f"{article.path}/favorite")
        yield "unfavorite", self._bare("DELETE", f"{article.path}/favorite")
        yield "listComments", self._bare("GET", f"{article.path}/comments")
        yield "tags", self._bare("GET", "/tags")
        yield "deleteComment", self._bare("DELETE", f"{article.path}/comments/{self.comment.id}")
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

    async def prepare(self) -> Fixture:
        """Create the data of one set of valid requests."""
        return await Fixture.prepare(self.world)

    async def authorize(self) -> tuple[str, str]:
        """Sign up, and return the new account's Authorization header."""
        return (await self.world.sign_up()).auth_header
