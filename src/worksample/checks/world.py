"""What every challenge's world is made of: sending, and what is taken for granted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from worksample.checks.answer import Answer
from worksample.checks.context import CheckContext
from worksample.checks.dialect import Dialect, Meaning
from worksample.checks.expect import expect
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped
from worksample.errors import StartFailed
from worksample.probes.burst import burst
from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient, Session, json_request
from worksample.services.base import Database
from worksample.targets import Lab, Target, is_port_conflict
from worksample.wire import Wire

NO_PAYLOAD: Final = object()
Shared = TypeVar("Shared")
Own = TypeVar("Own", bound="World")
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
_LONGEST_WAIT = 2.0
_FIRST_WAIT = 0.1
_MOST_WAITS = 8
_ENOUGH_IN_VAIN = 3
_TOO_MANY = 429
OTHER_INSTANCE = "at the other copy"


class World:
    """The base of a challenge's own client: one per check, so that nothing is shared."""

    def __init__(self, context: CheckContext, session: Session, rng: random.Random) -> None:
        self.context = context
        self.session = session
        self.rng = rng
        self.remarks: list[str] = []
        self._unrest = random.Random()  # noqa: S311 - when to ask again, not what

    @classmethod
    async def detect_dialect(cls, world: World) -> Dialect:
        """Find out how this server speaks; called once, before any check."""
        return world.context.dialect

    @property
    def dialect(self) -> Dialect:
        """How this server spells the contract."""
        return self.context.dialect

    @property
    def target(self) -> Target:
        """The running server; raises `Skipped` when it is not ours to control."""
        if not isinstance(self.context.target, Target):
            raise Skipped("needs control of the server's process, which --url does not give")
        return self.context.target

    @property
    def database(self) -> Database:
        """The server's database; raises `Skipped` when we cannot look into it."""
        if self.context.database is None:
            raise Skipped("needs to look into the server's database, which --url does not give")
        return self.context.database

    @property
    def lab(self) -> Lab:
        """The lab in which this check is asked; raises `Skipped` where there is none."""
        if self.context.lab is None:
            raise Skipped(
                "needs a copy of the server to experiment with, which --url does not give"
            )
        return self.context.lab

    @property
    def wire(self) -> Wire:
        """The wire of the lab; raises `Skipped` if the server does not use it."""
        if not self.lab.wired:
            raise Skipped("the server was never seen to use the database that it was given")
        return self.lab.wire

    async def once_per_run(
        self, name: str, make: Callable[[], Coroutine[Any, Any, Shared]]
    ) -> Shared:
        """Return what `make` brings, made by the first check of the run that asks for `name`.

        For what is dear to find out and answers several checks: the others wait for it, and get
        the same result, or the same exception.
        """
        known = self.context.shared.get(name)
        if known is None:
            made = asyncio.ensure_future(make())
            self.context.shared[name] = made
            return await made
        await asyncio.wait((known,))
        if known.cancelled():
            raise TimeoutError
        found: Shared = known.result()
        return found

    def remark(self, sentence: str) -> None:
        """Say something about how this check could be judged, beside its verdict."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def unique_name(
        self, stem: str = "w", length: int = 8, rng: random.Random | None = None
    ) -> str:
        """Return a fresh lower-case name that starts with `stem`; `rng` if not the check's own."""
        return stem + "".join((rng or self.rng).choices(_ALPHABET, k=length))

    def request(
        self,
        method: str,
        path: str,
        payload: Any = NO_PAYLOAD,
        *,
        token: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> Request:
        """Return the request that `send` would send."""
        extra = list(headers)
        if token is not None:
            extra.append(("Authorization", f"{self.dialect.scheme} {token}"))
        target = self.dialect.prefix + path
        if payload is NO_PAYLOAD:
            return Request(method, target, tuple(extra))
        return json_request(method, target, payload, headers=tuple(extra))

    async def send_concurrently(
        self, requests: Sequence[Request], label: str = "", timeout: float | None = None
    ) -> list[Answer]:
        """Send all at the same moment (see `probes.burst`); the answers are in their order.

        Raises `Skipped` where a limiter of the server's stands in the way.
        """
        exchanges = await burst(
            self.session.client,
            requests,
            labels=[label] * len(requests),
            timeout=timeout,
            record=self.session.record,
        )
        if any(each.status == _TOO_MANY for each in exchanges):
            raise Skipped(
                "the server's own limiter (429) lets no crowd in: switch it off for this run"
            )
        return [Answer(each, self.dialect) for each in exchanges]

    async def second_instance(self: Own) -> Own:
        """Return this world as it shows through a second copy of the server on the same database.

        Raises `Skipped` where there can be none, and `StartFailed` where it does not start.
        """
        if self.lab.built.settings.port:
            raise Skipped(
                "two copies cannot both listen on the one port that the server insists on"
            )
        try:
            twin = await self.lab.second_instance()
        except StartFailed as error:
            if is_port_conflict(error):
                raise Skipped(
                    "two copies cannot run on one machine: each wants a port beside PORT for itself"
                ) from error
            raise
        client = HttpClient(twin.base_url)
        self.context.extra_clients.append(client)
        context = replace(self.context, client=client, target=twin)
        return type(self)(context, self.session.through(client, OTHER_INSTANCE), self.rng)

    async def send(
        self,
        method: str,
        path: str,
        payload: Any = NO_PAYLOAD,
        *,
        token: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
        label: str = "",
        timeout: float | None = None,
        fresh: bool = False,
    ) -> Answer:
        """Send one request below the server's base path and return the answer.

        `payload` becomes the JSON body; `token` the Authorization header in the server's scheme.
        """
        request = self.request(method, path, payload, token=token, headers=headers)
        return await self.send_raw(request, label=label, timeout=timeout, fresh=fresh)

    async def send_raw(
        self,
        request: Request,
        *,
        label: str = "",
        timeout: float | None = None,
        fresh: bool = False,
    ) -> Answer:
        """Send `request` as it is, waiting where the server's own limiter says so.

        When waiting has been in vain for several requests of this run, the others wait less.
        """
        hopeful = self.context.rate_limit_giveups < _ENOUGH_IN_VAIN
        for number in range(_MOST_WAITS if hopeful else 1):
            exchange = await self.session.exchange(
                request, label=label, timeout=timeout, fresh=fresh
            )
            answer = Answer(exchange, self.dialect)
            if answer.status != _TOO_MANY:
                return answer
            self.context.note(
                "The server limits how often it is asked (429): we waited and asked again. "
                "Switch its limiter off for this run, to have it judged faster."
            )
            await asyncio.sleep(_pause(answer, number, self._unrest.random()))
        self.context.rate_limit_giveups += 1
        return answer


def precondition(answer: Answer, *meanings: Meaning, needs: str) -> Answer:
    """Return `answer` if it means what the check takes for granted.

    Raises `PreconditionFailed` otherwise: the check is then blocked by the check called `needs`, whose
    own question this is.
    """
    try:
        return expect(answer).means(*meanings)
    except CheckFailed as failure:
        raise PreconditionFailed(needs, failure.findings[0]) from None


def precondition_at(answer: Answer, *path: str | int, needs: str) -> Any:
    """Return the value at `path`, taken for granted in the same way."""
    try:
        return answer.at(*path)
    except CheckFailed as failure:
        raise PreconditionFailed(needs, failure.findings[0]) from None


def _pause(answer: Answer, number: int, unrest: float) -> float:
    """Return the seconds to wait: what the server says, longer each time, never in step.

    Many who are refused at once and come back at once are refused again.
    """
    said = answer.response.header("retry-after")
    wanted = max(float(said) if said.isdigit() else 0.0, _FIRST_WAIT * 2.0**number)
    return float(min(wanted, _LONGEST_WAIT) * (1 + unrest / 2))
