"""Two instances of the server on one database behave like one server (M2, G7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from worksample.checks import Answer, Aspect, Race, check, expect
from worksample.suites.races import (
    CHECK_THEN_ACT,
    DATABASE_LOCK_HINT,
    ONE_SUCCEEDS,
    RaceFactory,
    pair_of_writes,
)
from worksample.suites.two_instances import SHARED_STATE_HINT, SUITE, TWELVE_FACTOR

from ..world import Booking, Person, Sailing
from .state import seats_and_money


class BookingShared:
    """A traveller at the first instance, and the same one at the second."""

    here: Person
    there: Person
    sailing: Sailing

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def sessions(self, other: Booking) -> Sequence[Answer]:
        """Read an account at the instance that did not issue its token."""
        person = await self.world.own_member()
        there = await other.client_of(person).me()
        returning = await other.sign_in(person.email, person.password)
        return [there, await self.world.client_of(returning).me()]

    async def changes(self, other: Booking) -> AsyncIterator[None]:
        """Reserve here, where the sailing was read before, then there; pay here, cancel there."""
        self.here = await self.world.own_member()
        self.there = other.client_of(self.here)
        self.sailing = await self.world.open_sailing()
        await self.here.sees(self.sailing)
        first = await self.here.reserves(self.sailing, 2)
        yield
        second = await self.there.reserves(self.sailing, 3)
        yield
        await self.here.pays(second)
        yield
        await self.there.cancels(first)
        yield

    async def view(self, world: Booking) -> Mapping[str, Any]:
        """Return the sailing and the own reservations as the instance of `world` shows them."""
        client = self.here if world is self.world else self.there
        state: dict[str, Any] = await seats_and_money(self.sailing, client)
        listed = expect(await client.list(from_=self.sailing.sent["from"])).ok()
        return {**state, "seatsLeft in the list": listed.each("sailings", "seatsLeft")}


CHECKS = SUITE.checks(BookingShared, clause="M2", stage=6)


@check(
    title="A key that one copy of the server has seen is known to the other",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="The second try of a telephone goes to the other copy, and a family has eight seats.",
    hint=SHARED_STATE_HINT,
    cites=TWELVE_FACTOR,
    skills=SUITE.skills,
    lab=True,
)
async def a_key_is_known_to_both_copies(world: Booking) -> None:
    other = await world.second_instance()
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    key = world.unique_name("key")
    reservation = await traveller.reserves(sailing, 2, key=key)
    again = expect(await other.client_of(traveller).reserve(sailing, 2, key=key)).created(
        because="the same request was sent to the other instance"
    )
    expect(again.at("reservation", "id"), "the id of the reservation").equals(reservation.id)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(18)


@pair_of_writes(
    title="Two copies of the server sell the last seat once",
    stage=6,
    clause="M2",
    why="A lock in the memory of one instance has no effect in the other.",
    hint=DATABASE_LOCK_HINT,
    cites=CHECK_THEN_ACT,
    skills=SUITE.skills,
    across_instances=True,
    needs="a-full-boat-takes-nobody",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
)
async def a_seat_is_sold_once_by_two_copies(world: Booking, other: Booking) -> RaceFactory:
    operator, ann = await world.operator(), await world.own_member()
    bob = other.client_of(await world.own_member())

    async def new_race() -> Race:
        sailing = await operator.opens(seats=3)
        return Race(
            first=lambda: ann.reserve(sailing, 2),
            second=lambda: bob.reserve(sailing, 2),
            read_state=lambda: seats_and_money(sailing, ann, bob),
        )

    return new_race
