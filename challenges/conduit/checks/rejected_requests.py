"""Rejected requests release their transactions and connections (W5, G4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from worksample.checks import Aspect, CheckFailed, Finding, check
from worksample.probes.exchange import Exchange, Request
from worksample.probes.sessions import OpenTransaction, idle_transactions
from worksample.probes.write_operations import failed, succeeded

from .bystanders import Bystanders, expect_all_succeeded
from .world import Article, Comment, Conduit, Person, article_path, profile_path
from .write_findings import discard_unless_healthy, shared_experiment

SKILLS = ("relational-databases", "databases")
REPEATS = 24
AT_ONCE = 4
REGISTRATIONS = 6
OPEN_SECONDS = 5.0
CLEAN_UP_HINT = (
    "Close the transaction and give the connection back in a `finally` or a context manager."
)


@dataclass(frozen=True, slots=True)
class RejectionResult:
    """What remains after many rejected requests.

    `open_transactions` are those still open after 5 s, `new_connections` is how many connections to
    PostgreSQL the server has more than before, `reads` are the answers to later reads.
    """

    open_transactions: list[OpenTransaction]
    new_connections: int
    reads: list[Exchange]


async def _rejection_experiment(world: Conduit) -> RejectionResult:
    """Send several hundred requests that must be rejected; runs once per run."""

    async def make() -> RejectionResult:
        wire, others = world.wire, await Bystanders.create(world)
        author, stranger = await world.sign_up(), await world.sign_up()
        article = await author.publish()
        comment = await author.add_comment(article)
        before = len(wire.connections)
        requests = _invalid_requests(world, author, stranger, article, comment)
        await asyncio.gather(*(_send_all(world, requests) for _ in range(AT_ONCE)))
        held = await idle_transactions(wire, world.database, OPEN_SECONDS)
        new_connections, served = len(wire.connections) - before, await others.burst()
        await discard_unless_healthy(world, healthy=all(map(succeeded, served)))
        return RejectionResult(held, new_connections, served)

    return await shared_experiment(world, "refused", make)


async def _send_all(world: Conduit, requests: Iterator[Request]) -> None:
    """Send `requests` one after another; stop at the first 5xx or missing answer."""
    for request in requests:
        exchange = await world.session.exchange(request, label="must be rejected", fresh=True)
        if failed(exchange):
            return


def _invalid_requests(
    world: Conduit, author: Person, stranger: Person, article: Article, comment: Comment
) -> Iterator[Request]:
    """Yield requests that are invalid, or concern taken, foreign or missing resources."""
    nowhere, path = article_path(world.unique_name("no-such-")), article_path(article)
    token = stranger.token
    taken = {"user": world.new_account(username=author.username)}
    for _ in range(REGISTRATIONS):
        yield world.request("POST", "/users", taken)
    for _ in range(REPEATS):
        yield world.request("PUT", "/user", {"user": {"username": author.username}}, token=token)
        yield world.request("PUT", path, {"article": {"body": "mine"}}, token=token)
        yield world.request("DELETE", path, token=token)
        yield world.request("DELETE", f"{path}/comments/{comment.id}", token=token)
        yield world.request("PUT", nowhere, {"article": {"body": "x"}}, token=token)
        yield world.request("DELETE", nowhere, token=token)
        yield world.request("POST", f"{nowhere}/favorite", token=token)
        yield world.request("POST", f"{nowhere}/comments", {"comment": {"body": "x"}}, token=token)
        yield world.request("POST", f"{profile_path(world.unique_name('no'))}/follow", token=token)
        yield world.request("POST", "/articles", {"article": {"title": ""}}, token=token)
        yield world.request("GET", nowhere)


@check(
    title="A refusal leaves no transaction open",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="W5",
    why="An open transaction holds its locks and blocks VACUUM: the database gets slow today and "
    "runs full next month.",
    hint=CLEAN_UP_HINT,
    skills=SKILLS,
    lab=True,
)
async def a_refusal_leaves_no_transaction_open(world: Conduit) -> None:
    held = (await _rejection_experiment(world)).open_transactions
    if held:
        raise CheckFailed(
            Finding(
                expected="no open transaction after every request has been answered",
                actual=f"{len(held)} open; the first: {held[0]}",
            )
        )


@check(
    title="Refusals cost no connection to the database",
    aspect=Aspect.RESILIENCE,
    stage=8,
    clause="G4",
    why="If each rejected request leaks a connection, the pool runs empty and the server hangs for "
    "everyone.",
    hint=CLEAN_UP_HINT,
    skills=SKILLS,
    lab=True,
)
async def refusals_cost_no_connection(world: Conduit) -> None:
    found = await _rejection_experiment(world)
    expect_all_succeeded(found.reads, because="several hundred requests were rejected before")
    if found.new_connections > 2 * REPEATS:
        raise CheckFailed(
            Finding(
                expected="about as many connections to PostgreSQL as before",
                actual=f"{found.new_connections} more than before",
            )
        )
