"""Client for the booking API: people, sailings and reservations, named as the brief names them.

Methods with an imperative name (`reserve`, `pay`, `read`) send one request and return its `Answer`,
whatever it is. `sign_up`, `sign_in`, `opens` and the other methods in the third person (`reserves`,
`pays`, `cancels`) are preconditions: when they fail, the check is blocked by the check that tests
that operation.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from worksample.checks import (
    Answer,
    Dialect,
    Meaning,
    World,
    as_query,
    precondition,
    precondition_at,
)
from worksample.messages import message
from worksample.suites.account_member import AccountApi, Member
from worksample.suites.account_world import AccountWorld
from worksample.targets import Target

from .dialect import allowed_dialect, detect_dialect
from .operations import ALL, CANCEL, LOGIN, OPEN_SAILING, PAY, REGISTER, RESERVE, UPDATE_ACCOUNT

# The checks that prove the operations of preconditions; they are the `needs` of `precondition`.
REGISTERING = REGISTER.proven_by
SIGNING_IN = LOGIN.proven_by
CHANGING = UPDATE_ACCOUNT.proven_by
OPENING = OPEN_SAILING.proven_by
RESERVING = RESERVE.proven_by
PAYING = PAY.proven_by
CANCELLING = CANCEL.proven_by

#: The operator code where the environment of the server sets none (A10).
DEFAULT_CODE = "ahoy"
#: The shortest hold, and how long a check waits until it has ended by the server's clock too.
SHORT_HOLD, AFTER_SHORT_HOLD = 1, 1.25

#: Nothing has this id.
NO_ID = 2**31 - 1

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sailing:
    """An open sailing: its id, the fields that were sent, and the `sailing` of the answer."""

    id: int
    sent: Json
    shown: Json

    @property
    def path(self) -> str:
        """The path of the sailing below the base path."""
        return f"/sailings/{self.id}"


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation: its id, its sailing, and the `reservation` of the answer."""

    id: int
    sailing: Sailing
    shown: Json

    @property
    def path(self) -> str:
        """The path of the reservation below the base path."""
        return f"/reservations/{self.id}"

    @property
    def total(self) -> Any:
        """What it costs, as the server said."""
        return self.shown.get("total")


class Person(Member["Booking"]):
    """A visitor (no token) or the owner of an account."""

    # One request each; nothing is expected of the answer.

    async def open(self, sailing: Any) -> Answer:
        """POST /sailings with exactly this `sailing`."""
        label = "opens a sailing"
        return await self.ask("POST", "/sailings", label, payload={"sailing": sailing})

    async def read(self, thing: Sailing | Reservation) -> Answer:
        """GET /sailings/{id} or /reservations/{id}."""
        kind = "sailing" if isinstance(thing, Sailing) else "reservation"
        return await self.ask("GET", thing.path, message("reads a {kind}", kind=kind))

    async def list(self, **query: Any) -> Answer:
        """GET /sailings with this query."""
        return await self.ask("GET", path_with("/sailings", query), "lists sailings")

    async def reservations(self, **query: Any) -> Answer:
        """GET /reservations with this query."""
        path = path_with("/reservations", query)
        return await self.ask("GET", path, "lists their reservations")

    async def reserve(
        self, sailing: Sailing, seats: Any = 1, *, key: str = "", **fields: Any
    ) -> Answer:
        """POST /sailings/{id}/reservations, with an Idempotency-Key if `key` is given."""
        return await self.ask(
            "POST",
            f"{sailing.path}/reservations",
            message("reserves {seats} seats", seats=seats),
            payload={"reservation": {"seats": seats, **fields}},
            headers=[("Idempotency-Key", key)] if key else [],
        )

    async def pay(self, reservation: Reservation, amount: Any) -> Answer:
        """POST /reservations/{id}/payment."""
        payload = {"payment": {"amount": amount}}
        return await self.ask("POST", f"{reservation.path}/payment", "pays", payload=payload)

    async def cancel(self, reservation: Reservation) -> Answer:
        """POST /reservations/{id}/cancellation."""
        return await self.ask("POST", f"{reservation.path}/cancellation", "cancels")

    # Preconditions: a failure blocks the check instead of failing it.

    async def opens(self, **fields: Any) -> Sailing:
        """Open a sailing; `fields` override the generated ones (`from_` is `from`)."""
        sent = self.world.sailing(**fields)
        answer = precondition(await self.open(sent), Meaning.CREATED, needs=OPENING)
        shown = precondition_at(answer, "sailing", needs=OPENING)
        return Sailing(precondition_at(answer, "sailing", "id", needs=OPENING), sent, shown)

    async def reserves(
        self, sailing: Sailing, seats: int = 1, *, key: str = "", **fields: Any
    ) -> Reservation:
        """Reserve seats."""
        sent = await self.reserve(sailing, seats, key=key, **fields)
        answer = precondition(sent, Meaning.CREATED, needs=RESERVING)
        shown = precondition_at(answer, "reservation", needs=RESERVING)
        number = precondition_at(answer, "reservation", "id", needs=RESERVING)
        return Reservation(number, sailing, shown)

    async def reserves_and_lets_expire(self, sailing: Sailing, seats: int = 1) -> Reservation:
        """Reserve seats with the shortest hold, and return when it is over."""
        reservation = await self.reserves(sailing, seats, holdSeconds=SHORT_HOLD)
        await asyncio.sleep(AFTER_SHORT_HOLD)
        return reservation

    async def pays(self, reservation: Reservation) -> None:
        """Pay the total."""
        precondition(await self.pay(reservation, reservation.total), Meaning.OK, needs=PAYING)

    async def cancels(self, reservation: Reservation) -> None:
        """Cancel a reservation."""
        precondition(await self.cancel(reservation), Meaning.OK, needs=CANCELLING)

    async def sees(self, thing: Sailing | Reservation) -> Json:
        """Read a sailing or a reservation of one's own; return the object in the answer."""
        is_sailing = isinstance(thing, Sailing)
        needs, member = (OPENING, "sailing") if is_sailing else (RESERVING, "reservation")
        answer = precondition(await self.read(thing), Meaning.OK, needs=needs)
        precondition_at(answer, member, "id", needs=needs)
        return dict(precondition_at(answer, member, needs=needs))

    async def sees_seats_left(self, sailing: Sailing) -> Any:
        """Return `seatsLeft` of a sailing."""
        return (await self.sees(sailing)).get("seatsLeft")


