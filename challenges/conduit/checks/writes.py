"""Every kind of write that Conduit knows, each on data of its own, and how one sees what came."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from worksample.checks import Answer, CheckFailed, Meaning, PreconditionFailed
from worksample.checks.world import NO_PAYLOAD
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import (
    Observation,
    PreparationFailed,
    Prepare,
    StateUnavailable,
    WriteOperation,
    normalize,
)

from .world import Article, Conduit, Json, Person, article_path, as_query, profile_path

POOL_SIZE = 5
ANSWER_SECONDS = 15.0
VOLATILE = ("id", "slug", "createdAt", "updatedAt", "token", "articlesCount")
Names = Mapping[str, str]


class ConduitWrites:
    """Prepares writes; `kinds` are those that there are, by name."""

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self._pool: list[Person] = []
        self._pairs = iter(list[tuple[Person, Person]]())

    @property
    def kinds(self) -> dict[str, Prepare]:
        """A way to prepare each kind of write."""
        ways = {
            "registering": self._registering,
            "publishing with tags": self._publishing,
            "editing title and tags": self._editing,
            "deleting an article with all that hangs on it": self._deleting,
            "changing an account": self._changing,
            "marking a favourite": self._marking,
            "taking a mark back": self._unmarking,
            "following": self._following,
            "unfollowing": self._unfollowing,
            "commenting": self._commenting,
            "deleting a comment": self._uncommenting,
        }
        return {kind: _labelled(kind, way) for kind, way in ways.items()}

    async def other(self) -> Exchange:
        """Ask for something else that the server looks up."""
        world = self.world
        request = world.request("GET", "/articles?limit=1")
        label = "a visitor looks at the newest article"
        return (await world.send_raw(request, label=label, fresh=True, timeout=10.0)).exchange

    async def sign_in_again(self) -> None:
        """Give everybody a new token where the server does not know the old ones any more."""
        if not self._pool or (await self._pool[0].me()).status not in self._unknown:
            return
        for person in self._pool:
            person.token = (await self.world.sign_in(person.email, person.password)).token

    @property
    def _unknown(self) -> frozenset[int]:
        return frozenset(self.world.dialect.accepts(Meaning.UNAUTHENTICATED))

    async def _unrelated_pair(self) -> tuple[Person, Person]:
        """Return two people who have nothing to do with each other yet."""
        while len(self._pool) < POOL_SIZE:
            self._pool.append(await self.world.sign_up())
        found = next(self._pairs, None)
        if found is None:
            self._pool = self._pool[-1:]
            while len(self._pool) < POOL_SIZE:
                self._pool.append(await self.world.sign_up())
            self._pairs = itertools.permutations(self._pool, 2)
            found = next(self._pairs)
        return found

    async def _registering(self) -> WriteOperation:
        world = self.world
        account = world.new_account()
        names = {account["username"]: "<name>", account["email"]: "<address>"}

        async def observe(view: _StateReader) -> Any:
            profile = await view.at(profile_path(account["username"]), "profile")
            login = await world.log_in(account["email"], account["password"])
            return {"profile": profile, "sign-in": view.extract(login, "user")}

        return self._deed(None, "POST", "/users", {"user": account}, "registers", names, observe)

    async def _changing(self) -> WriteOperation:
        person = await self.world.sign_up()
        new = {
            "username": self.world.unique_name("u"),
            "bio": "new bio",
            "image": "https://example.com/i",
        }
        names = {person.username: "<old name>", new["username"]: "<new name>"}

        async def observe(view: _StateReader) -> Any:
            return {
                what: await view.at(profile_path(name), "profile") for name, what in names.items()
            }

        payload = {"user": new}
        return self._deed(
            person, "PUT", "/user", payload, "changes name, bio, image", names, observe
        )

    async def _publishing(self) -> WriteOperation:
        author, _ = await self._unrelated_pair()
        sent = self._article()
        observe = self._article_by(author, sent["title"])
        payload, names = {"article": sent}, self._names(author, sent)
        return self._deed(author, "POST", "/articles", payload, "publishes", names, observe)

    async def _editing(self) -> WriteOperation:
        author, _ = await self._unrelated_pair()
        article, new = await author.publish(**self._article()), self._article()
        names = {**self._names(author, article.sent), **self._names(author, new, "new ")}
        observe = self._article_by(author, article.sent["title"], new["title"])
        path, payload = article_path(article), {"article": new}
        return self._deed(
            author, "PUT", path, payload, "edits title, text and tags", names, observe
        )

    async def _deleting(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        article = await author.publish(**self._article())
        comment, tag = await reader.add_comment(article), article.sent["tagList"][0]
        await reader.likes(article)
        names = {
            **self._names(author, article.sent),
            reader.username: "<reader>",
            comment.shown["body"]: "<comment>",
        }

        async def observe(view: _StateReader) -> Any:
            return {
                "article": await view.at(article_path(article), "article", reader),
                "comments": await view.at(f"{article_path(article)}/comments", "comments", reader),
                "listed by its tag": await self._listed(view, article, tag=tag),
                "listed as a favourite": await self._listed(
                    view, article, favorited=reader.username
                ),
            }

        path = article_path(article)
        return self._deed(author, "DELETE", path, NO_PAYLOAD, "deletes the article", names, observe)

    async def _marking(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        return self._mark("POST", author, reader, await author.publish())

    async def _unmarking(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        article = await author.publish()
        await reader.likes(article)
        return self._mark("DELETE", author, reader, article)

    def _mark(
        self, method: str, author: Person, reader: Person, article: Article
    ) -> WriteOperation:
        path = f"{article_path(article)}/favorite"

        async def observe(view: _StateReader) -> Any:
            shown = await view.at(article_path(article), "article", reader)
            return {
                **{name: shown.get(name) for name in ("favorited", "favoritesCount")},
                "listed as a favourite": await self._listed(
                    view, article, favorited=reader.username
                ),
            }

        label = "marks a favourite" if method == "POST" else "takes the mark back"
        names = self._names(author, article.sent)
        return self._deed(reader, method, path, NO_PAYLOAD, label, names, observe)

    async def _following(self) -> WriteOperation:
        reader, writer = await self._unrelated_pair()
        given_up = await reader.unfollow(writer.username)
        if given_up.status >= 500 or not given_up.status:
            raise PreparationFailed(given_up.exchange)
        return self._follow("POST", reader, writer)

    async def _unfollowing(self) -> WriteOperation:
        reader, writer = await self._unrelated_pair()
        await reader.starts_following(writer)
        return self._follow("DELETE", reader, writer)

    def _follow(self, method: str, reader: Person, writer: Person) -> WriteOperation:
        path = profile_path(writer.username)

        async def observe(view: _StateReader) -> Any:
            return {"following": (await view.at(path, "profile", reader)).get("following")}

        label = "follows" if method == "POST" else "unfollows"
        return self._deed(reader, method, f"{path}/follow", NO_PAYLOAD, label, {}, observe)

    async def _commenting(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        article, body = await author.publish(), self.world.sentence()
        path = f"{article_path(article)}/comments"
        names = {body: "<comment>", reader.username: "<reader>"}

        async def observe(view: _StateReader) -> Any:
            return {"comments": await view.at(path, "comments")}

        payload = {"comment": {"body": body}}
        return self._deed(reader, "POST", path, payload, "comments", names, observe)

    async def _uncommenting(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        comment = await reader.add_comment(await author.publish())
        comments = f"{article_path(comment.article)}/comments"
        names = {comment.shown["body"]: "<comment>", reader.username: "<reader>"}

        async def observe(view: _StateReader) -> Any:
            return {"comments": await view.at(comments, "comments")}

        path = f"{comments}/{comment.id}"
        return self._deed(reader, "DELETE", path, NO_PAYLOAD, "deletes a comment", names, observe)

    def _article(self) -> Json:
        return self.world.article(
            tagList=[self.world.unique_name("tag"), self.world.unique_name("tag")]
        )

    def _names(self, author: Person, sent: Json, which: str = "") -> dict[str, str]:
        """Name the values of an article by their roles."""
        texts = {sent[field]: f"<{which}{field}>" for field in ("title", "description", "body")}
        tags = {tag: f"<{which}tag {n}>" for n, tag in enumerate(sent["tagList"], 1)}
        return {author.username: "<author>", **texts, **tags}

    def _article_by(self, author: Person, *titles: str) -> Callable[[_StateReader], Awaitable[Any]]:
        """Return a look at the author's articles with one of the titles, in the list and alone."""

        async def observe(view: _StateReader) -> Any:
            query = as_query({"author": author.username, "limit": 50})
            listed = await view.entries(f"/articles{query}", "articles")
            found = [each for each in listed if each.get("title") in titles]
            whole = [await view.at(article_path(str(e.get("slug"))), "article") for e in found]
            tags = [each.get("tagList") for each in found]
            return {"tags in the list": tags, "article": whole}

        return observe

    async def _listed(self, view: _StateReader, article: Article, **query: str) -> int:
        """How often an article stands in a list."""
        path = f"/articles{as_query({**query, 'limit': 50})}"
        listed = await view.entries(path, "articles")
        return sum(each.get("slug") == article.slug for each in listed)

    def _deed(
        self,
        person: Person | None,
        method: str,
        path: str,
        payload: Any,
        what: str,
        names: Names,
        observe: Callable[[_StateReader], Awaitable[Any]],
    ) -> WriteOperation:
        world = self.world
        label = f"{person.username if person else 'a visitor'} {what}"

        async def ask() -> Exchange:
            token = person.token if person else None
            request = world.request(method, path, payload, token=token)
            answer = await world.send_raw(request, label=label, fresh=True, timeout=ANSWER_SECONDS)
            return answer.exchange

        async def see() -> Observation:
            view = _StateReader(world)
            state = normalize(await observe(view), names, VOLATILE)
            return Observation(state, tuple(view.exchanges))

        return WriteOperation("", ask, see)


