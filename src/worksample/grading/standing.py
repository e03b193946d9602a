"""From an order to a server that stands: built and started, or the one that runs already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from worksample.grading.order import Order
from worksample.services.base import Database
from worksample.services.postgres import PostgresServer, wanted_extensions
from worksample.stacks import recognise
from worksample.stacks.building import words
from worksample.targets import ExternalTarget, Lab, Labs, Target


class Hearer(Protocol):
    """Who wants to hear how a server comes to stand."""

    def step(self, name: str, detail: str = "") -> None:
        """A part begins: `preparing`, `building`, `starting`; or `reaching`."""

    def line(self, text: str) -> None:
        """A build or release step printed a line (untrusted text)."""

    def learned(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """How the folder was recognised, what it was recognised as, the digest of its content."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A server that answers; `database` is its own, None where it is not ours to look into.

    `labs` opens labs for it, None where it is not ours to copy.
    """

    target: Target | ExternalTarget
    database: Database | None
    labs: Labs | None = None


@asynccontextmanager
async def standing(order: Order, hearer: Hearer) -> AsyncIterator[Standing]:
    """Build and start what `order` names (or meet the server at its url); all gone afterwards.

    Raises `SubmissionError` when it cannot be built or started, `UserError` for a folder or an
    address that is none, and `HouseError` where this machine lacks what is needed.
    """
    if order.url:
        hearer.step("reaching", order.url)
        async with ExternalTarget.open(order.url) as running:
            yield Standing(running, None)
        return
    plan = recognise(order.folder, order.settings)
    seen = plan.recognition
    hearer.learned(*seen.reasons, *seen.warnings, stack=seen.stack)
    hearer.step("preparing", "PostgreSQL")
    wanted = wanted_extensions(order.folder)
    async with PostgresServer.start(url=order.postgres or None, extensions=wanted) as server:
        database = await server.create_database()
        hearer.step("building", seen.stack)
        async with plan.build(on_line=hearer.line) as built:
            hearer.learned(digest=built.digest)
            hearer.step("starting", words(seen.start))
            start = Target.start(built, resources=[database], on_line=hearer.line)
            async with start as target:
                yield Standing(target, database, lambda: Lab.open(built, server))
