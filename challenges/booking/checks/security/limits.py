"""Limits on the size of a request (S8)."""

from __future__ import annotations

from worksample.checks import expect
from worksample.probes.exchange import Request
from worksample.suites import limits

from ..operations import OPEN_SAILING
from ..world import Booking


class Ports:
    """Adapter of the suite of limits: an operator who opens sailings."""

    counted = "sailingsCount of the port"

    def __init__(self, world: Booking) -> None:
        self.world = world
        self.operator = world.visitor()
        self.port = world.port()

    async def prepare(self) -> None:
        """Register the operator."""
        self.operator = await self.world.operator()

    def request(self, text: str) -> Request:
        """Return the request that opens a sailing and has `text` beside its fields."""
        sailing = {"sailing": self.world.sailing(from_=self.port), "remark": text}
        return self.world.request("POST", "/sailings", sailing, token=self.operator.token)

    async def count(self) -> object:
        """Return how many sailings the port has."""
        answer = await self.operator.list(from_=self.port)
        return expect(answer).ok().at("sailingsCount")


CHECKS = limits.SUITE.checks(
    Ports,
    clause="S8",
    stage=8,
    operations=[OPEN_SAILING],
    # S8 names the status; no mutant answers with another one.
    without=("large-bodies-are-answered-with-413",),
)
