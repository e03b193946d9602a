"""The other people: what they do while one request, or the database, is in trouble."""

from __future__ import annotations

import orjson

from worksample.checks import Finding, Unmet, blame, say_exchange
from worksample.probes.deeds import succeeded
from worksample.probes.exchange import Exchange

from .world import Article, Conduit, Person, article_path

CROWD = 20
#: The promise is 10 seconds; a busy machine is no finding.
ANSWER_SECONDS = 20.0


class Bystanders:
    """A reader who looks at articles and comments on one, alone or in a crowd."""

    def __init__(self, world: Conduit, reader: Person, article: Article) -> None:
        self.world, self.reader, self.article = world, reader, article

    @classmethod
    async def arrive(cls, world: Conduit) -> Bystanders:
        """Sign up, and publish what they will read; taken for granted."""
        reader = await world.sign_up()
        return cls(world, reader, await reader.publish())

    async def look(self) -> Exchange:
        """Read the article."""
        return await self._ask("GET", article_path(self.article), "reads an article")

    async def say(self) -> Exchange:
        """Write one more comment."""
        body = self.world.sentence()
        path = f"{article_path(self.article)}/comments"
        return await self._ask("POST", path, "comments", {"comment": {"body": body}})

    async def crowd(self) -> list[Exchange]:
        """Read the article, twenty times at the same moment."""
        token = self.reader.token
        request = self.world.request("GET", article_path(self.article), token=token)
        label = f"{self.reader.username} and others read an article"
        answers = await self.world.at_once([request] * CROWD, label, timeout=ANSWER_SECONDS)
        return [answer.exchange for answer in answers]

    async def unkept(self, said: list[Exchange]) -> list[Exchange]:
        """Return those of the comments `said` that were answered with success and are not there."""
        answer = await self.world.visitor().comments(self.article)
        there = answer.each("comments", "body")
        return [each for each in said if succeeded(each) and _comment_in(each) not in there]

    async def _ask(self, method: str, path: str, what: str, *payload: object) -> Exchange:
        token = self.reader.token
        request = self.world.request(method, path, *payload, token=token)
        label = f"{self.reader.username} {what}"
        sent = self.world.send_raw(request, label=label, fresh=True, timeout=ANSWER_SECONDS)
        return (await sent).exchange


def _comment_in(exchange: Exchange) -> str:
    return str(orjson.loads(exchange.request.body)["comment"]["body"])


def all_served(answers: list[Exchange], because: str) -> None:
    """Raise `Unmet` unless all were answered with success."""
    wrong = [each for each in answers if not succeeded(each)]
    if wrong:
        raise Unmet(
            Finding(
                expected=f"success for each of {len(answers)} ordinary requests",
                actual=f"{len(wrong)} of {len(answers)} not: {say_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=blame(wrong[0]),
            )
        )


def answered(answers: list[Exchange], because: str) -> None:
    """Raise `Unmet` unless each has an answer, whatever it says."""
    wrong = [each for each in answers if each.response is None]
    if wrong:
        raise Unmet(
            Finding(
                expected="an answer to every request, if only a refusal",
                actual=f"{len(wrong)} of {len(answers)} have none: {say_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=blame(wrong[0]),
            )
        )