class _StateReader:
    """Reads what the server shows, and keeps the exchanges. Raises `StateUnavailable`."""

    def __init__(self, world: Conduit) -> None:
        self._world = world
        self.exchanges: list[Exchange] = []

    async def at(self, path: str, what: str, person: Person | None = None) -> Any:
        """Return what the answer to a GET holds, or its status where that is a refusal."""
        who = person or self._world.visitor()
        return self.extract(await who.ask("GET", path, "looks what is there"), what)

    async def entries(self, path: str, what: str) -> list[Json]:
        """Return the entries of a list, none where it is refused."""
        found = await self.at(path, what)
        return found if isinstance(found, list) else []

    def extract(self, answer: Answer, what: str) -> Any:
        """Return what an answer holds, or its status where it is a refusal."""
        self.exchanges.append(answer.exchange)
        if 400 <= answer.status < 500:
            return {"status": answer.status}
        if not 200 <= answer.status < 300:
            raise StateUnavailable
        try:
            found = answer.at(what)
        except CheckFailed:
            raise StateUnavailable from None
        wanted = list if what.endswith("s") else dict
        if not isinstance(found, wanted) or not _are_objects(found):
            raise StateUnavailable
        return found


def _are_objects(found: Any) -> bool:
    return isinstance(found, dict) or all(isinstance(each, dict) for each in found)


def _labelled(kind: str, way: Callable[[], Awaitable[WriteOperation]]) -> Prepare:
    """Prepare a deed of this kind; what goes wrong on the way is `PreparationFailed`."""

    async def prepare() -> WriteOperation:
        try:
            operation = await way()
        except PreconditionFailed as precondition:
            if not precondition.finding.exchanges:
                raise
            raise PreparationFailed(precondition.finding.exchanges[0]) from None
        return WriteOperation(kind, operation.ask, operation.observe)

    return prepare
