"""Accounts that checks share: a good server pays half a second of CPU for each registration.

They are registered on a server when a check first asks for them: on the target, and once more in
each lab, unless accounts were prepared for that (see `prepared_accounts`). What such an account
shows of itself is read again before each use. If it has changed, or the server no longer accepts
the token, a new account takes its place.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from worksample.checks import CheckFailed, Meaning, PreconditionFailed, Skipped
from worksample.errors import InternalError
from worksample.messages import message
from worksample.probes.exchange import Exchange, Request
from worksample.suites.jwt import Jwt

if TYPE_CHECKING:
    from worksample.suites.account_member import AccountApi, Member
    from worksample.suites.account_world import AccountWorld

#: A token that ends earlier could end while a check uses it.
LEAST_SECONDS_LEFT = 60.0
#: A server that spoils accounts again and again gets no more of them.
MAX_REGISTRATIONS = 3


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """An account that checks share: what its owner knows, and the exchanges that registered it.

    detours: the preconditions that the registration got round (see `World`).
    shown: what the server shows its owner of it: name, e-mail address and text.
    """

    name: str
    token: str
    email: str
    password: str
    exchanges: tuple[Exchange, ...]
    detours: tuple[PreconditionFailed, ...]
    shown: tuple[Any, ...]


class SharedAccounts:
    """The shared accounts of one server, by role and number."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._failing: set[str] = set()

    async def take(
        self, role: str, number: int, world: AccountWorld[Any], fields: Mapping[str, Any]
    ) -> SharedAccount | None:
        """Return account `number` of `role`, which is registered with `fields` at the first call.

        None if the server gives no account that can be shared. A role of which it once gave none
        is not asked for again: a request that gets no answer is waited for long.
        """
        if role in self._failing:
            return None
        name = f"{role} {number}"
        account = await self._places.setdefault(name, _Place(name, fields)).take(world)
        if account is None:
            self._failing.add(role)
        return account


class _Place:
    """One shared account, and those that take its place."""

    def __init__(self, name: str, fields: Mapping[str, Any]) -> None:
        self._name, self._fields = name, fields
        self._lock = asyncio.Lock()
        self._account: SharedAccount | None = None
        self._registrations = 0

    async def take(self, world: AccountWorld[Any]) -> SharedAccount | None:
        """Return the account, or None; one check at a time reads it or registers it."""
        async with self._lock:
            if self._account is None and self._registrations:
                return None
            if self._account is None or not await self._is_usable(world, self._account):
                self._account = await self._register(world)
            return self._account

    async def _is_usable(self, world: AccountWorld[Any], account: SharedAccount) -> bool:
        return await is_usable(world.apart(self._name, self._registrations), account)

    async def _register(self, world: AccountWorld[Any]) -> SharedAccount | None:
        if self._registrations == MAX_REGISTRATIONS:
            return None
        self._registrations += 1
        apart = world.apart(self._name, self._registrations)
        return await registered(apart, own=not self._fields, **self._fields)


async def registered(
    apart: AccountWorld[Any], own: bool = False, **fields: Any
) -> SharedAccount | None:
    """Return a new account with `fields`, for whose exchanges `apart` has a record of its own.

    `own` also takes one that was prepared for the lab. None if the server gives none that it shows.
    """
    try:
        member = await (apart.own_member() if own else apart.sign_up(**fields))
    except PreconditionFailed:
        return None
    exchanges, shown = tuple(apart.session.exchanges), await shown_to(member)
    if shown is None:
        return None
    known = member.name, str(member.token), member.email, member.password
    return SharedAccount(*known, exchanges, tuple(apart.detours), shown)


async def is_usable(apart: AccountWorld[Any], account: SharedAccount) -> bool:
    """Whether the server accepts the token for another minute, and shows the account unchanged."""
    if _ends_soon(account.token):
        return False
    return await shown_to(apart.person(account.name, account.token)) == account.shown


async def shown_to(member: Member[Any]) -> tuple[Any, ...] | None:
    """Return what the server shows `member` of the account; None if it does not."""
    api, answer = member.world.api, await member.me()
    if answer.status not in member.world.dialect.accepts(Meaning.OK):
        return None
    try:
        return tuple(answer.at(api.member, each) for each in (api.name, "email", api.text))
    except CheckFailed:
        return None


def _ends_soon(token: str) -> bool:
    """Whether the token says, as a JSON Web Token can, that it ends within a minute."""
    with suppress(Skipped, KeyError, TypeError, ValueError):
        return float(Jwt.parse(token).claims["exp"]) < time.time() + LEAST_SECONDS_LEFT
    return False


def refuse_misuse(api: AccountApi, shared: Sequence[SharedAccount], request: Request) -> None:
    """Raise `InternalError` if `request` lets checks see each other through a shared account.

    `shared` holds the accounts that the check has taken. With their tokens no personal request is
    sent (`AccountApi.personal`, or a change of the account), no list is narrowed by their names,
    and nobody signs in to them, which on some servers ends the other sessions.
    """
    path, query = urlsplit(request.target)[2:4]
    asked = {value for _, value in parse_qsl(query)}
    line = f"{request.method} {path}"
    for account in shared:
        is_theirs = account.token in _authorization(request)
        signs_in = path.endswith(api.login) and account.email.encode() in request.body
        if signs_in or account.name in asked or (is_theirs and _is_personal(api, line)):
            raise InternalError(
                message("A check must not use a shared account for {line}.", line=line),
                hint="sign up an account for this check instead of taking a shared one",
            )


def _authorization(request: Request) -> str:
    return " ".join(value for name, value in request.headers if name.lower() == "authorization")


def _is_personal(api: AccountApi, line: str) -> bool:
    changes = rf"(?!GET |HEAD )\S+ \S*{re.escape(api.own)}"
    return any(re.fullmatch(each, line) for each in (changes, *api.personal))