class Booking(AccountWorld[Person]):
    """The booking client of one check."""

    operations = ALL
    api = AccountApi(
        register="/accounts",
        login="/login",
        own="/account",
        member="account",
        name="name",
        text="name",
        registering_check=REGISTERING,
        signing_in_check=SIGNING_IN,
        changing_check=CHANGING,
        personal=(r"GET .*/reservations",),
    )
    _operator: Person | None = None

    @classmethod
    async def detect_dialect(cls, world: World) -> Dialect:
        """Detect path prefix and statuses; see `dialect.detect_dialect`."""
        assert isinstance(world, cls)
        world.context.dialect = allowed_dialect(world.context)
        return await detect_dialect(world)

    @property
    def operator_code(self) -> str:
        """The code of the server's environment, or the one of the brief."""
        target = self.context.target
        environment = target.environment() if isinstance(target, Target) else {}
        return environment.get("OPERATOR_CODE") or DEFAULT_CODE

    def person(self, name: str = "", token: str | None = None, **account: str) -> Person:
        """Return a client that sends `token`."""
        return Person(self, name, token, **account)

    def sailing(self, **fields: Any) -> Json:
        """Return the fields of a new sailing; `fields` override them (`from_` is `from`)."""
        if "from_" in fields:
            fields["from"] = fields.pop("from_")
        fresh: Json = {
            "from": self.port(),
            "to": self.port(),
            "departsAt": departure(days=30),
            "seats": 20,
            "price": 1250,
        }
        return {**fresh, **fields}

    def port(self) -> str:
        """Return the name of a port that no sailing has."""
        return f"Port {self.unique_name('w')}"

    async def operator(self) -> Person:
        """Return an operator, always the same in a check, whose account other checks use too."""
        if self._operator is None:
            self._operator = await self.shared_member("operator", operatorCode=self.operator_code)
        return self._operator

    async def open_sailing(self, **fields: Any) -> Sailing:
        """Let the operator open a sailing; `fields` as in `sailing`."""
        return await (await self.operator()).opens(**fields)


def departure(days: float = 0, at: datetime | None = None) -> str:
    """Return a time `days` days from now (or from `at`), as the brief writes times."""
    then = (at or datetime.now(UTC)) + timedelta(days=days)
    return f"{then:%Y-%m-%dT%H:%M:%S}.{then.microsecond // 1000:03d}Z"


def instant(text: Any) -> datetime | None:
    """Return the time that `text` says, or None if it is no time in ISO 8601 with a zone."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def path_with(path: str, query: dict[str, Any]) -> str:
    """Return `path` with `query`, in which `from_` is `from`."""
    return path + as_query({name.rstrip("_"): value for name, value in query.items()})
