"""A valid request for every operation, from which the suites make hostile ones."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from worksample.probes.exchange import Request
from worksample.probes.http import json_request
from worksample.suites.requests import PASSWORD, Expensive, Fresh

from .operations import ALL, OPEN_SAILING, RESERVE
from .world import Booking, Person, Reservation, Sailing


@dataclass(frozen=True, slots=True)
class Fixture:
    """What the operations up to a stage need to succeed: an operator who has reserved a seat.

    owner: sends what shows or changes an account, which is its own.
    operator: an account shared by the hostile checks.
    """

    world: Booking
    asked: frozenset[str]
    owner: Person
    operator: Person
    sailing: Sailing | None
    reservation: Reservation | None

    @classmethod
    async def prepare(cls, world: Booking, owner: Person, operator: Person, stage: int) -> Fixture:
        """Let the operator, from their stages on, open a sailing, and both reserve a seat."""
        asked = frozenset(each.id for each in ALL if not stage or each.stage <= stage)
        sailing, reservation = None, None
        if OPEN_SAILING.id in asked:
            sailing = await operator.opens(seats=5000)
        if sailing and RESERVE.id in asked:
            reservation = await operator.reserves(sailing)
            await owner.reserves(sailing)
        return cls(world, asked, owner, operator, sailing, reservation)

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
        world, owner, operator = self.world, self.owner, self.operator
        login = {"email": owner.email, "password": owner.password}
        change = {"name": owner.name, "password": owner.password}
        yield "register", self._json("POST", "/accounts", {"account": world.new_account()})
        yield "login", self._json("POST", "/login", {"account": login})
        yield "updateAccount", self._json("PUT", "/account", {"account": change}, owner)
        yield "openSailing", self._json("POST", "/sailings", {"sailing": world.sailing()}, operator)
        if self.sailing:
            seats = {"reservation": {"seats": 1, "holdSeconds": 900}}
            path = f"{self.sailing.path}/reservations"
            yield "reserve", self._json("POST", path, seats, operator)
        if self.reservation:
            payment = {"payment": {"amount": self.reservation.total}}
            path = f"{self.reservation.path}/payment"
            yield "pay", self._json("POST", path, payment, operator)

    def _without_bodies(self) -> Iterator[tuple[str, Request]]:
        owner, operator = self.owner, self.operator
        yield "currentAccount", self._bare("GET", "/account", owner)
        yield "listSailings", self._bare("GET", "/sailings?limit=5&offset=0", operator)
        if self.sailing:
            yield "sailing", self._bare("GET", self.sailing.path, operator)
        yield "listReservations", self._bare("GET", "/reservations?limit=5&offset=0", owner)
        if self.reservation:
            path = self.reservation.path
            yield "reservation", self._bare("GET", path, operator)
            yield "cancel", self._bare("POST", f"{path}/cancellation", operator)

    def _json(self, method: str, path: str, payload: object, who: Person | None = None) -> Request:
        headers = (who.auth_header,) if who else ()
        return json_request(method, self.world.dialect.prefix + path, payload, headers=headers)

    def _bare(self, method: str, path: str, who: Person) -> Request:
        return Request(method, self.world.dialect.prefix + path, (who.auth_header,))


class BookingRequests:
    """Adapter of the suites of hostile and generated requests."""

    #: What `Booking.new_account` generates.
    fresh: Final[Mapping[str, Fresh]] = {"register": Fresh(re.compile(rb"\bu[a-z2-9]{8}\b"), "u")}
    expensive: Final[Mapping[str, Expensive]] = {"register": PASSWORD, "updateAccount": PASSWORD}
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
        self._owners: deque[Person] = deque()
        self._operator: Person | None = None

    async def prepare(self, stage: int) -> Fixture:
        """Create the data of valid requests for the operations up to `stage`."""
        if self._operator is None:
            code = self.world.operator_code
            self._operator = await self.world.shared_member("hostile", operatorCode=code)
        return await Fixture.prepare(self.world, await self._next_owner(), self._operator, stage)

    async def _next_owner(self) -> Person:
        """Return one of two accounts in turn, so that no lane renames that of the next one."""
        if len(self._owners) < 2:
            self._owners.appendleft(await self._sign_up())
        else:
            self._owners.rotate()
        return self._owners[0]

    async def authorize(self) -> tuple[str, str]:
        """Register another operator, and return the Authorization header."""
        return (await self._sign_up()).auth_header

    async def _sign_up(self) -> Person:
        return await self.world.sign_up(operatorCode=self.world.operator_code)
