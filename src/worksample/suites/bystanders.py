"""Other clients: the requests that they send while one request, or the database, has a fault."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Protocol

from worksample.checks import CheckFailed, Finding, World, cause_of, describe_exchange
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request
from worksample.probes.write_operations import succeeded

CROWD = 20
#: Twice the 10 seconds that briefs promise: a busy machine must not cause a finding.
ANSWER_SECONDS = 20.0


class Bystander(Protocol):
    """What a client that has nothing to do with the fault asks of the product."""

    async def prepare(self) -> None:
        """Create new data for the requests below. Raises `PreconditionFailed` if that fails."""

    def read_request(self) -> Request:
        """A read of something that is stored."""

    def other_reads(self) -> Sequence[Request]:
        """Reads of other kinds, one of each: lists, a page of somebody."""

    def write_request(self) -> Request:
        """A write that stores something new each time."""

    def large_request(self) -> Request:
        """A write with a body; it is sent by half."""

    async def lost(self, acknowledged: Sequence[Exchange]) -> list[Exchange]:
        """Return those of the acknowledged `write_request`s that are not stored."""


class Bystanders:
    """Sends the requests of a `Bystander`, one or many at a time."""

    def __init__(self, world: World, bystander: Bystander, reads: Sequence[Request]) -> None:
        self._world, self._bystander = world, bystander
        self._reads = cycle(reads)

    @classmethod
    async def create(
        cls, world: World, bystander: Bystander, *, every_kind: bool = False
    ) -> Bystanders:
        """Prepare the data. Raises `PreconditionFailed` if that fails.

        With `every_kind`, they read in turn all kinds of what the product lets them read, without
        those that fail already now.
        """
        await bystander.prepare()
        reads = [bystander.read_request()]
        others = cls(world, bystander, reads)
        if every_kind:
            asked = [(each, await others.read_this(each)) for each in bystander.other_reads()]
            served = [request for request, exchange in asked if succeeded(exchange)]
            others._reads = cycle([*reads, *served])
        return others

    async def read(self) -> Exchange:
        """Read something from the database."""
        return await self.read_this(next(self._reads))

    async def read_this(self, request: Request) -> Exchange:
        """Read what `request` asks for."""
        return await self._send(request, "another client reads")

    async def write(self) -> Exchange:
        """Store something new."""
        return await self._send(self._bystander.write_request(), "another client writes")

    async def burst(self) -> list[Exchange]:
        """Send twenty reads at the same moment."""
        requests = list(islice(self._reads, CROWD))
        label = message("one of {clients} clients reads", clients=CROWD)
        answers = await self._world.send_concurrently(requests, label, timeout=ANSWER_SECONDS)
        return [answer.exchange for answer in answers]

    async def lost(self, writes: Sequence[Exchange]) -> list[Exchange]:
        """Return those of `writes` that were acknowledged but are not stored."""
        return await self._bystander.lost([each for each in writes if succeeded(each)])

    async def _send(self, request: Request, label: str) -> Exchange:
        sent = self._world.send_raw(request, label=label, fresh=True, timeout=ANSWER_SECONDS)
        return (await sent).exchange


def expect_all_succeeded(answers: list[Exchange], because: str) -> None:
    """Raise `CheckFailed` unless every answer is a 2xx."""
    wrong = [each for each in answers if not succeeded(each)]
    if wrong:
        raise CheckFailed(
            Finding(
                expected=message(
                    "all {all} requests of other clients are answered with 2xx", all=len(answers)
                ),
                actual=message(
                    "{wrong} of {all} are not, the first: {first}",
                    wrong=len(wrong),
                    all=len(answers),
                    first=describe_exchange(wrong[0]),
                ),
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
                actual=message(
                    "{wrong} of {all} got none, the first: {first}",
                    wrong=len(wrong),
                    all=len(answers),
                    first=describe_exchange(wrong[0]),
                ),
                because=because,
                exchanges=(wrong[0],),
                culprit=0,
                cause=cause_of(wrong[0]),
            )
        )
