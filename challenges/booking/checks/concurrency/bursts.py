"""Bursts: up to 48 requests that start at the same moment (M1)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from worksample.checks import Answer, Meaning, expect
from worksample.probes.exchange import Request
from worksample.suites.bursts import BURST_SIZE, a_burst_has_a_serial_result, small_burst_size
from worksample.suites.races import CHECK_THEN_ACT, UNIQUE_CONSTRAINT_HINT

from ..world import Booking, Person, Sailing
from .races import SEATS_HINT

PEOPLE = 8
SEATS = 10


class LastSeats:
    """A crowd wants the ten seats of a boat, each person several times."""

    label = "one of many reserves a seat"
    people: list[Person]
    sailing: Sailing

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Sign up several accounts concurrently."""
        self.people = await asyncio.gather(*(self.world.shared_member() for _ in range(PEOPLE)))

    async def requests(self) -> list[Request]:
        """Reserve one seat each in a new sailing."""
        self.sailing = await self.world.open_sailing(seats=SEATS)
        path = f"{self.sailing.path}/reservations"
        return [
            self.world.request("POST", path, {"reservation": {"seats": 1}}, token=person.token)
            for person in self.people * (BURST_SIZE // PEOPLE)
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect that as many got a seat as there are seats, and the others a clear refusal."""
        for answer in answers:
            expect(answer).means(
                Meaning.CREATED, Meaning.TAKEN, because="a seat is reserved, or the boat is full"
            )
        got = sum(200 <= answer.status < 300 for answer in answers)
        expect(got, "reservations that got a seat").equals(SEATS)
        left = await self.people[0].sees_seats_left(self.sailing)
        expect(left, "`seatsLeft`").equals(0)


class Registrations:
    """Many people register one address."""

    label = "one of many registers the same address"

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Require that registering works."""
        await self.world.sign_up()

    async def requests(self) -> list[Request]:
        """Register a new address several times."""
        email = self.world.new_email()
        accounts = [
            self.world.new_account(email=email) for _ in range(small_burst_size(self.world))
        ]
        return [self.world.request("POST", "/accounts", {"account": each}) for each in accounts]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect that one of them got it."""
        for answer in answers:
            expect(answer).not_server_error(
                because="a taken address must be refused, however many requests arrive"
            )
        opened = sum(200 <= answer.status < 300 for answer in answers)
        expect(opened, "registrations that got the address").equals(1)


burst = partial(a_burst_has_a_serial_result.declare, clause="M1", stage=6)
CHECKS = [
    *burst(
        LastSeats,
        id="a-crowd-gets-only-the-seats-that-there-are",
        title="Fifty people want ten seats: ten get one",
        why="On the day when the summer timetable opens, everybody taps at eight o'clock.",
        hint=SEATS_HINT,
        cites=CHECK_THEN_ACT,
    ),
    *burst(
        Registrations,
        id="an-address-is-given-to-one-of-a-crowd",
        title="When one address is registered many times at the same moment, one gets it",
        why="An impatient thumb opens three accounts, and the tickets are in the other two.",
        hint=UNIQUE_CONSTRAINT_HINT,
        cites=CHECK_THEN_ACT,
    ),
]
