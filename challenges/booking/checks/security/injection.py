"""Injection: input never becomes part of an SQL statement (S5)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Words, expect, segment
from worksample.suites import injection
from worksample.suites.injection import Stored

from ..booking_accounts import BookingAccounts
from ..operations import LIST_SAILINGS, LOGIN, OPEN_SAILING
from ..paged_sailings import PagedSailings
from ..world import Booking, Person, Reservation


class BookingQueries:
    """The places where input reaches a statement: filters, paths and texts."""

    accounts: BookingAccounts
    entries: PagedSailings
    filters = ("from", "to")
    list_name = "sailings"
    traveller: Person
    reservation: Reservation

    def __init__(self, world: Booking) -> None:
        self.world = world
        self.accounts = BookingAccounts(world)
        self.entries = PagedSailings(world)

    async def prepare(self) -> None:
        """Make a reservation."""
        self.traveller = await self.world.own_member()
        self.reservation = await self.traveller.reserves(await self.world.open_sailing())

    async def filter(self, name: str, text: str) -> Answer:
        """GET /sailings with one filter."""
        return await self.traveller.list(**{name: text})

    def listed(self, answer: Answer) -> Any:
        """Return the sailings."""
        return answer.at("sailings")

    async def name_in_paths(self, text: str) -> list[Answer]:
        """Read a sailing and a reservation, and cancel a reservation."""
        tail = segment(text)
        label = "sends SQL in the path"
        path = self.reservation.path
        return [
            await self.traveller.ask("GET", f"/sailings/999999{tail}", label),
            await self.traveller.ask("GET", f"{path}{tail}", label),
            await self.traveller.ask("POST", f"{path}{tail}/cancellation", label),
        ]

    async def read_prepared(self) -> Answer:
        """Read the reservation."""
        return await self.traveller.read(self.reservation)

    async def store(self, text: str) -> Stored:
        """Store the text as a port and as a name; the list is narrowed by it too."""
        text = text[:64]
        sailing = await self.world.open_sailing(from_=text)
        seen = await self.world.visitor().sees(sailing)
        listed = expect(await self.world.visitor().list(from_=text, limit=100)).ok()
        person = await self.world.own_member()
        changed = expect(await person.change(name=text)).ok()
        return Stored(
            [
                ("from", text, seen.get("from")),
                ("from in the list", [text], sorted(set(listed.each("sailings", "from")))),
                ("the name", text, changed.at("account", "name")),
            ]
        )

    async def store_markup(self, text: str) -> Stored:
        """Store the text as a port."""
        text = text[:64]
        sailing = await self.world.open_sailing(to=text)
        answer = expect(await self.world.visitor().read(sailing)).ok()
        return Stored([("to", text, answer.at("sailing", "to"))], [answer])


CHECKS = injection.SUITE.checks(
    BookingQueries,
    clause="S5",
    stage=8,
    # The API answers JSON only, and no mutant writes pages.
    without=("markup-is-data",),
    words={
        "filters-are-no-sql": Words(operations=[LIST_SAILINGS], stage=8),
        "a-login-is-no-sql": Words(operations=[LOGIN], stage=8),
        "quotes-are-stored-as-they-are": Words(operations=[OPEN_SAILING], stage=3),
    },
)
