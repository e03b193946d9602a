"""What signing in shows of accounts that writes register."""

from __future__ import annotations

import asyncio
from typing import Any

from worksample.suites.member_writes import SignInsOfNewAccounts
from worksample.suites.writes import ANSWERED, StateReader

from .library import Library, LibraryDatabase


class Registrations:
    """A library, and what is seen of accounts that were registered there or not."""

    def __init__(self, database: LibraryDatabase | None = None) -> None:
        self.world = Library()
        used = database or LibraryDatabase(self.world)
        self.world.context.database = used  # type: ignore[assignment]
        self._sign_ins = SignInsOfNewAccounts(self.world)

    async def seen(self, *, registered: bool) -> Any:
        """Return what signing in to a new account shows, after its registration or without it."""
        await self._sign_ins.prepare()
        account = self.world.new_account()
        if registered:
            await self.world.register(account)
        return await self._sign_ins.observe(StateReader(self.world), account)

    @property
    def logins(self) -> int:
        """How many sign-ins were sent."""
        return [path for _, path, *_ in self.world.sent].count("/desk")


def test_unknown_address_is_asked_for_once() -> None:
    async def look() -> None:
        found = Registrations()
        for _ in range(3):
            assert await found.seen(registered=False) == {ANSWERED: 401}
        assert found.logins == 1

    asyncio.run(look())


def test_registered_account_signs_in_each_time() -> None:
    async def look() -> None:
        found = Registrations()
        assert await found.seen(registered=False) == {ANSWERED: 401}
        for _ in range(2):
            assert (await found.seen(registered=True))["email"]
        assert found.logins == 3

    asyncio.run(look())


def test_addresses_that_the_database_does_not_show_are_asked_for_each_time() -> None:
    async def look() -> None:
        found = Registrations(database=LibraryDatabase(Library()))
        for _ in range(2):
            assert await found.seen(registered=False) == {ANSWERED: 401}
        assert found.logins == 2

    asyncio.run(look())
