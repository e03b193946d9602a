"""Leaks in responses: passwords and hashes, e-mail addresses, server internals (S3, S7)."""

from __future__ import annotations

from worksample.checks import Answer, Words
from worksample.suites import leaks
from worksample.suites.account_disclosures import AccountDisclosures, generated_by

from ..booking_accounts import BookingAccounts
from ..operations import LOGIN
from ..valid_requests import BookingRequests
from ..world import Booking


class BookingDisclosures(AccountDisclosures):
    """Requests whose answers must not disclose anything."""

    world: Booking
    accounts: BookingAccounts
    catalogue: BookingRequests
    invalid_paths = (
        "/sailings?limit=x", "/sailings?offset=99999999999999999999", "/nowhere", "/account",
    )  # fmt: skip

    def __init__(self, world: Booking) -> None:
        self.world = world
        self.accounts = BookingAccounts(world)
        self.catalogue = BookingRequests(world)

    async def public_answers(self) -> tuple[str, list[Answer]]:
        """Return an operator's address, and what others see of a sailing and a reservation."""
        operator, traveller = await self.world.operator(), await self.world.sign_up()
        sailing = await operator.opens()
        reservation = await traveller.reserves(sailing)
        return operator.email, [
            await traveller.read(sailing),
            await traveller.list(from_=sailing.sent["from"]),
            await traveller.read(reservation),
            await traveller.reservations(),
            await traveller.pay(reservation, reservation.total),
        ]

    async def database_refusals(self) -> list[Answer]:
        """Return answers to duplicates, to NUL characters and to values that are too large."""
        world = self.world
        owner = await world.sign_up(operatorCode=world.operator_code)
        reservation = await owner.reserves(await owner.opens())
        return [
            await world.register(world.new_account(email=owner.email)),
            await owner.change(name="nul \0 inside"),
            await owner.open(world.sailing(to="nul \0 inside")),
            await owner.open(world.sailing(seats=2**63)),
            await owner.pay(reservation, 2**63),
            await owner.list(from_="nul \0 inside"),
            await owner.list(offset=10**30),
        ]


CHECKS = [
    *leaks.PASSIVE.checks(
        generated_by(Booking.api),
        clause="S3",
        stage=8,
        words={"no-answer-shows-insides": Words(clause="S7")},
    ),
    *leaks.SUITE.checks(
        BookingDisclosures,
        clause="S7",
        stage=8,
        words={
            "others-see-no-address": Words(
                id="sailings-hold-no-address",
                title="Sailings and reservations never hold an e-mail address",
                why="The address of the man at the counter is nobody's business.",
                clause="S3",
            ),
            "accounts-hold-no-password": Words(clause="S3", stage=2),
            "a-login-does-not-tell-who-is-a-member": Words(
                clause="A4", operations=[LOGIN], stage=8
            ),
        },
    ),
]
