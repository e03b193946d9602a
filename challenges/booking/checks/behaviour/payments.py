"""Paying and cancelling, once and again (E1 to E3, X1, X2)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Aspect, Meaning, check, expect
from worksample.messages import message

from ..world import Booking, Person, Reservation

SKILLS = ("rest", "relational-databases", "data-modeling")


def expect_money(answer: Answer, status: str, charged: int, refunded: int) -> None:
    """Expect status and money of the reservation in the answer."""
    for field, value in (("status", status), ("charged", charged), ("refunded", refunded)):
        expect(answer.at("reservation", field), f"`{field}`").equals(value)


async def expect_stored(
    person: Person, reservation: Reservation, status: str, charged: int, refunded: int
) -> None:
    """Expect status and money of the reservation when it is read."""
    answer = expect(await person.read(reservation)).ok()
    expect_money(answer, status, charged, refunded)


@check(
    title="Paying charges the total",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="E1",
    why="A ticket that is paid and not charged costs us the trip.",
    skills=SKILLS,
)
async def paying_charges_the_total(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(price=700), await world.shared_member()
    reservation = await traveller.reserves(sailing, 3)
    answer = expect(await traveller.pay(reservation, 2100)).ok()
    expect_money(answer, "paid", 2100, 0)
    await expect_stored(traveller, reservation, "paid", 2100, 0)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(17)


@check(
    title="Another amount than the total is refused",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="E1",
    why="Somebody pays one cent for nine seats.",
    skills=SKILLS,
)
async def another_amount_is_refused(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(price=700), await world.shared_member()
    reservation = await traveller.reserves(sailing, 2)
    amounts: tuple[Any, ...] = (1, 700, 1399, 1401, 0, -1400)
    for amount in amounts:
        answer = await traveller.pay(reservation, amount)
        expect(answer).means(
            Meaning.INVALID,
            because=message("the total is 1400, and {amount} was sent", amount=amount),
        )
    await expect_stored(traveller, reservation, "held", 0, 0)


@check(
    title="Paying twice is no error, and charges once",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="E2",
    why="The app was slow, and people tapped again.",
    skills=SKILLS,
)
async def paying_twice_charges_once(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(price=700), await world.shared_member()
    reservation = await traveller.reserves(sailing, 2)
    await traveller.pays(reservation)
    answer = expect(await traveller.pay(reservation, 1400)).ok(because="it is paid already")
    expect_money(answer, "paid", 1400, 0)
    await expect_stored(traveller, reservation, "paid", 1400, 0)


@check(
    title="What is cancelled cannot be paid",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="E3",
    why="We would take money for a seat that somebody else has.",
    skills=SKILLS,
)
async def a_cancelled_reservation_cannot_be_paid(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(), await world.shared_member()
    reservation = await traveller.reserves(sailing)
    await traveller.cancels(reservation)
    answer = await traveller.pay(reservation, reservation.total)
    expect(answer).means(Meaning.TAKEN, because="it is cancelled")
    await expect_stored(traveller, reservation, "cancelled", 0, 0)


@check(
    title="Cancelling gives seats and money back",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="X1",
    why="After a storm everybody wants the money back, and we want the seats.",
    skills=SKILLS,
)
async def cancelling_gives_seats_and_money_back(world: Booking) -> None:
    sailing, traveller = await world.open_sailing(price=700), await world.shared_member()
    held, paid = await traveller.reserves(sailing, 2), await traveller.reserves(sailing, 3)
    await traveller.pays(paid)
    answer = expect(await traveller.cancel(held)).ok()
    expect_money(answer, "cancelled", 0, 0)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(17)
    answer = expect(await traveller.cancel(paid)).ok()
    expect_money(answer, "cancelled", 2100, 2100)
    await expect_stored(traveller, paid, "cancelled", 2100, 2100)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(20)


@check(
    title="Cancelling twice is no error, and gives back once",
    aspect=Aspect.BEHAVIOUR,
    stage=5,
    clause="X2",
    why="Seats that are given back twice are sold twice.",
    skills=SKILLS,
)
async def cancelling_twice_gives_back_once(world: Booking) -> None:
    sailing = await world.open_sailing(seats=10, price=700)
    traveller, other = await world.shared_member(), await world.shared_member()
    reservation = await traveller.reserves(sailing, 2)
    await other.reserves(sailing, 5)
    await traveller.pays(reservation)
    await traveller.cancels(reservation)
    answer = expect(await traveller.cancel(reservation)).ok(because="it is cancelled already")
    expect_money(answer, "cancelled", 1400, 1400)
    await expect_stored(traveller, reservation, "cancelled", 1400, 1400)
    expect(await traveller.sees_seats_left(sailing), "`seatsLeft`").equals(5)
