"""Responses validated against the OpenAPI document: every operation, in more than one state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    PassiveCheck,
    check,
    passive_check,
)
from worksample.probes.exchange import Exchange

from .world import Conduit

SKILLS = ("openapi", "api-design", "rest")
WHY = (
    "Clients are generated from the contract. A missing field crashes an app, and an extra one is "
    "often a secret."
)


def expect_schema(world: Conduit, operation_id: str, *answers: Answer) -> None:
    """Expect every answer to match the contract's schema for its operation and status."""
    contract = world.context.contract
    operation = contract.operation(operation_id)
    for answer in answers:
        lines = contract.violations(operation, answer.response)
        if lines:
            finding = answer.failure(
                f"a response that matches the schema of {operation_id}", lines[0]
            )
            only = finding.findings[0]
            raise CheckFailed(
                Finding(
                    only.expected,
                    only.actual,
                    exchanges=only.exchanges,
                    culprit=0,
                    details=tuple(lines[1:]),
                    cause=_without_location(lines[0]),
                )
            )


def _without_location(violation: str) -> str:
    """Return the violation with only the last part of its path, as a key that groups findings.

    One wrong profile appears in many answers: `articles.0.author: …` and `comments.3.author: …` are
    the same defect.
    """
    place, _, wrong = violation.partition(": ")
    return f"{place.rpartition('.')[2]}: {wrong}"


@check(
    title="Accounts are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="A1",
    why=WHY,
    skills=SKILLS,
)
async def accounts_have_their_shape(world: Conduit) -> None:
    account = world.new_account()
    registered = await world.register(account)
    expect_schema(world, "register", registered)
    person = await world.sign_up()
    expect_schema(world, "login", await world.log_in(person.email, person.password))
    expect_schema(world, "currentUser", await person.me())
    expect_schema(
        world, "updateUser", await person.change(bio=world.sentence()), await person.change()
    )
    expect_schema(world, "currentUser", await person.me())


@check(
    title="Profiles are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="P1",
    why=WHY,
    skills=SKILLS,
)
async def profiles_have_their_shape(world: Conduit) -> None:
    writer, reader = await world.sign_up(), await world.sign_up()
    expect_schema(world, "profile", await world.visitor().view_profile(writer.username))
    expect_schema(world, "follow", await reader.follow(writer.username))
    expect_schema(world, "profile", await reader.view_profile(writer.username))
    expect_schema(world, "unfollow", await reader.unfollow(writer.username))


@check(
    title="Articles are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="R3",
    why=WHY,
    skills=SKILLS,
)
async def articles_have_their_shape(world: Conduit) -> None:
    author = await world.sign_up()
    expect_schema(world, "publish", await author.post(world.article()))
    article = await author.publish(tagList=[world.unique_name("tag")])
    expect_schema(world, "article", await author.read(article), await world.visitor().read(article))
    expect_schema(world, "editArticle", await author.edit(article, body=world.sentence()))


@check(
    title="Lists of articles are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="L1",
    why=WHY,
    skills=SKILLS,
)
async def lists_have_their_shape(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    expect_schema(world, "listArticles", await reader.list(author=author.username))
    expect_schema(world, "feed", await reader.feed())
    await author.publish(tagList=[world.unique_name("tag"), world.unique_name("tag")])
    await author.publish()
    await reader.starts_following(author)
    expect_schema(world, "listArticles", await reader.list(author=author.username))
    expect_schema(
        world, "listArticles", await world.visitor().list(author=author.username, limit=1)
    )
    expect_schema(world, "feed", await reader.feed(), await reader.feed(limit=1, offset=1))
    expect_schema(world, "tags", await reader.tags())


@check(
    title="Favourites are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="F1",
    why=WHY,
    skills=SKILLS,
)
async def favourites_have_their_shape(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    article = await author.publish(tagList=[world.unique_name("tag")])
    expect_schema(world, "favorite", await reader.favorite(article))
    expect_schema(world, "unfavorite", await reader.unfavorite(article))


@check(
    title="Comments are answered in the shape of the contract",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="C1",
    why=WHY,
    skills=SKILLS,
)
async def comments_have_their_shape(world: Conduit) -> None:
    author, reader = await world.sign_up(), await world.sign_up()
    article = await author.publish()
    expect_schema(world, "listComments", await reader.comments(article))
    expect_schema(world, "comment", await reader.comment(article, world.sentence()))
    await author.add_comment(article)
    expect_schema(
        world, "listComments", await reader.comments(article), await author.comments(article)
    )


class _OperationWatch(PassiveCheck):
    """Base of passive checks that need to know the operation of an exchange."""

    def check_exchange(self, exchange: Exchange) -> Iterator[Finding]:
        contract = self.context.contract
        operation = contract.operation_for(exchange, self.context.dialect.prefix)
        name = operation.id if operation else exchange.request.method
        yield from self.inspect(name, exchange)

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield findings about an exchange of `operation` (its id, or the method if unknown)."""
        raise NotImplementedError


@passive_check(
    title="No successful answer of the whole run breaks the contract",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G1",
    why=WHY,
    skills=SKILLS,
)
class NoAnswerBreaksTheContract(_OperationWatch):
    """Validates every successful response against its schema."""

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding when the response violates the schema of its operation."""
        contract, response = self.context.contract, exchange.response
        found = contract.operation_for(exchange, self.context.dialect.prefix)
        if found is None or response is None or not 200 <= response.status < 300:
            return
        lines = contract.violations(found, response)
        if lines:
            yield Finding(
                expected=f"a response that matches the schema of {operation}",
                actual=lines[0],
                exchanges=(exchange,),
                culprit=0,
                details=tuple(lines[1:]),
                cause=f"{operation} violates the contract",
            )


@passive_check(
    title="No request of the whole run makes the server fail",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G4",
    why="Each 5xx loses somebody's work and wakes whoever is on call.",
    skills=("debugging", "api-design"),
)
class NoRequestMakesTheServerFail(_OperationWatch):
    """Finds every 5xx except 501, which refuses an unknown method (RFC 9110 15.6.2)."""

    def inspect(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield a finding for a 5xx, with operation and status as its cause."""
        if exchange.status >= 500 and exchange.status != 501:
            yield Finding(
                expected="any status below 500",
                actual=f"{exchange.status}: {exchange.label}",
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation} {exchange.status}",
            )
