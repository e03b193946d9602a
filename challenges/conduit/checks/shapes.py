"""Answers held against the OpenAPI document: every operation, in more than one state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worksample.checks import Answer, Aspect, Finding, Unmet, Watch, check, watch
from worksample.probes.exchange import Exchange

from .world import Conduit

SKILLS = ("openapi", "api-design", "rest")
WHY = (
    "Clients are generated from the contract. A missing field is a crash on somebody's phone, and "
    "an extra one is often a secret."
)


def fits(world: Conduit, operation_id: str, *answers: Answer) -> None:
    """Expect every answer to fit the contract's schema for its status and operation."""
    contract = world.arena.contract
    operation = contract.operation(operation_id)
    for answer in answers:
        lines = contract.violations(operation, answer.response)
        if lines:
            finding = answer.unmet(f"what the contract says of {operation_id}", lines[0])
            only = finding.findings[0]
            raise Unmet(
                Finding(
                    only.expected,
                    only.actual,
                    exchanges=only.exchanges,
                    culprit=0,
                    details=tuple(lines[1:]),
                    cause=_what_is_wrong(lines[0]),
                )
            )


def _what_is_wrong(violation: str) -> str:
    """Return the violation without the place: one wrong profile shows in every answer.

    `articles.0.author: …` and `comments.3.author: …` are the same.
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
    fits(world, "register", registered)
    person = await world.sign_up()
    fits(world, "login", await world.log_in(person.email, person.password))
    fits(world, "currentUser", await person.me())
    fits(world, "updateUser", await person.change(bio=world.sentence()), await person.change())
    fits(world, "currentUser", await person.me())


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
    fits(world, "profile", await world.visitor().look_at(writer.username))
    fits(world, "follow", await reader.follow(writer.username))
    fits(world, "profile", await reader.look_at(writer.username))
    fits(world, "unfollow", await reader.unfollow(writer.username))


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
    fits(world, "publish", await author.post(world.article()))
    article = await author.publish(tagList=[world.word("tag")])
    fits(world, "article", await author.read(article), await world.visitor().read(article))
    fits(world, "editArticle", await author.edit(article, body=world.sentence()))


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
    fits(world, "listArticles", await reader.list(author=author.username))
    fits(world, "feed", await reader.feed())
    await author.publish(tagList=[world.word("tag"), world.word("tag")])
    await author.publish()
    await reader.starts_following(author)
    fits(world, "listArticles", await reader.list(author=author.username))
    fits(world, "listArticles", await world.visitor().list(author=author.username, limit=1))
    fits(world, "feed", await reader.feed(), await reader.feed(limit=1, offset=1))
    fits(world, "tags", await reader.tags())


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
    article = await author.publish(tagList=[world.word("tag")])
    fits(world, "favorite", await reader.favorite(article))
    fits(world, "unfavorite", await reader.unfavorite(article))


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
    fits(world, "listComments", await reader.comments(article))
    fits(world, "comment", await reader.comment(article, world.sentence()))
    await author.say(article)
    fits(world, "listComments", await reader.comments(article), await author.comments(article))


class _OverTheRun(Watch):
    """A watch that knows which operation an exchange addressed."""

    def see(self, exchange: Exchange) -> Iterator[Finding]:
        contract = self.arena.contract
        operation = contract.of(exchange, self.arena.dialect.prefix)
        name = operation.id if operation else exchange.request.method
        yield from self.judge(name, exchange)

    def judge(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield what is wrong with an exchange of `operation`."""
        raise NotImplementedError


@watch(
    title="No successful answer of the whole run breaks the contract",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G1",
    why=WHY,
    skills=SKILLS,
)
class NoAnswerBreaksTheContract(_OverTheRun):
    """Holds every successful answer against its schema."""

    def judge(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield one finding for each operation whose answer does not fit."""
        contract, response = self.arena.contract, exchange.response
        found = contract.of(exchange, self.arena.dialect.prefix)
        if found is None or response is None or not 200 <= response.status < 300:
            return
        lines = contract.violations(found, response)
        if lines:
            yield Finding(
                expected=f"what the contract says of {operation}",
                actual=lines[0],
                exchanges=(exchange,),
                culprit=0,
                details=tuple(lines[1:]),
                cause=f"{operation} does not fit the contract",
            )


@watch(
    title="No request of the whole run makes the server fail",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="G4",
    why="Each 5xx is somebody whose work was lost, and an alarm for the one on duty.",
    skills=("debugging", "api-design"),
)
class NoRequestMakesTheServerFail(_OverTheRun):
    """Looks for 5xx (but 501, which says that a method is not known: RFC 9110 15.6.2)."""

    def judge(self, operation: str, exchange: Exchange) -> Iterable[Finding]:
        """Yield one finding for each operation and status."""
        if exchange.status >= 500 and exchange.status != 501:
            yield Finding(
                expected="any answer but a failure of the server (5xx)",
                actual=f"{exchange.status} from {operation}: {exchange.label}",
                exchanges=(exchange,),
                culprit=0,
                cause=f"{operation} {exchange.status}",
            )
