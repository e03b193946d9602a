"""Mass assignment: extra fields in a request must not change anything (S6)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Answer, Aspect, Meaning, check, expect
from worksample.suites.mass_assignment import (
    ACCOUNTS,
    CITES,
    HINT,
    SKILLS,
    a_write_sets_nothing_else,
    expect_accepted_or_refused,
)

from ..booking_accounts import BookingAccounts
from ..operations import OPEN_SAILING, REGISTER, RESERVE, UPDATE_ACCOUNT
from ..world import Booking, Json, Person, Sailing


class Opening:
    """Opens a sailing."""

    success = Meaning.CREATED
    written = "the new sailing"
    operator: Person
    before: Sailing

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> Json:
        """Open another sailing; return the extra fields, its id among them."""
        self.operator = await self.world.sign_up(operatorCode=self.world.operator_code)
        self.before = await self.operator.opens()
        return {
            "id": self.before.id + 100_000,
            **dict.fromkeys(("seatsLeft", "seats_left"), 3),
            **dict.fromkeys(("seatsTaken", "seats_taken", "taken", "reserved"), 5),
        }

    async def send(self, extra: Json) -> Answer:
        """POST /sailings."""
        return await self.operator.open(self.world.sailing(**extra))

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return the new sailing; expect an id of the server's, and all seats free."""
        if not accepted:
            return {}
        number = answer.at("sailing", "id")
        expect(number, "the id of the new sailing").differs_from(self.before.id + 100_000)
        seen = await self.operator.sees(Sailing(number, {}, {}))
        expect(seen.get("seatsLeft"), "`seatsLeft`").equals(20)
        return seen


class Reserving:
    """Reserves two seats."""

    success = Meaning.CREATED
    written = "the new reservation"
    traveller: Person
    victim: Person
    sailing: Sailing

    def __init__(self, world: Booking) -> None:
        self.world = world

    async def prepare(self) -> Json:
        """Open the sailing and sign both people up; return the extra fields."""
        self.sailing = await self.world.open_sailing(price=500)
        self.traveller, self.victim = await self.world.sign_up(), await self.world.sign_up()
        return {
            **dict.fromkeys(("total", "price", "amount"), 1),
            "status": "paid",
            **dict.fromkeys(("charged", "refunded"), 1000),
            **dict.fromkeys(("account_id", "accountId"), 1),
            **dict.fromkeys(("expiresAt", "expires_at"), "2999-01-01T00:00:00.000Z"),
        }

    async def send(self, extra: Json) -> Answer:
        """POST /sailings/{id}/reservations."""
        return await self.traveller.reserve(self.sailing, 2, **extra)

    async def look(self, answer: Answer, accepted: bool) -> Json:
        """Return the reservation; expect the usual price, hold and money."""
        if not accepted:
            return {}
        shown = dict(answer.at("reservation"))
        for name, value in (
            ("total", 1000), ("status", "held"), ("charged", 0), ("refunded", 0),
        ):  # fmt: skip
            expect(shown.get(name), f"`{name}`").equals(value)
        expect(str(shown.get("expiresAt"))[:4], "the year in `expiresAt`").differs_from("2999")
        listed = expect(await self.traveller.reservations()).ok()
        expect(listed.each("reservations", "id"), "the own list").equals([shown.get("id")])
        return shown


write = partial(a_write_sets_nothing_else.declare, clause="S6", stage=8)
CHECKS = [
    *ACCOUNTS.checks(BookingAccounts, clause="S6", operations=[REGISTER, UPDATE_ACCOUNT], stage=8),
    *write(
        Opening,
        id="opening-sets-nothing-else",
        title="Opening a sailing sets what the brief names, and nothing else",
        operations=[OPEN_SAILING],
    ),
    *write(
        Reserving,
        id="reserving-sets-nothing-else",
        title="Reserving sets what the brief names, no price and no status",
        why="Somebody crosses with nine people for nine cents.",
        operations=[RESERVE],
    ),
]


@check(
    title="Nobody names their own role",
    aspect=Aspect.SECURITY,
    stage=8,
    clause="S6",
    why="Somebody with a free account opens sailings.",
    hint=HINT,
    cites=CITES,
    skills=SKILLS,
)
async def nobody_names_their_own_role(world: Booking) -> None:
    extra: dict[str, Any] = {"role": "operator", "isOperator": True, "operator": True}
    person, account = await world.sign_up(), world.new_account(**extra)
    if expect_accepted_or_refused(await world.register(account), Meaning.CREATED):
        owner = await world.sign_in(account["email"], account["password"])
        expect((await owner.me()).at("account", "role"), "the role").equals("traveller")
        expect(await owner.open(world.sailing())).forbidden(because="the code was not sent")
    expect_accepted_or_refused(await person.change(name=person.name, **extra), Meaning.OK)
    expect((await person.me()).at("account", "role"), "the role").equals("traveller")
