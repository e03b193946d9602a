"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import PASSWORD, Expensive, Fresh

from .operations import ALL, COMMENT, PUBLISH
from .world import Article, Comment, Conduit, Person, profile_path


@dataclass(frozen=True, slots=True)
class Fixture:
    """What the operations up to a stage need to succeed: accounts, an article and a comment.

    owner: sends what shows or changes an account, which is its own.
    author, other: accounts shared by the hostile checks; one writes, the other is looked at.
    """

    world: Conduit
    asked: frozenset[str]
    owner: Person
    author: Person
    other: Person
    article: Article | None
    comment: Comment | None

    @classmethod
    async def prepare(
        cls, world: Conduit, owner: Person, author: Person, other: Person, stage: int
    ) -> Fixture:
        """From their stages on, create an article and a comment."""
        asked = frozenset(each.id for each in ALL if not stage or each.stage <= stage)
        article, comment = None, None
        if PUBLISH.id in asked:
            article = await author.publish(tagList=[world.unique_name("tag")])
        if article and COMMENT.id in asked:
            comment = await author.add_comment(article)
        return cls(world, asked, owner, author, other, article, comment)

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
        yield "register", self._json("POST", "/users", {"user": world.new_account()})
        yield "login", self._json("POST", "/users/login", {"user": login})
        yield "updateUser", self._json("PUT", "/user", {"user": account}, owner)
        fresh = world.article(tagList=[world.unique_name("tag")])
        yield "publish", self._json("POST", "/articles", {"article": fresh}, self.author)
        if article := self.article:
            edit = {"title": article.sent["title"], "description": world.sentence(), "body": "b"}
            yield "editArticle", self._json("PUT", article.path, {"article": edit}, self.author)
            comment = {"comment": {"body": world.sentence()}}
            path = f"{article.path}/comments"
            yield "comment", self._json("POST", path, comment, self.author)

    def _without_bodies(self) -> Iterator[tuple[str, Request]]:
        profile, owner, author = profile_path(self.other.username), self.owner, self.author
        yield "currentUser", self._bare("GET", "/user", owner)
        yield "profile", self._bare("GET", profile, author)
        yield "follow", self._bare("POST", f"{profile}/follow", owner)
        yield "unfollow", self._bare("DELETE", f"{profile}/follow", owner)
        yield "listArticles", self._bare("GET", "/articles?limit=5&offset=0", author)
        yield "feed", self._bare("GET", "/articles/feed?limit=5&offset=0", owner)
        yield "tags", self._bare("GET", "/tags", author)

    def _of_the_article(self) -> Iterator[tuple[str, Request]]:
        author = self.author
        if article := self.article:
            yield "article", self._bare("GET", article.path, author)
            yield "favorite", self._bare("POST", f"{article.path}/favorite", author)
            yield "unfavorite", self._bare("DELETE", f"{article.path}/favorite", author)
            yield "listComments", self._bare("GET", f"{article.path}/comments", author)
            if self.comment:
                path = f"{article.path}/comments/{self.comment.id}"
                yield "deleteComment", self._bare("DELETE", path, author)
            yield "deleteArticle", self._bare("DELETE", article.path, author)

    def _json(self, method: str, path: str, payload: object, who: Person | None = None) -> Request:
        headers = (who.auth_header,) if who else ()
        return json_request(method, self.world.dialect.prefix + path, payload, headers=headers)

    def _bare(self, method: str, path: str, who: Person) -> Request:
        return Request(method, self.world.dialect.prefix + path, (who.auth_header,))


class ConduitRequests:
    """Adapter of the suites of hostile and generated requests."""

    #: What `Conduit.new_account` and `Conduit.article` generate.
    fresh: Final[Mapping[str, Fresh]] = {
        "register": Fresh(re.compile(rb"\bu[a-z2-9]{8}\b"), "u"),
        "publish": Fresh(re.compile(rb"(?<=Notes from )t[a-z2-9]{8}\b"), "t"),
    }
    expensive: Final[Mapping[str, Expensive]] = {"register": PASSWORD}
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
        self._owners: deque[Person] = deque()
        self._shared: list[Person] = []

    async def prepare(self, stage: int) -> Fixture:
        """Create the data of valid requests for the operations up to `stage`."""
        while len(self._shared) < 2:
            self._shared.append(await self.world.shared_member("hostile"))
        author, other = self._shared
        return await Fixture.prepare(self.world, await self._next_owner(), author, other, stage)

    async def _next_owner(self) -> Person:
        """Return one of two accounts in turn, so that no lane renames that of the next one."""
        if len(self._owners) < 2:
            self._owners.appendleft(await self.world.own_member())
        else:
            self._owners.rotate()
        return self._owners[0]

    async def authorize(self) -> tuple[str, str]:
        """Sign up, and return the new account's Authorization header."""
        return (await self.world.own_member()).auth_header
