"""Races between two writes: seats, payments, cancellations, keys and accounts (M1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Race, Words
from worksample.suites import account_races
from worksample.suites.races import (
    BOTH_SUCCEED,
    CHECK_THEN_ACT,
    IDEMPOTENT_HINT,
    LOST_UPDATE,
    ONE_SUCCEEDS,
    RaceFactory,
    pair_of_writes,
)

from ..booking_accounts import BookingAccounts
from ..world import CANCELLING, Booking
from .state import money_in_answer, of_reservation, seats_and_money

SEATS_HINT = (
    "Reading how many seats are left and then storing the reservation sells a seat twice: lock the "
    "row of the sailing first, or let one statement check and take the seats."
)
STATUS_HINT = (
    "Lock the reservation (SELECT … FOR UPDATE) before you look at its status, or change it with "
    "one statement that names the old status."
)
pair = partial(pair_of_writes, clause="M1", stage=6)
CHECKS = account_races.SUITE.checks(
    BookingAccounts,
    clause="M1",
    stage=6,
    without=("two-spellings-at-once-are-one-account",),
    words={
        "an-address-is-given-to-one-of-two": Words(
            title="Two people register one address at the same moment: one gets it"
        ),
        "a-new-password-survives-another-change": Words(
            id="two-changes-of-an-account-are-both-kept",
            title="A change of name and one of password at the same moment are both kept",
            clause="A7",
        ),
    },
)


@pair(
    title="Two people reserve the last seat at the same moment: one gets it",
    why="Two families had a ticket for the last two seats.",
    hint=SEATS_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-full-boat-takes-nobody",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
)
async def a_seat_is_given_to_one_of_two(world: Booking) -> RaceFactory:
    operator, ann, bob = await world.operator(), await world.own_member(), await world.own_member()

    async def new_race() -> Race:
        sailing = await operator.opens(seats=3)
        return Race(
            first=lambda: ann.reserve(sailing, 2),
            second=lambda: bob.reserve(sailing, 2),
            read_state=lambda: seats_and_money(sailing, ann, bob),
        )

    return new_race


@pair(
    title="Two taps on Pay at the same moment charge once",
    clause="E2",
    why="Telephones send a tap twice when the network is slow, and nobody wants to pay twice.",
    hint=STATUS_HINT,
    cites=CHECK_THEN_ACT,
    needs="paying-twice-charges-once",
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def two_payments_at_once_charge_once(world: Booking) -> RaceFactory:
    sailing, ann = await world.open_sailing(seats=5000), await world.shared_member()

    async def new_race() -> Race:
        reservation = await ann.reserves(sailing, 2)

        async def read_state() -> Any:
            state = await of_reservation(ann, reservation)
            return {name: state[name] for name in state if name != "seatsLeft"}

        return Race(
            first=lambda: ann.pay(reservation, reservation.total),
            second=lambda: ann.pay(reservation, reservation.total),
            read_state=read_state,
            view=money_in_answer,
        )

    return new_race


@pair(
    title="Two cancellations at the same moment give seats and money back once",
    clause="X2",
    why="Seats that are given back twice are sold twice.",
    hint=STATUS_HINT,
    cites=CHECK_THEN_ACT,
    needs="cancelling-twice-gives-back-once",
    outcomes=BOTH_SUCCEED,
    symmetric=True,
)
async def two_cancellations_at_once_give_back_once(world: Booking) -> RaceFactory:
    operator, ann = await world.operator(), await world.shared_member()

    async def new_race() -> Race:
        sailing = await operator.opens(seats=9)
        await ann.reserves(sailing, 4)
        reservation = await ann.reserves(sailing, 2)
        await ann.pays(reservation)
        return Race(
            first=lambda: ann.cancel(reservation),
            second=lambda: ann.cancel(reservation),
            read_state=lambda: of_reservation(ann, reservation),
            view=money_in_answer,
        )

    return new_race


@pair(
    title="Paying and cancelling at the same moment ends like one after the other",
    why="The money is taken, the seat is gone, and each of the two requests believes that it won.",
    hint=STATUS_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-cancelled-reservation-cannot-be-paid",
    outcomes=(("done", "done"), ("done", "refused")),
)
async def paying_and_cancelling_at_once_adds_up(world: Booking) -> RaceFactory:
    operator, ann = await world.operator(), await world.shared_member()

    async def new_race() -> Race:
        reservation = await ann.reserves(await operator.opens(seats=9), 2)
        return Race(
            first=lambda: ann.pay(reservation, reservation.total),
            second=lambda: ann.cancel(reservation),
            read_state=lambda: of_reservation(ann, reservation),
        )

    return new_race


@pair(
    title="Reserving while somebody else cancels loses no seat and doubles none",
    why="After a storm some cancel while others reserve: the count is wrong from then on.",
    hint=SEATS_HINT,
    cites=LOST_UPDATE,
    needs=CANCELLING,
    outcomes=BOTH_SUCCEED,
)
async def reserving_while_another_cancels_adds_up(world: Booking) -> RaceFactory:
    operator, ann, bob = await world.operator(), await world.own_member(), await world.own_member()

    async def new_race() -> Race:
        sailing = await operator.opens(seats=9)
        reservation = await bob.reserves(sailing, 3)
        return Race(
            first=lambda: ann.reserve(sailing, 2),
            second=lambda: bob.cancel(reservation),
            read_state=lambda: seats_and_money(sailing, ann, bob),
        )

    return new_race


@pair(
    title="The same key, sent twice at the same moment, reserves once",
    clause="B5",
    why="The app asks again before the first answer has come, and a family has eight seats.",
    hint=IDEMPOTENT_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-repeated-key-reserves-once",
    outcomes=(*BOTH_SUCCEED, *ONE_SUCCEEDS),
    symmetric=True,
)
async def one_key_at_once_reserves_once(world: Booking) -> list[RaceFactory]:
    """The key is sent for one sailing, then for two, of which one is refused."""
    operator, ann, bob = await world.operator(), await world.own_member(), await world.own_member()

    async def on_one_sailing() -> Race:
        sailing, key = await operator.opens(seats=9), world.unique_name("key")
        return Race(
            first=lambda: ann.reserve(sailing, 2, key=key),
            second=lambda: ann.reserve(sailing, 2, key=key),
            read_state=lambda: seats_and_money(sailing, ann),
        )

    async def on_two_sailings() -> Race:
        one, other = await operator.opens(seats=9), await operator.opens(seats=9)
        key = world.unique_name("key")

        async def read_state() -> Any:
            return [await seats_and_money(sailing, bob) for sailing in (one, other)]

        return Race(
            first=lambda: bob.reserve(one, 2, key=key),
            second=lambda: bob.reserve(other, 2, key=key),
            read_state=read_state,
        )

    return [on_one_sailing, on_two_sailings]
