"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import Fresh

from .world import Booking, Person, Reservation, Sailing


@dataclass(frozen=True, slots=True)
class Fixture:
    """The data that every operation needs to succeed: an operator who has reserved a seat."""

    world: Booking
    owner: Person
    sailing: Sailing
    reservation: Reservation

    @classmethod
    async def prepare(cls, world: Booking) -> Fixture:
        """Register an operator, who opens a sailing and reserves a seat in it."""
        owner = await world.sign_up(operatorCode=world.operator_code)
        sailing = await owner.opens(seats=5000)
        return cls(world, owner, sailing, await owner.reserves(sailing))

    @property
    def path_values(self) -> tuple[str, str]:
        """The ids of the sailing and of the reservation."""
        return str(self.sailing.id), str(self.reservation.id)

    def request(self, operation: str) -> Request:
        """Return the valid request for `operation`, sent by the owner."""
        return next(request for name, request in self.all() if name == operation)

    def with_bodies(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for every operation that takes a body."""
        world, owner = self.world, self.owner
        login = {"email": owner.email, "password": owner.password}
        change = {"name": owner.name, "password": owner.password}
        yield "register", self._json("POST", "/accounts", {"account": world.new_account()}, None)
        yield "login", self._json("POST", "/login", {"account": login}, None)
        yield "updateAccount", self._json("PUT", "/account", {"account": change})
        yield "openSailing", self._json("POST", "/sailings", {"sailing": world.sailing()})
        seats = {"reservation": {"seats": 1, "holdSeconds": 900}}
        yield "reserve", self._json("POST", f"{self.sailing.path}/reservations", seats)
        payment = {"payment": {"amount": self.reservation.total}}
        yield "pay", self._json("POST", f"{self.reservation.path}/payment", payment)

    def all(self) -> Iterator[tuple[str, Request]]:
        """Yield (operation, request) for every operation; the cancellation comes last.

        Here the reservation is sent with an `Idempotency-Key`, which other headers spoil.
        """
        for operation, request in self.with_bodies():
            if operation == "reserve":
                key = ("Idempotency-Key", f"{self.owner.name}-again")
                request = replace(request, headers=(*request.headers, key))
            yield operation, request
        yield "currentAccount", self._bare("GET", "/account")
        yield "listSailings", self._bare("GET", "/sailings?limit=5&offset=0")
        yield "sailing", self._bare("GET", self.sailing.path)
        yield "listReservations", self._bare("GET", "/reservations?limit=5&offset=0")
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

    async def prepare(self) -> Fixture:
        """Create the data of one set of valid requests."""
        return await Fixture.prepare(self.world)

    async def authorize(self) -> tuple[str, str]:
        """Register another operator, and return the Authorization header."""
        person = await self.world.sign_up(operatorCode=self.world.operator_code)
        return person.auth_header
