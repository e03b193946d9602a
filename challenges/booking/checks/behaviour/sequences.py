"""Random sequences of reservations, payments and cancellations, compared with a model.

A step names people, sailings and reservations by number, so that a sequence stays valid when steps
are removed from it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worksample.checks import Answer, Meaning, expect
from worksample.messages import message
from worksample.suites import sequences

from ..operations import CANCEL, LIST_RESERVATIONS, OPEN_SAILING, PAY, RESERVATION, RESERVE, SAILING
from ..world import AFTER_SHORT_HOLD, SHORT_HOLD, Booking, Person, Reservation, Sailing

PEOPLE = 2
SAILINGS = 2
SLOTS = 4
SEATS = 9
PRICE = 300
STEPS = 20
STEP_WEIGHTS = {"reserve": 6, "pay": 4, "pay less": 1, "cancel": 4, "lapse": 1}
STEP_PHRASES = {
    "reserve": "reserves {seats} seats in sailing {sailing} as reservation {slot}",
    "lapse": "lets reservation {slot} of {seats} seats in sailing {sailing} expire",
    "pay": "pays reservation {slot}",
    "pay less": "pays reservation {slot} with another amount",
    "cancel": "cancels reservation {slot}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Person number `actor` does `kind` to reservation number `slot` of theirs."""

    kind: str
    actor: int
    slot: int
    sailing: int
    seats: int


@dataclass(slots=True)
class Booked:
    """The expected state of one reservation."""

    reservation: Reservation
    sailing: int
    seats: int
    status: str = "held"
    charged: int = 0
    refunded: int = 0

    @property
    def taken(self) -> int:
        """How many seats it takes from its sailing."""
        return self.seats if self.status in ("held", "paid") else 0


class Model:
    """The expected state of the server, updated with every step."""

    def __init__(self, people: list[Person], sailings: list[Sailing]) -> None:
        self.people, self.sailings = people, sailings
        self.booked: dict[tuple[int, int], Booked] = {}

    @classmethod
    async def create(cls, world: Booking) -> Model:
        """Return a model of new accounts and sailings."""
        sailings = [await world.open_sailing(seats=SEATS, price=PRICE) for _ in range(SAILINGS)]
        return cls([await world.own_member() for _ in range(PEOPLE)], sailings)

    async def run(self, steps: Sequence[Step]) -> None:
        """Run `steps`, then compare everything that is shown; raises `CheckFailed`."""
        for step in steps:
            found = self.booked.get((step.actor, step.slot))
            if step.kind in ("reserve", "lapse"):
                if found is None:
                    await self._reserve(step)
            elif found is not None:
                act = self._cancel if step.kind == "cancel" else self._pay
                await act(self.people[step.actor], found, step.kind)
        await self._check_all_views()

    def _left(self, sailing: int) -> int:
        return SEATS - sum(each.taken for each in self.booked.values() if each.sailing == sailing)

    async def _reserve(self, step: Step) -> None:
        person, sailing = self.people[step.actor], self.sailings[step.sailing]
        hold = SHORT_HOLD if step.kind == "lapse" else 900
        answer = await person.reserve(sailing, step.seats, holdSeconds=hold)
        if step.seats > (left := self._left(step.sailing)):
            expect(answer).means(Meaning.TAKEN, because=message("{left} seats are left", left=left))
            return
        expect(answer).created(because=message("{left} seats are left", left=left))
        reservation = Reservation(
            answer.at("reservation", "id"), sailing, dict(answer.at("reservation"))
        )
        booked = Booked(reservation, step.sailing, step.seats)
        self.booked[step.actor, step.slot] = booked
        expect(answer.at("reservation", "total"), "`total`").equals(PRICE * step.seats)
        if step.kind == "lapse":
            await asyncio.sleep(AFTER_SHORT_HOLD)
            booked.status = "expired"

    async def _pay(self, person: Person, booked: Booked, kind: str) -> None:
        total = PRICE * booked.seats
        answer = await person.pay(booked.reservation, total - (kind == "pay less"))
        if kind == "pay less":
            expect(answer).means(
                Meaning.INVALID, Meaning.TAKEN, because=message("the total is {total}", total=total)
            )
        elif booked.status in ("cancelled", "expired"):
            expect(answer).means(
                Meaning.TAKEN, because=message("it is {status}", status=booked.status)
            )
        else:
            booked.status, booked.charged = "paid", total
            _compare(answer, booked, "when it is paid")

    async def _cancel(self, person: Person, booked: Booked, _: str) -> None:
        answer = await person.cancel(booked.reservation)
        if booked.status == "expired":
            expect(answer).means(Meaning.TAKEN, because="it is expired")
            return
        booked.status, booked.refunded = "cancelled", booked.charged
        _compare(answer, booked, "when it is cancelled")

    async def _check_all_views(self) -> None:
        for (actor, _), booked in self.booked.items():
            answer = await self.people[actor].read(booked.reservation)
            _compare(answer, booked, "when it is read")
        for number, sailing in enumerate(self.sailings):
            shown = await self.people[0].sees_seats_left(sailing)
            expect(shown, message("`seatsLeft` of sailing {number}", number=number)).equals(
                self._left(number)
            )
        for actor, person in enumerate(self.people):
            listed = expect(await person.reservations()).ok()
            wanted = [b.reservation.id for (who, _), b in self.booked.items() if who == actor]
            shown = listed.each("reservations", "id")
            expect(shown, message("the ids in the list of person {actor}", actor=actor)).equals(
                wanted[::-1]
            )


