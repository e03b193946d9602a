"""Every kind of write of Conduit, each on data of its own, and how to read its effect."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import Any

from worksample.checks import as_query
from worksample.checks.world import NO_PAYLOAD
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import (
    PreparationFailed,
    Prepare,
    StateUnavailable,
    WriteOperation,
)
from worksample.suites.member_writes import MemberWrites
from worksample.suites.writes import Observe, StateReader, labelled

from ..world import PUBLISHING, Article, Conduit, Json, Person, article_path, profile_path

POOL_SIZE = 5
_SERVER_ERROR = 500
ARTICLE_AND_ACCOUNT_WRITES = (
    "registering",
    "publishing with tags",
    "editing title and tags",
    "changing an account",
)
DELETION = "deleting an article with comments and favourites"
MARKS = (
    "marking a favourite",
    "removing a favourite",
    "following",
    "unfollowing",
    "commenting",
    "deleting a comment",
)


class ConduitWrites(MemberWrites[Conduit, Person]):
    """Prepares writes."""

    needs = PUBLISHING
    #: Not whom somebody follows: other writes change that. Nor bio and image, which may be made up.
    promised = (
        *("username", "email", "author"),
        *("title", "description", "body", "tagList", "favorited", "favoritesCount"),
    )

    def __init__(self, world: Conduit, judged: Collection[str] = ()) -> None:
        super().__init__(world, judged)
        self._pairs = iter(list[tuple[Person, Person]]())
        self._shows_profiles: bool | None = None

    @property
    def kinds(self) -> dict[str, Prepare]:
        """Name -> coroutine function that prepares a write; it raises `PreparationFailed`."""
        return labelled(
            {
                "registering": self._registering,
                "publishing with tags": self._publishing,
                "editing title and tags": self._editing,
                DELETION: self._deleting,
                "changing an account": self._changing,
                "marking a favourite": self._marking,
                "removing a favourite": self._unmarking,
                "following": self._following,
                "unfollowing": self._unfollowing,
                "commenting": self._commenting,
                "deleting a comment": self._uncommenting,
            }
        )

    async def unrelated(self) -> Exchange:
        """Send a read that has nothing to do with the writes."""
        world = self.world
        request = world.request("GET", "/articles?limit=1")
        label = "a visitor reads the newest article"
        return (await world.send_raw(request, label=label, fresh=True, timeout=10.0)).exchange

    async def _unrelated_pair(self) -> tuple[Person, Person]:
        """Return two accounts that have not been paired before."""
        await self._fill_pool()
        found = next(self._pairs, None)
        if found is None:
            self.members = self.members[-1:]
            await self._fill_pool()
            self._pairs = itertools.permutations(self.members, 2)
            found = next(self._pairs)
        return found

    async def _fill_pool(self) -> None:
        """Sign up, tell of oneself and publish once.

        Some servers show no profile without a bio, and no list without an entry.
        """
        while len(self.members) < POOL_SIZE:
            member = await (await self.world.own_member()).changes(bio=self.world.sentence())
            await member.publish()
            self.members.append(member)

    async def _shows_profiles_of_new_accounts(self) -> bool:
        """Return whether the server shows the profile of an account that has no bio yet."""
        if self._shows_profiles is None:
            newcomer = await self.world.own_member()
            shown = await self.world.visitor().view_profile(newcomer.username)
            self._shows_profiles = shown.status != _SERVER_ERROR
        return self._shows_profiles

    async def _registering(self) -> WriteOperation:
        world = self.world
        account = world.new_account()
        names = {account["username"]: "<name>", account["email"]: "<address>"}
        await self.sign_ins.prepare()
        shows_profiles = await self._shows_profiles_of_new_accounts()

        async def observe(view: StateReader) -> Any:
            path = profile_path(account["username"])
            profile = await view.get(path, "profile") if shows_profiles else None
            return {"profile": profile, "sign-in": await self.sign_ins.observe(view, account)}

        return self.write(
            world.visitor(), "POST", "/users", {"user": account}, "registers", names, observe
        )

    async def _changing(self) -> WriteOperation:
        person = await (await self.world.own_member()).changes(bio=self.world.sentence())
        new = {
            "username": self.world.unique_name("u"),
            "bio": "new bio",
            "image": "https://example.com/i",
        }
        names = {person.username: "<old name>", new["username"]: "<new name>"}

        async def observe(view: StateReader) -> Any:
            shown = {
                what: await view.get(profile_path(name), "profile") for name, what in names.items()
            }
            texts = ("bio", "image")
            changed = {
                text: any(each.get(text) == new[text] for each in shown.values()) for text in texts
            }
            return {**shown, **changed}

        payload = {"user": new}
        return self.write(
            person, "PUT", "/user", payload, "changes name, bio, image", names, observe
        )

    async def _publishing(self) -> WriteOperation:
        author, _ = await self._unrelated_pair()
        sent = self._article()
        observe = self._article_by(author, sent)
        payload, names = {"article": sent}, self._names(author, sent)
        return self.write(author, "POST", "/articles", payload, "publishes", names, observe)

    async def _editing(self) -> WriteOperation:
        author, _ = await self._unrelated_pair()
        article, new = await author.publish(**self._article()), self._article()
        names = {**self._names(author, article.sent), **self._names(author, new, "new ")}
        observe = self._article_by(author, article.sent, new)
        path, payload = article_path(article), {"article": new}
        return self.write(
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

        async def observe(view: StateReader) -> Any:
            return {
                "article": await view.get(article_path(article), "article", reader.token),
                "comments": await view.get(
                    f"{article_path(article)}/comments", "comments", reader.token
                ),
                "listed by its tag": await self._listed(view, article, reader, tag=tag),
                "listed as a favourite": await self._listed_as_favourite(view, article, reader),
            }

        path = article_path(article)
        return self.write(author, "DELETE", path, NO_PAYLOAD, "deletes the article", names, observe)

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

        async def observe(view: StateReader) -> Any:
            shown = await view.get(article_path(article), "article", reader.token)
            return {
                **{name: shown.get(name) for name in ("favorited", "favoritesCount")},
                "listed as a favourite": await self._listed_as_favourite(view, article, reader),
            }

        label = "marks a favourite" if method == "POST" else "removes the favourite"
        names = self._names(author, article.sent)
        return self.write(reader, method, path, NO_PAYLOAD, label, names, observe)

    async def _following(self) -> WriteOperation:
        reader, writer = await self._unrelated_pair()
        unfollowed = await reader.unfollow(writer.username)
        if unfollowed.status >= 500 or not unfollowed.status:
            raise PreparationFailed(unfollowed.exchange)
        return self._follow("POST", reader, writer)

    async def _unfollowing(self) -> WriteOperation:
        reader, writer = await self._unrelated_pair()
        await reader.starts_following(writer)
        return self._follow("DELETE", reader, writer)

    def _follow(self, method: str, reader: Person, writer: Person) -> WriteOperation:
        path = profile_path(writer.username)

        async def observe(view: StateReader) -> Any:
            return {"following": (await view.get(path, "profile", reader.token)).get("following")}

        label = "follows" if method == "POST" else "unfollows"
        return self.write(reader, method, f"{path}/follow", NO_PAYLOAD, label, {}, observe)

    async def _commenting(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        article, body = await author.publish(), self.world.sentence()
        path = f"{article_path(article)}/comments"
        names = {body: "<comment>", reader.username: "<reader>"}

        async def observe(view: StateReader) -> Any:
            return {"comments": await view.get(path, "comments", reader.token)}

        payload = {"comment": {"body": body}}
        return self.write(reader, "POST", path, payload, "comments", names, observe)

    async def _uncommenting(self) -> WriteOperation:
        author, reader = await self._unrelated_pair()
        comment = await reader.add_comment(await author.publish())
        comments = f"{article_path(comment.article)}/comments"
        names = {comment.shown["body"]: "<comment>", reader.username: "<reader>"}

        async def observe(view: StateReader) -> Any:
            return {"comments": await view.get(comments, "comments", reader.token)}

        path = f"{comments}/{comment.id}"
        return self.write(reader, "DELETE", path, NO_PAYLOAD, "deletes a comment", names, observe)

    def _article(self) -> Json:
        return self.world.article(
            tagList=[self.world.unique_name("tag"), self.world.unique_name("tag")]
        )

    def _names(self, author: Person, sent: Json, which: str = "") -> dict[str, str]:
        """Map the values of an article to the names of their roles, such as `<title>`."""
        texts = {sent[field]: f"<{which}{field}>" for field in ("title", "description", "body")}
        tags = {tag: f"<{which}tag {n}>" for n, tag in enumerate(sent["tagList"], 1)}
        return {author.username: "<author>", **texts, **tags}

    def _article_by(self, author: Person, *articles: Json) -> Observe:
        """Return a function that reads those of `articles` that are stored."""
        titles = [each["title"] for each in articles]

        async def observe(view: StateReader) -> Any:
            listed = await self._listed_by(view, author)
            found = [each for each in listed if each.get("title") in titles]
            whole = [await view.get(article_path(str(e.get("slug"))), "article") for e in found]
            tag_lists = [each.get("tagList") for each in found]
            return {"tags in the list": tag_lists, "article": whole}

        return observe

    async def _listed_by(self, view: StateReader, author: Person) -> list[Json]:
        """Return the author's articles in the list; if that fails, those among all articles."""
        try:
            return await view.entries(_list_path(author=author.username), "articles")
        except StateUnavailable:
            listed = await view.entries(_list_path(), "articles")
            return [each for each in listed if _written_by(each) == author.username]

    async def _listed_as_favourite(
        self, view: StateReader, article: Article, reader: Person
    ) -> int:
        """Return how many entries for `article` the list of the reader's favourites has."""
        return await self._listed(view, article, reader, favorited=reader.username)

    async def _listed(
        self, view: StateReader, article: Article, reader: Person, **query: str
    ) -> int:
        """Return how many entries for `article` the list for `query` has.

        Where that fails, those of all articles count that `reader` sees to match the query.
        """
        try:
            listed = await view.entries(_list_path(**query), "articles")
        except StateUnavailable:
            everything = await view.entries(_list_path(), "articles", reader.token)
            listed = [each for each in everything if _matches(each, query)]
        return sum(each.get("slug") == article.slug for each in listed)


def _list_path(**query: str) -> str:
    return f"/articles{as_query({**query, 'limit': 50})}"


def _written_by(entry: Json) -> Any:
    author = entry.get("author")
    return author.get("username") if isinstance(author, dict) else None


def _matches(entry: Json, query: Mapping[str, str]) -> bool:
    """Return whether an entry that a reader sees matches the tag or is the reader's favourite."""
    if tag := query.get("tag"):
        return tag in (entry.get("tagList") or ())
    return entry.get("favorited") is True
