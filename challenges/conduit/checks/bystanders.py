"""The other people: what they do while one request, or the database, is in trouble."""

from __future__ import annotations

import orjson

from worksample.checks import CheckFailed, Finding, cause_of, describe_exchange
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import succeeded

from .world import Article, Conduit, Person, article_path

CROWD = 20
#: The promise is 10 seconds; a busy machine is no finding.
ANSWER_SECONDS = 20.0


class Bystanders:
    """A reader who looks at articles and comments on one, alone or in a crowd."""

    def __init__(self, world: Conduit, reader: Person, article: Article) -> None:
        self.world, self.reader, self.article = world, reader, article

    @classmethod
    async def create(cls, world: Conduit) -> Bystanders:
        """Sign up, and publish what they will read; taken for granted."""
        reader = await world.sign_up()
        return cls(world, reader, await reader.publish())

    async def read(self) -> Exchange:
        """Read the article."""
        return await self._ask("GET", article_path(self.article), "reads an article")

    async def write(self) -> Exchange:
        """Write one more comment."""
        body = self.world.sentence()
        path = f"{article_path(self.article)}/comments"
        return await self._ask("POST", path, "comments", {"comment": {"body": body}})

    async def burst(self) -> list[Exchange]:
        """Read the article, twenty times at the same moment."""
        token = self.reader.token
        request = self.world.request("GET", article_path(self.article), token=token)
        label = f"{self.reader.username} and others read an article"
        answers = await self.world.send_concurrently(
            [request] * CROWD, label, timeout=ANSWER_SECONDS
        )
        return [answer.exchange for answer in answers]

    async def missing_comments(self, said: list[Exchange]) -> list[Exchange]:
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


def expect_all_succeeded(answers: list[Exchange], because: str) -> None:
    """Raise `CheckFailed` unless all were answered with success."""
    wrong = [each for each in answers if not succeeded(each)]
    if wrong:
        raise CheckFailed(
            Finding(
                expected=f"success for each of {len(answers)} ordinary requests",
                actual=f"{len(wrong)} of {len(answers)} not: {describe_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=cause_of(wrong[0]),
            )
        )


def expect_all_answered(answers: list[Exchange], because: str) -> None:
    """Raise `CheckFailed` unless each has an answer, whatever it says."""
    wrong = [each for each in answers if each.response is None]
    if wrong:
        raise CheckFailed(
            Finding(
                expected="an answer to every request, if only a refusal",
                actual=f"{len(wrong)} of {len(answers)} have none: {describe_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=cause_of(wrong[0]),
            )
        )
