"""Accounts that Worksample copies in the database, so that one registration pays for many.

A good server pays half a second of CPU to hash a password. Where registering adds one row to one
table, a copy of that row with another name, address and password is another account. Its hash is
of the least cost (see `cheap_hashes`), and signing in to it gives its token. What checks are shown
as its history is the registration that would have made it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from worksample.checks import PreconditionFailed
from worksample.errors import DatabaseError
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.services import CopyableDatabase, Row
from worksample.suites.cheap_hashes import cheap_hash
from worksample.suites.shared_accounts import SharedAccount, registered, shown_to

if TYPE_CHECKING:
    from worksample.suites.account_world import AccountWorld

Json = dict[str, Any]
_PURPOSE = "copied account"
_AT_ONCE = 24


async def register_one_copy_others(world: AccountWorld[Any], count: int) -> Sequence[SharedAccount]:
    """Return a new account and `count` - 1 copies of it; nobody else may use the server meanwhile.

    Only the account, if it cannot be copied; none, if the server gives no account that it shows.
    """
    database, found = world.context.copyable, list[SharedAccount]()
    with suppress(DatabaseError):
        before = await database.row_counts() if database else {}
        if first := await registered(world.apart(_PURPOSE, 0)):
            found.append(first)
            found += await _copies(world, database, before, first, count - 1)
    return found


async def _copies(
    world: AccountWorld[Any],
    database: CopyableDatabase | None,
    before: Mapping[str, int],
    first: SharedAccount,
    count: int,
) -> Sequence[SharedAccount]:
    """Return copies of `first`, before whose registration tables had so many rows."""
    row = await _only_new_row(database, before, first) if database else None
    hashed = _only_hash(row) if row else None
    if database is None or row is None or hashed is None:
        return ()
    return await _Copying(world, database, first, row, hashed).copies(count)


async def _only_new_row(
    database: CopyableDatabase, before: Mapping[str, int], account: SharedAccount
) -> Row | None:
    """Return the row of `account` if its registration added that row and no other one."""
    after = await database.row_counts()
    added = {table: count - before.get(table, 0) for table, count in after.items()}
    changed = {table: number for table, number in added.items() if number}
    rows = await database.rows_containing(account.email)
    if len(rows) == 1 and changed == {rows[0].table: 1}:
        return rows[0]
    return None


def _only_hash(row: Row) -> str | None:
    texts = (each for each in row.values.values() if isinstance(each, str))
    hashes = [each for each in texts if cheap_hash(each, "")]
    return hashes[0] if len(hashes) == 1 else None


@dataclass(frozen=True, slots=True)
class _Copying:
    """Makes copies of the account `first`, whose `row` holds the hash `hashed`."""

    world: AccountWorld[Any]
    database: CopyableDatabase
    first: SharedAccount
    row: Row
    hashed: str

    async def copies(self, count: int) -> list[SharedAccount]:
        """Return so many copies, or fewer; none if a trial with one of them fails."""
        accounts = [self.world.apart(_PURPOSE, 1 + each).new_account() for each in range(count)]
        trial = await self._copied(accounts[:1])
        return [*trial, *await self._copied(accounts[1:])] if trial else []

    async def _copied(self, accounts: Sequence[Json]) -> list[SharedAccount]:
        if not await self.database.copy_row(self.row, [self._texts(each) for each in accounts]):
            return []
        waiting, found = iter(accounts), list[SharedAccount]()

        async def sign_in_some() -> None:
            for account in waiting:
                copy = await self._signed_in(account)
                if copy is None:
                    return
                found.append(copy)

        await asyncio.gather(*(sign_in_some() for _ in range(_AT_ONCE)))
        return found

    def _texts(self, account: Json) -> dict[str, str]:
        """Return what stands in a copy of the row in place of the texts of the first account."""
        cheap = cheap_hash(self.hashed, account["password"]) or self.hashed
        return {**self._names(account), self.hashed: cheap}

    def _names(self, account: Json) -> dict[str, str]:
        name = self.world.api.name
        return {self.first.email: account["email"], self.first.name: account[name]}

    async def _signed_in(self, account: Json) -> SharedAccount | None:
        """Sign in; None if the server does not show the copy as one."""
        api, first = self.world.api, self.first
        name, email, password = account[api.name], account["email"], account["password"]
        try:
            member = await self.world.apart(_PURPOSE, -1).sign_in(email, password)
        except PreconditionFailed:
            return None
        shown = name, email, name if api.text == api.name else first.shown[2]
        if await shown_to(member) != shown:
            return None
        token = str(member.token)
        changes = {**self._names(account), first.password: password, first.token: token}
        exchanges = tuple(_as_registered(each, changes) for each in first.exchanges)
        return SharedAccount(name, token, email, password, exchanges, first.detours, shown)


def _as_registered(exchange: Exchange, changes: Mapping[str, str]) -> Exchange:
    """Return an exchange of the registration as it would have been for the copy."""
    request, response = exchange.request, exchange.response
    label = _replaced(exchange.label.encode(), changes).decode()
    return replace(
        exchange,
        request=replace(request, body=_replaced(request.body, changes)),
        response=response and replace(response, body=_replaced(response.body, changes)),
        label=message("{label} (Worksample copied the account instead)", label=label),
    )


def _replaced(text: bytes, changes: Mapping[str, str]) -> bytes:
    for old in sorted(changes, key=len, reverse=True):  # a token or an address may hold the name
        text = text.replace(old.encode(), changes[old].encode())
    return text
