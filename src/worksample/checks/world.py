"""`World`, the base of a challenge's own client, and `precondition`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, TypeVar

from worksample.checks.answer import Answer
from worksample.checks.context import CheckContext
from worksample.checks.dialect import Dialect, Meaning
from worksample.checks.expect import expect
from worksample.checks.judging import unjudged_context
from worksample.checks.model import Finding, culprit_of
from worksample.checks.operations import StagedOperation
from worksample.checks.outcome import CheckFailed, PreconditionFailed, Skipped
from worksample.checks.shared_results import SharedResultPending
from worksample.errors import StartFailed
from worksample.probes.burst import burst
from worksample.probes.exchange import Exchange, Request
from worksample.probes.http import HttpClient, Session, json_request
from worksample.services import Database
from worksample.targets import Lab, Target, is_port_conflict
from worksample.wire import Wire

NO_PAYLOAD: Final = object()
Shared = TypeVar("Shared")
Own = TypeVar("Own", bound="World")
_ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
_MAX_DELAY = 2.0
_FIRST_DELAY = 0.1
_MAX_ATTEMPTS = 8
_MAX_GIVEUPS = 3
_TOO_MANY_REQUESTS = 429
OTHER_INSTANCE = "at the other copy"


class World:
    """Base of a challenge's own client: each run of a check gets a new one.

    `context` is the run's context, `session` records the exchanges of this check, `rng` makes its
    random values, and `notes` say how it was judged. `detours` holds each precondition that failed
    but was then met in another way (see `CheckRun`), `unprepared` each one without which a part of
    the check was left out: if the rest passes, the check is blocked. Challenges name their
    `operations`.
    """

    operations: ClassVar[Sequence[StagedOperation]] = ()

    def __init__(self, context: CheckContext, session: Session, rng: random.Random) -> None:
        self.context = context
        self.session = session
        self.rng = rng
        self.notes: list[str] = []
        self.detours: list[PreconditionFailed] = []
        self.unprepared: list[PreconditionFailed] = []
        self._jitter = random.Random()  # noqa: S311 - for delays only, so not from the seed

    @classmethod
    async def detect_dialect(cls, world: World) -> Dialect:
        """Return the server's dialect; called once, before all checks. Challenges override it."""
        return world.context.dialect

    @property
    def dialect(self) -> Dialect:
        """How this server spells the contract."""
        return self.context.dialect

    @property
    def stages(self) -> list[int]:
        """The stages of the operations that this run asks, in order; [0] if it names none."""
        return sorted({each.stage for each in self.operations if self.asks(each)}) or [0]

    def asks(self, operation: StagedOperation) -> bool:
        """Whether this run asks for `operation`: it may end at an earlier stage."""
        return not self.context.stage or operation.stage <= self.context.stage

    def proof_of(self, exchange: Exchange) -> str:
        """Return the id of the check that proves the operation which `exchange` asked, or empty."""
        asked = self.context.contract.operation_for(exchange.request, self.dialect.prefix)
        proofs = {each.id: each.proven_by for each in self.operations}
        return proofs.get(asked.id, "") if asked else ""

    def blocked_by(self, finding: Finding, otherwise: str) -> PreconditionFailed:
        """Return what blocks a check for a request of its preparation that `finding` shows.

        The check that proves the operation blocks it, `otherwise` if the finding shows none.
        """
        culprit = culprit_of(finding)
        proof = self.proof_of(culprit) if culprit else ""
        return PreconditionFailed(proof or otherwise, finding, exact=not proof)

    @property
    def target(self) -> Target:
        """The running server; raises `Skipped` if Worksample does not control its process."""
        if not isinstance(self.context.target, Target):
            raise Skipped("needs control of the server's process, which Worksample did not start")
        return self.context.target

    @property
    def database(self) -> Database:
        """The server's database; raises `Skipped` if Worksample has no access to it."""
        if self.context.database is None:
            raise Skipped("needs access to the server's database, which Worksample did not start")
        return self.context.database

    @property
    def lab(self) -> Lab:
        """The lab in which this check runs; raises `Skipped` if it does not run in one."""
        if self.context.lab is None:
            raise Skipped("needs a copy of the server, which Worksample did not start")
        return self.context.lab

    @property
    def wire(self) -> Wire:
        """The wire of the lab; raises `Skipped` if the server does not use it."""
        if not self.lab.wired:
            raise Skipped("the server does not use the database that it was given")
        return self.lab.wire

    @property
    def wired(self) -> bool:
        """Whether there is a `wire`, on which statements can be held."""
        return self.context.lab is not None and self.context.lab.wired

    async def once_per_run(
        self, name: str, make: Callable[[], Coroutine[Any, Any, Shared]]
    ) -> Shared:
        """Return the result of `make()`, which is called once per run for each `name`.

        For expensive results that several checks need: they all wait for the first call and get
        its result or its exception. Raises `TimeoutError` if that call was cancelled,
        `PreconditionFailed` if a request was not sent because such requests get no answer, and
        `SharedResultPending` where the check should not wait (see `waits_for_shared`).
        """
        begun = self.context.shared.get(name)
        if begun is None:
            made = _make_completely(self.context, self.session, name, make)
            task = asyncio.create_task(made, context=unjudged_context())
            self.context.shared[name] = task
            return await task
        if not (begun.done() or self.context.waits_for_shared):
            raise SharedResultPending(begun)
        await asyncio.wait((begun,))
        if begun.cancelled():
            raise TimeoutError
        result: Shared = begun.result()
        return result

    def to_prepare(self, checks: int) -> int:
        """Return how much to prepare for so many checks (see `prepare`); 0 for nothing."""
        return 0

    async def prepare(self, count: int) -> Sequence[Any]:
        """Prepare so much on the target, or on the original of the labs, before checks begin.

        The result is found in the `server_state` of the target or of each lab, as "prepared".
        """
        return ()

    def note(self, sentence: str) -> None:
        """Add a note on how this check was judged to its result."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def unique_name(
        self, stem: str = "w", length: int = 8, rng: random.Random | None = None
    ) -> str:
        """Return `stem` plus `length` random letters and digits; `rng` defaults to the check's."""
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
        """Return the request that `send` sends for these arguments."""
        extra = list(headers)
        if token is not None:
            extra.append(("Authorization", f"{self.dialect.scheme} {token}"))
        target = self.dialect.prefix + path
        if payload is NO_PAYLOAD:
            return Request(method, target, tuple(extra))
        return json_request(method, target, payload, headers=tuple(extra))

    def before_sending(self, request: Request) -> None:
        """Called with each request before it is sent; a client may raise `InternalError`."""

    async def send_concurrently(
        self, requests: Sequence[Request], label: str = "", timeout: float | None = None
    ) -> list[Answer]:
        """Send all `requests` at the same moment (see `probes.burst`); return answers in order.

        Raises `Skipped` if the server's rate limiter answers one of them with 429.
        """
        for each in requests:
            self.before_sending(each)
        if any(map(self.session.is_pointless, requests)):
            return [await self.send_raw(each, label=label) for each in requests]
        exchanges = await burst(
            self.session.client,
            requests,
            labels=[label] * len(requests),
            timeout=timeout,
            record=self.session.record,
        )
        if any(each.status == _TOO_MANY_REQUESTS for each in exchanges):
            raise Skipped(
                "the server's rate limiter rejects concurrent requests (429): "
                "switch it off for this run"
            )
        return [Answer(each, self.dialect) for each in exchanges]

    def server_computes(self) -> bool:
        """Return whether the server of this lab computes just now, or would if it got a CPU."""
        return self.context.lab is not None and self.context.lab.wants_cpu

    async def second_instance(self: Own) -> Own:
        """Return this world for a second instance of the server on the same database.

        Raises `Skipped` if two instances cannot run at the same time, and `StartFailed` if the
        second one does not start.
        """
        if self.lab.built.settings.port:
            raise Skipped(
                "two instances cannot both listen on the fixed port that worksample.toml sets"
            )
        try:
            twin = await self.lab.second_instance()
        except StartFailed as error:
            if is_port_conflict(error):
                raise Skipped(
                    "two instances cannot run at once: each listens on a fixed port beside PORT"
                ) from error
            raise
        here = self.context.client
        client = HttpClient(twin.base_url, limits=here.limits, agent=here.agent)
        self.context.extra_clients.append(client)
        context = replace(self.context, client=client, target=twin)
        other = type(self)(context, self.session.through(client, OTHER_INSTANCE), self.rng)
        other.detours, other.unprepared = self.detours, self.unprepared
        return other

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
        """Send one request and return the answer.

        path: below the server's base path.
        payload: the JSON body.
        token: for the Authorization header, in the server's scheme.
        label: names the request in findings.
        timeout: in seconds; None for the client's default.
        fresh: use a new connection.
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
        """Send `request` unchanged; while the server answers 429, wait and send it again.

        Once several requests of this run were still answered 429 after all attempts, each further
        request is sent once only.
        """
        self.before_sending(request)
        retry = self.context.rate_limit_giveups < _MAX_GIVEUPS
        for attempt in range(_MAX_ATTEMPTS if retry else 1):
            exchange = await self.session.exchange(
                request, label=label, timeout=timeout, fresh=fresh
            )
            answer = Answer(exchange, self.dialect)
            if answer.status != _TOO_MANY_REQUESTS:
                return answer
            self.context.note(
                "The server limits the request rate (429): Worksample waited and retried. "
                "Switch the rate limiter off for this run to make it faster."
            )
            await asyncio.sleep(_retry_delay(answer, attempt, self._jitter.random()))
        self.context.rate_limit_giveups += 1
        return answer


async def _make_completely(
    context: CheckContext,
    session: Session,
    name: str,
    make: Callable[[], Coroutine[Any, Any, Shared]],
) -> Shared:
    """Return the shared result `name`; forget it if a request for it was not sent."""
    try:
        result = await make()
    finally:
        if session.not_sent:
            context.shared.pop(name, None)
    for left_out in session.not_sent:
        finding = Finding("a response", str(left_out.trouble), exchanges=(left_out,), culprit=0)
        raise PreconditionFailed("", finding)
    return result


def precondition(answer: Answer, *meanings: Meaning, needs: str) -> Answer:
    """Return `answer` if it expresses one of `meanings`; otherwise block the check.

    `needs` is the id of the check that tests this step. Raises `PreconditionFailed` with it.
    """
    try:
        return expect(answer).means(*meanings)
    except CheckFailed as failure:
        raise PreconditionFailed(needs, failure.findings[0]) from None


def precondition_at(answer: Answer, *path: str | int, needs: str) -> Any:
    """Return the JSON value at `path`; raise `PreconditionFailed` if `answer` has none."""
    try:
        return answer.at(*path)
    except CheckFailed as failure:
        raise PreconditionFailed(needs, failure.findings[0]) from None


def _retry_delay(answer: Answer, attempt: int, jitter: float) -> float:
    """Return the seconds before the next attempt: Retry-After or exponential backoff.

    `jitter` (0 to 1) adds up to half, so that concurrent requests do not return at the same time.
    """
    header = answer.response.header("retry-after")
    seconds = max(float(header) if header.isdigit() else 0.0, _FIRST_DELAY * 2.0**attempt)
    return float(min(seconds, _MAX_DELAY) * (1 + jitter / 2))
