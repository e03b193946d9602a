"""Adapter of the suites about passwords and tokens."""

from __future__ import annotations

from worksample.checks import Answer
from worksample.suites.account_adapters import EmailAccounts

from .world import Person


class BookingAccounts(EmailAccounts):
    """Makes accounts, whose text is the name."""

    product_names = ("booking", "ferry", "ahoy")

    async def write_elsewhere(self, member: Person) -> Answer:
        """Reserve a seat."""
        return await member.reserve(await member.world.open_sailing())
