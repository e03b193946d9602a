"""Responses validated against the OpenAPI document: every operation, in more than one state."""

from __future__ import annotations

from worksample.checks import NoAdapter, Words
from worksample.suites.contract_shapes import PASSIVE, Answers, answers_have_their_shape, script

from ..operations import (
    CANCEL,
    CURRENT_ACCOUNT,
    LIST_RESERVATIONS,
    LIST_SAILINGS,
    LOGIN,
    OPEN_SAILING,
    PAY,
    REGISTER,
    RESERVATION,
    RESERVE,
    SAILING,
    UPDATE_ACCOUNT,
)
from ..world import Booking


async def accounts(world: Booking) -> Answers:
    yield "register", await world.register(world.new_account())
    person = await world.own_member()
    yield "login", await world.log_in(person.email, person.password)
    yield "currentAccount", await person.me()
    yield "updateAccount", await person.change(name=world.unique_name("n"))
    yield "currentAccount", await (await world.operator()).me()


async def sailings(world: Booking) -> Answers:
    operator = await world.operator()
    yield "openSailing", await operator.open(world.sailing())
    sailing = await operator.opens()
    yield "sailing", await world.visitor().read(sailing)
    yield "listSailings", await world.visitor().list(from_=sailing.sent["from"])
    yield "listSailings", await world.visitor().list(from_=world.port())


async def reservations(world: Booking) -> Answers:
    sailing, traveller = await world.open_sailing(), await world.own_member()
    yield "listReservations", await traveller.reservations()
    yield "reserve", await traveller.reserve(sailing, 2)
    reservation = await traveller.reserves(sailing)
    yield "reservation", await traveller.read(reservation)
    yield "pay", await traveller.pay(reservation, reservation.total)
    yield "cancel", await traveller.cancel(reservation)
    yield "reservation", await traveller.read(reservation)
    yield "listReservations", await traveller.reservations()


CHECKS = [
    *answers_have_their_shape.declare(
        script(accounts),
        id="accounts-have-their-shape",
        title="Accounts are answered in the shape of the contract",
        clause="A1",
        operations=[REGISTER, LOGIN, CURRENT_ACCOUNT, UPDATE_ACCOUNT],
    ),
    *answers_have_their_shape.declare(
        script(sailings),
        id="sailings-have-their-shape",
        title="Sailings are answered in the shape of the contract",
        clause="D3",
        operations=[OPEN_SAILING, SAILING, LIST_SAILINGS],
    ),
    *answers_have_their_shape.declare(
        script(reservations),
        id="reservations-have-their-shape",
        title="Reservations are answered in the shape of the contract",
        clause="B1",
        operations=[RESERVE, LIST_RESERVATIONS, RESERVATION, PAY, CANCEL],
    ),
    *PASSIVE.checks(
        NoAdapter,
        clause="G4",
        stage=5,
        words={"no-answer-breaks-the-contract": Words(clause="G1")},
    ),
]
