"""Other clients: the requests that they send while one request, or the database, has a fault."""

from __future__ import annotations

import orjson

from worksample.checks import CheckFailed, Finding, cause_of, describe_exchange
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import succeeded

from .world import Article, Conduit, Person, article_path

CROWD = 20
#: Twice the 10 seconds that the brief promises: a busy machine must not cause a finding.
ANSWER_SECONDS = 20.0


class Bystanders:
    """A client that reads an article and comments on it, one request or many at a time."""

    def __init__(self, world: Conduit, reader: Person, article: Article) -> None:
        self.world, self.reader, self.article = world, reader, article

    @classmethod
    async def create(cls, world: Conduit) -> Bystanders:
        """Sign up and publish the article to read. Raises `PreconditionFailed` if that fails."""
        reader = await world.sign_up()
        return cls(world, reader, await reader.publish())

    async def read(self) -> Exchange:
        """Read the article."""
        return await self._send("GET", article_path(self.article), "reads an article")

    async def write(self) -> Exchange:
        """Post a comment."""
        body = self.world.sentence()
        path = f"{article_path(self.article)}/comments"
        return await self._send("POST", path, "comments", {"comment": {"body": body}})

    async def burst(self) -> list[Exchange]:
        """Send twenty reads of the article at the same moment."""
        token = self.reader.token
        request = self.world.request("GET", article_path(self.article), token=token)
        label = f"one of {CROWD} clients reads an article"
        answers = await self.world.send_concurrently(
            [request] * CROWD, label, timeout=ANSWER_SECONDS
        )
        return [answer.exchange for answer in answers]

    async def missing_comments(self, posted: list[Exchange]) -> list[Exchange]:
        """Return those of the `posted` comments that were acknowledged but are not stored."""
        answer = await self.world.visitor().comments(self.article)
        stored = answer.each("comments", "body")
        return [each for each in posted if succeeded(each) and _comment_in(each) not in stored]

    async def _send(self, method: str, path: str, what: str, *payload: object) -> Exchange:
        token = self.reader.token
        request = self.world.request(method, path, *payload, token=token)
        label = f"{self.reader.username} {what}"
        sent = self.world.send_raw(request, label=label, fresh=True, timeout=ANSWER_SECONDS)
        return (await sent).exchange


def _comment_in(exchange: Exchange) -> str:
    return str(orjson.loads(exchange.request.body)["comment"]["body"])


def expect_all_succeeded(answers: list[Exchange], because: str) -> None:
    """Raise `CheckFailed` unless every answer is a 2xx."""
    wrong = [each for each in answers if not succeeded(each)]
    if wrong:
        raise CheckFailed(
            Finding(
                expected=f"all {len(answers)} requests of other clients are answered with 2xx",
                actual=f"{len(wrong)} of {len(answers)} are not, the first: "
                f"{describe_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=cause_of(wrong[0]),
            )
        )


def expect_all_answered(answers: list[Exchange], because: str) -> None:
    """Raise `CheckFailed` unless every request got a response, with whatever status."""
    wrong = [each for each in answers if each.response is None]
    if wrong:
        raise CheckFailed(
            Finding(
                expected="every request gets a response, even if it is an error",
                actual=f"{len(wrong)} of {len(answers)} got none, the first: "
                f"{describe_exchange(wrong[0])}",
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=cause_of(wrong[0]),
            )
        )
