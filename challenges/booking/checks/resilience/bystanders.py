"""What clients that have nothing to do with a fault ask; the writes to interrupt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from worksample.checks import expect
from worksample.probes.exchange import Exchange, Request

from ..world import Booking, Person, Sailing
from .writes import BookingWrites


class Traveller:
    """A client that reads a sailing and reserves seats; its large request opens a sailing."""

    person: Person
    sailing: Sailing

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Sign up as an operator, and open the sailing to read."""
        self.person = await self.world.sign_up(operatorCode=self.world.operator_code)
        self.sailing = await self.person.opens(seats=5000)

    def read_request(self) -> Request:
        """Read the sailing."""
        return self._request("GET", self.sailing.path)

    def other_reads(self) -> Sequence[Request]:
        """Read the sailings, and the own reservations."""
        return [self._request("GET", path) for path in ("/sailings", "/reservations")]

    def write_request(self) -> Request:
        """Reserve a seat."""
        payload = {"reservation": {"seats": 1}}
        return self._request("POST", f"{self.sailing.path}/reservations", payload)

    def large_request(self) -> Request:
        """Open a sailing."""
        return self._request("POST", "/sailings", {"sailing": self.world.sailing()})

    async def lost(self, acknowledged: Sequence[Exchange]) -> list[Exchange]:
        """Return those of the reservations that are not stored."""
        answer = expect(await self.person.reservations(limit=100)).ok()
        stored = answer.each("reservations", "id")
        return [each for each in acknowledged if _reservation_in(each) not in stored]

    def _request(self, method: str, path: str, *payload: Any) -> Request:
        return self.world.request(method, path, *payload, token=self.person.token)


def _reservation_in(exchange: Exchange) -> Any:
    """Return the id of the reservation in an answer; None if it holds none."""
    body = orjson.loads(exchange.response.body) if exchange.response else {}
    shown = body.get("reservation") if isinstance(body, dict) else None
    return shown.get("id") if isinstance(shown, dict) else None


class Vanishing:
    """The writes in whose middle clients disconnect."""

    kinds: Sequence[str] = ("reserving", "paying", "cancelling")
    writes: BookingWrites
    bystander: Traveller

    def __init__(self, world: Booking) -> None:
        self.writes, self.bystander = BookingWrites(world), Traveller(world)


class InProgress(Vanishing):
    """The write that is in progress at SIGTERM."""

    kinds = ("reserving",)
