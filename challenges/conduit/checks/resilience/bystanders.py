"""What clients that have nothing to do with a fault ask of Conduit; the writes to interrupt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from worksample.checks import Meaning, precondition, precondition_at, segment
from worksample.probes.exchange import Exchange, Request

from ..world import COMMENTING, Article, Conduit, Person, article_path
from .writes import ConduitWrites


class Commenter:
    """A client that reads an article and comments on it; its large request publishes."""

    reader: Person
    article: Article

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Publish the article to read."""
        self.reader = await self.world.shared_member()
        self.article = await self.reader.publish()

    def read_request(self) -> Request:
        """Read the article."""
        return self._request("GET", article_path(self.article))

    def other_reads(self) -> Sequence[Request]:
        """Read its comments, the articles, the tags, its author, and the account."""
        paths = (
            f"{article_path(self.article)}/comments",
            "/articles?limit=5",
            "/tags",
            f"/profiles/{segment(self.reader.username)}",
            "/user",
        )
        return [self._request("GET", path) for path in paths]

    def write_request(self) -> Request:
        """Post a comment."""
        payload = {"comment": {"body": self.world.sentence()}}
        return self._request("POST", f"{article_path(self.article)}/comments", payload)

    def large_request(self) -> Request:
        """Publish an article."""
        return self._request("POST", "/articles", {"article": self.world.article()})

    async def lost(self, acknowledged: Sequence[Exchange]) -> list[Exchange]:
        """Return those of the comments that are not stored."""
        answer = precondition(
            await self.reader.comments(self.article), Meaning.OK, needs=COMMENTING
        )
        stored = [
            each.get("body") for each in precondition_at(answer, "comments", needs=COMMENTING)
        ]
        missing = [each for each in acknowledged if _comment_in(each) not in stored]
        return [each for each in missing if not await self._is_in_database(_comment_in(each))]

    async def _is_in_database(self, comment: str) -> bool:
        """Whether the server stored a comment that its list does not show."""
        database = self.world.context.database
        return database is not None and bool(await database.rows_containing(comment))

    def _request(self, method: str, path: str, *payload: Any) -> Request:
        return self.world.request(method, path, *payload, token=self.reader.token)


def _comment_in(exchange: Exchange) -> str:
    return str(orjson.loads(exchange.request.body)["comment"]["body"])


class Vanishing:
    """The writes in whose middle clients disconnect."""

    kinds: Sequence[str] = ("marking a favourite", "editing title and tags", "commenting")
    writes: ConduitWrites
    bystander: Commenter

    def __init__(self, world: Conduit) -> None:
        self.writes, self.bystander = ConduitWrites(world), Commenter(world)


class InProgress(Vanishing):
    """The write that is in progress at SIGTERM."""

    kinds = ("publishing with tags",)
