"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import Fresh

from .operations import ALL, OPEN_SAILING, RESERVE
from .world import Booking, Person, Reservation, Sailing


@dataclass(frozen=True, slots=True)
class Fixture:
    """What the operations up to a stage need to succeed: an operator who has reserved a seat."""

    world: Booking
    asked: frozenset[str]
    owner: Person
    sailing: Sailing | None
    reservation: Reservation | None

    @classmethod
    async def prepare(cls, world: Booking, stage: int) -> Fixture:
        """Register an operator, who from their stages on opens a sailing and reserves a seat."""
        asked = frozenset(each.id for each in ALL if not stage or each.stage <= stage)
        owner = await world.sign_up(operatorCode=world.operator_code)
        sailing, reservation = None, None
        if OPEN_SAILING.id in asked:
            sailing = await owner.opens(seats=5000)
        if sailing and RESERVE.id in asked:
            reservation = await owner.reserves(sailing)
        return cls(world, asked, owner, sailing, reservation)

    @property
    def path_values(self) -> tuple[str, ...]:
        """The ids of the sailing and of the reservation."""
        return tuple(str(each.id) for each in (self.sailing, self.reservation) if each)

    def with_bodies(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for each operation that takes a body."""
        return (each for each in self._with_bodies() if each[0] in self.asked)

    def all(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for each operation; the cancellation comes last.

        Here the reservation is sent with an `Idempotency-Key`, which other headers spoil.
        """
        every = chain(self._with_bodies(), self._without_bodies())
        return (self._with_key(*each) for each in every if each[0] in self.asked)

    def _with_key(self, operation: str, request: Request) -> tuple[str, Request]:
        key = ("Idempotency-Key", f"{self.owner.name}-again")
        if operation == "reserve":
            request = replace(request, headers=(*request.headers, key))
        return operation, request

    def _with_bodies(self) -> Iterator[tuple[str, Request]]:
        world, owner = self.world, self.owner
        login = {"email": owner.email, "password": owner.password}
        change = {"name": owner.name, "password": owner.password}
        yield "register", self._json("POST", "/accounts", {"account": world.new_account()}, None)
        yield "login", self._json("POST", "/login", {"account": login}, None)
        yield "updateAccount", self._json("PUT", "/account", {"account": change})
        yield "openSailing", self._json("POST", "/sailings", {"sailing": world.sailing()})
        if self.sailing:
            seats = {"reservation": {"seats": 1, "holdSeconds": 900}}
            yield "reserve", self._json("POST", f"{self.sailing.path}/reservations", seats)
        if self.reservation:
            payment = {"payment": {"amount": self.reservation.total}}
            yield "pay", self._json("POST", f"{self.reservation.path}/payment", payment)

    def _without_bodies(self) -> Iterator[tuple[str, Request]]:
        yield "currentAccount", self._bare("GET", "/account")
        yield "listSailings", self._bare("GET", "/sailings?limit=5&offset=0")
        if self.sailing:
            yield "sailing", self._bare("GET", self.sailing.path)
        yield "listReservations", self._bare("GET", "/reservations?limit=5&offset=0")
        if self.reservation:
            yield "reservation", self._bare("GET", self.reservation.path)
            yield "cancel", self._bare("POST", f"{self.reservation.path}/cancellation")

    def _json(self, method: str, path: str, payload: object, who: str | None = "owner") -> Request:
        headers = (self.owner.auth_header,) if who else ()
        return json_request(method, self.world.dialect.prefix + path, payload, headers=headers)

    def _bare(self, method: str, path: str) -> Request:
        return Request(method, self.world.dialect.prefix + path, (self.owner.auth_header,))


class BookingRequests:
    """Adapter of the suites of hostile and generated requests."""

    #: What `Booking.new_account` generates.
    fresh: Final[Mapping[str, Fresh]] = {"register": Fresh(re.compile(rb"\bu[a-z2-9]{8}\b"), "u")}
    token_changing = ("updateAccount",)
    without_required_fields = ("updateAccount",)
    with_ids = ("sailing", "reservation")
    lists: Final[Mapping[str, tuple[str, ...]]] = {
        "listSailings": ("from", "to"),
        "listReservations": ("status",),
    }
    paths = ("/accounts", "/login", "/account", "/sailings", "/sailings/1", "/nowhere")
    generated = (
        "register", "login", "updateAccount", "openSailing", "reserve", "pay",
        "listSailings", "sailing", "listReservations", "reservation",
    )  # fmt: skip

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self, stage: int) -> Fixture:
        """Create the data of valid requests for the operations up to `stage`."""
        return await Fixture.prepare(self.world, stage)

    async def authorize(self) -> tuple[str, str]:
        """Register another operator, and return the Authorization header."""
        person = await self.world.sign_up(operatorCode=self.world.operator_code)
        return person.auth_header