def _compare(answer: Answer, booked: Booked, when: str) -> None:
    """Compare the reservation in a successful answer with its expected state."""
    expect(answer).ok()
    for name in ("status", "charged", "refunded", "seats"):
        shown = answer.at("reservation", name)
        expect(shown, f"`{name}` {when}").equals(getattr(booked, name))


class BookingSteps:
    """Adapter of the suite of sequences."""

    def __init__(self, world: Booking) -> None:
        self.world = world

    def random_steps(self, rng: random.Random) -> list[Step]:
        """Return `STEPS` steps, at most one of which waits until a hold has expired.

        Payments and cancellations are of reservations that an earlier step has tried to make.
        """
        kinds, weights = list(STEP_WEIGHTS), list(STEP_WEIGHTS.values())
        steps: list[Step] = []
        tried: list[tuple[int, int]] = []
        while len(steps) < STEPS:
            kind = rng.choices(kinds, weights)[0] if tried else "reserve"
            if kind == "lapse" and any(each.kind == kind for each in steps):
                kind = "reserve"
            if kind in ("reserve", "lapse"):
                tried.append((rng.randrange(PEOPLE), rng.randrange(SLOTS)))
            actor, slot = tried[-1] if kind in ("reserve", "lapse") else rng.choice(tried)
            steps.append(Step(kind, actor, slot, rng.randrange(SAILINGS), rng.randint(1, 5)))
        return steps

    async def run(self, steps: Sequence[Step]) -> None:
        """Run the steps on a new `Model`."""
        await (await Model.create(self.world)).run(steps)

    def describe(self, step: Any) -> str:
        """Return the step in words."""
        phrase = STEP_PHRASES[step.kind]
        what = message(phrase, slot=step.slot, sailing=step.sailing, seats=step.seats)
        return message("person {actor} {what}", actor=step.actor, what=what)


CHECKS = sequences.SUITE.checks(
    BookingSteps,
    clause="B2",
    operations=[OPEN_SAILING, SAILING, RESERVE, LIST_RESERVATIONS, RESERVATION, PAY, CANCEL],
    title="Whatever is reserved, paid and cancelled, seats and money add up",
    why="Each operation works alone; seats and money go wrong when operations are combined.",
)
