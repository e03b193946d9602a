"""Refusals: the ways out of a request that are tested least give everything back too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.checks import Aspect, Finding, Unmet, check
from worksample.probes.deeds import failed, succeeded
from worksample.probes.exchange import Exchange, Request
from worksample.probes.sessions import OpenTransaction, forgotten_transactions

from .others import Bystanders, all_served
from .telling import leave, survey
from .world import Article, Comment, Conduit, Person, article_path, profile_path

SKILLS = ("relational-databases", "databases")
TIMES = 24
AT_ONCE = 4
DEAR = 6
OPEN_SECONDS = 5.0
IN_ANY_CASE = "Close the transaction and give the connection back in a `finally`, or by a context."


@dataclass(frozen=True, slots=True)
class Refused:
    """What is left after many refusals: open transactions, so many more connections than before,
    and how a crowd was served."""

    held: list[OpenTransaction]
    more: int
    crowd: list[Exchange]


async def _refused(world: Conduit) -> Refused:
    """Ask for what must be refused, many times, until somebody gets no sane answer."""

    async def make() -> Refused:
        wire, others = world.wire, await Bystanders.arrive(world)
        author, stranger = await world.sign_up(), await world.sign_up()
        article = await author.publish()
        comment = await author.say(article)
        before = len(wire.connections)
        requests = _to_be_refused(world, author, stranger, article, comment)
        await asyncio.gather(*(_ask_all(world, requests) for _ in range(AT_ONCE)))
        held = await forgotten_transactions(wire, world.database, OPEN_SECONDS)
        more, served = len(wire.connections) - before, await others.crowd()
        await leave(world, well=all(map(succeeded, served)))
        return Refused(held, more, served)

    return await survey(world, "refused", make)


async def _ask_all(world: Conduit, requests: Iterator[Request]) -> None:
    for request in requests:
        exchange = await world.session.exchange(request, label="what must be refused", fresh=True)
        if failed(exchange):
            return


def _to_be_refused(
    world: Conduit, author: Person, stranger: Person, article: Article, comment: Comment
) -> Iterator[Request]:
    """Yield requests for what is taken, not theirs, not there or senseless."""
    nowhere, path = article_path(world.word("no-such-")), article_path(article)
    token = stranger.token
    taken = {"user": world.new_account(username=author.username)}
    for _ in range(DEAR):
        yield world.request("POST", "/users", taken)
    for _ in range(TIMES):
        yield world.request("PUT", "/user", {"user": {"username": author.username}}, token=token)
        yield world.request("PUT", path, {"article": {"body": "mine"}}, token=token)
        yield world.request("DELETE", path, token=token)
        yield world.request("DELETE", f"{path}/comments/{comment.id}", token=token)
        yield world.request("PUT", nowhere, {"article": {"body": "x"}}, token=token)
        yield world.request("DELETE", nowhere, token=token)
        yield world.request("POST", f"{nowhere}/favorite", token=token)
        yield world.request("POST", f"{nowhere}/comments", {"comment": {"body": "x"}}, token=token)
        yield world.request("POST", f"{profile_path(world.word('no'))}/follow", token=token)
        yield world.request("POST", "/articles", {"article": {"title": ""}}, token=token)
        yield world.request("GET", nowhere)


@check(
    title="A refusal leaves no transaction open",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="W5",
    why="An open transaction keeps its locks, and keeps the database from tidying up: it is slow "
    "today and full next month.",
    hint=IN_ANY_CASE,
    skills=SKILLS,
    lab=True,
)
async def a_refusal_leaves_no_transaction_open(world: Conduit) -> None:
    held = (await _refused(world)).held
    if held:
        raise Unmet(
            Finding(
                expected="no transaction open once everything is answered",
                actual=f"{len(held)} open, the first {held[0]}",
            )
        )


@check(
    title="Refusals cost no connection to the database",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="G4",
    why="Whoever is told no takes a connection along, and when there are no more the server hangs "
    "for everybody.",
    hint=IN_ANY_CASE,
    skills=SKILLS,
    lab=True,
)
async def refusals_cost_no_connection(world: Conduit) -> None:
    found = await _refused(world)
    all_served(found.crowd, because="some have been told no before")
    if found.more > 2 * TIMES:
        raise Unmet(
            Finding(
                expected="about as many connections as before",
                actual=f"{found.more} more than before",
            )
        )
