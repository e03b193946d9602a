"""Adapters of the suite about paged lists: the sailings of a port, and one's own reservations."""

from __future__ import annotations

import asyncio
from typing import Any

from worksample.checks import Answer

from .world import Booking, Person, Reservation, departure


class PagedSailings:
    """The sailings of a new port."""

    things = "sailings"
    key = "id"
    counter = "sailingsCount"
    default_limit = 20
    views = ("the list",)
    ordered_views = ("the list by both ports",)

    def __init__(self, world: Booking) -> None:
        self.world = world
        self.port, self.destination = world.port(), world.port()

    async def fill(self, count: int) -> None:
        """Open sailings of one port."""
        await self.fill_in_order(count)

    async def fill_in_order(self, count: int) -> list[str]:
        """Open sailings at different times, the last departure first; return them as listed."""
        opened = [await self._open(days) for days in range(count, 0, -1)]
        return opened[::-1]

    async def fill_at_once(self, count: int) -> list[str]:
        """Open sailings that depart in the same instant; return their ids."""
        when = departure(days=30)
        await self.world.operator()
        return list(await asyncio.gather(*(self._open(0, when) for _ in range(count))))

    async def _open(self, days: int, when: str = "") -> str:
        sailing = await self.world.open_sailing(
            from_=self.port, to=self.destination, departsAt=when or departure(days=days)
        )
        return str(sailing.id)

    async def page(self, view: str, **query: str | int) -> Answer:
        """Request a page of the list by one port or both."""
        if view == "the list by both ports":
            query["to"] = self.destination
        return await self.world.visitor().list(from_=self.port, **query)

    def keys(self, answer: Answer) -> list[Any]:
        """Return the ids, as texts."""
        return [str(each) for each in answer.each("sailings", "id")]

    def total(self, answer: Answer) -> Any:
        """Return `sailingsCount`."""
        return answer.at("sailingsCount")


class PagedReservations:
    """The reservations of a new account."""

    things = "reservations"
    key = "id"
    counter = "reservationsCount"
    default_limit = 20
    views = ("the list",)
    ordered_views = ("the list of what is held",)

    def __init__(self, world: Booking) -> None:
        self.world = world
        self.traveller: Person = world.visitor()

    async def fill(self, count: int) -> None:
        """Reserve one seat after the other, in one sailing."""
        await self.fill_in_order(count)

    async def fill_in_order(self, count: int) -> list[str]:
        """Reserve one seat after the other; return the ids, the newest first."""
        sailing, other = await self.world.open_sailing(seats=200), await self.world.own_member()
        self.traveller = await self.world.own_member()
        await other.reserves(sailing)
        made = [await self.traveller.reserves(sailing) for _ in range(count)]
        return _ids(made[::-1])

    async def fill_at_once(self, count: int) -> list[str]:
        """Reserve seats at the same time; return the ids."""
        sailing, self.traveller = (
            await self.world.open_sailing(seats=200),
            await self.world.own_member(),
        )
        return _ids(await asyncio.gather(*(self.traveller.reserves(sailing) for _ in range(count))))

    async def page(self, view: str, **query: str | int) -> Answer:
        """Request a page of the list, or of what is held."""
        if view == "the list of what is held":
            query["status"] = "held"
        return await self.traveller.reservations(**query)

    def keys(self, answer: Answer) -> list[Any]:
        """Return the ids, as texts."""
        return [str(each) for each in answer.each("reservations", "id")]

    def total(self, answer: Answer) -> Any:
        """Return `reservationsCount`."""
        return answer.at("reservationsCount")


def _ids(reservations: list[Reservation]) -> list[str]:
    return [str(each.id) for each in reservations]
