"""Sends hostile requests, and keeps what went wrong as findings."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any

from worksample.checks import (
    Answer,
    CheckFailed,
    Finding,
    PreconditionFailed,
    World,
    cause_of,
    describe_exchange,
)
from worksample.messages import message
from worksample.probes.exchange import Request, Trouble
from worksample.probes.hostile import HeaderGroup
from worksample.suites.requests import (
    Fresh,
    NamedRequest,
    RequestCatalogue,
    ValidRequests,
    prepare_what_is_there,
)

NamedRequests = Iterable[NamedRequest]
#: The correct answer to a method that the server does not implement (RFC 9110 15.6.2).
NOT_IMPLEMENTED = 501
#: After so many requests without an answer, one more of each is waited for a short time only, in
#: seconds; after so many in all, none is sent.
PATIENT_TIMEOUTS = 2
SHORT_WAIT = 2.0
MAX_TIMEOUTS = 4
LANES = 4
REFUSAL = "4xx"
NO_FAILURE = "4xx (or 2xx)"


class HostileClient:
    """Sends hostile requests and keeps a finding for each kind of input that fails.

    The engine puts those of an operation together that have one cause.
    """

    def __init__(self, world: World, catalogue: RequestCatalogue) -> None:
        self.world = world
        self._catalogue = catalogue
        self.auth_header: tuple[str, str] | None = None
        self.timeouts = 0
        self._seed = world.rng.random()
        self._words: dict[str, random.Random] = {}
        self.failing_operations: set[str] = set()
        self.findings: list[Finding] = []
        self._lacking: PreconditionFailed | None = None

    async def prepare(self) -> ValidRequests:
        """Prepare valid requests for the operations that this run asks and the server has.

        If the server lacks some, `finish` blocks the check. Raises `PreconditionFailed` if it
        lacks all.
        """
        prepared = await prepare_what_is_there(self.world, self._catalogue)
        self._lacking = self._lacking or prepared.lacking
        return prepared.valid

    async def send(
        self,
        operation: str,
        named: NamedRequests,
        must_refuse: bool = False,
        baseline: Request | None = None,
    ) -> None:
        """Send each of `named` as `operation` and record a finding for a 5xx or a missing answer.

        With `must_refuse`, a 2xx or 3xx is a finding too. If `baseline`, the same request without
        the hostile part, gets a 5xx as well, nothing is recorded: other checks report that defect.
        After `PATIENT_TIMEOUTS` timeouts it waits `SHORT_WAIT` seconds for each answer: what has
        none by then is named with the others, and is no finding of its own. Stops after
        `MAX_TIMEOUTS`, and says so.

        Once the server has accepted an expensive request whose body is that of `baseline`, it has
        read the body in spite of the hostile header, and further ones are sent with a value that
        it refuses (see `Expensive`).
        """
        expensive, accepted, valid = self._catalogue.expensive.get(operation), False, baseline
        for name, request in named:
            if self.timeouts >= MAX_TIMEOUTS:
                self._add_detail("the remaining requests of this kind were not sent")
                return
            patient = self.timeouts < PATIENT_TIMEOUTS
            only_headers = valid is not None and request.body == valid.body
            if expensive and accepted and valid and only_headers:
                request, baseline = map(expensive.left_out, (request, valid))
            answer = await self.send_one(operation, name, request)
            timed_out = answer.exchange.trouble is Trouble.TIMEOUT
            self.timeouts += timed_out
            if timed_out and not patient:
                self._add_detail(
                    message(
                        "also no answer within {seconds} s: {endpoint} with {name}",
                        seconds=f"{SHORT_WAIT:g}",
                        endpoint=self.endpoint(operation),
                        name=name,
                    )
                )
            elif failed(answer):
                if not await self._baseline_fails(operation, answer, baseline):
                    self._record(operation, name, answer, NO_FAILURE)
            elif must_refuse and answer.status < 400:
                self._record(operation, name, answer, REFUSAL)
            accepted = accepted or (only_headers and 200 <= answer.status < 300)

    async def send_group(self, operation: str, group: HeaderGroup, baseline: Request) -> None:
        """Send all odd headers of `group` at once; unless that succeeds, each alone.

        The group is a finding of its own where the server fails, but with no header alone.
        """
        count = len(group.alone)
        if count < 2 or self.timeouts:
            await self.send(operation, group.alone, baseline=baseline)
            return
        name = message("{count} odd headers at once", count=count)
        answer, before = await self.send_one(operation, name, group.together), len(self.findings)
        if 200 <= answer.status < 300:
            return
        await self.send(operation, group.alone, baseline=baseline)
        if failed(answer) and not (self.timeouts or len(self.findings) > before):
            await self.send(operation, [(name, group.together)], baseline=baseline)

    async def send_one(self, operation: str, name: str, request: Request) -> Answer:
        """Send one request; send it again on a new connection when the first one was lost."""
        label = message("{endpoint} with {name}", endpoint=self.endpoint(operation), name=name)
        request = self._with_fresh_values(operation, request)
        timeout = None if self.timeouts < PATIENT_TIMEOUTS else SHORT_WAIT
        answer = await self.world.send_raw(request, label=label, timeout=timeout)
        if operation in self._catalogue.token_changing and answer.status == 401:
            # An accepted change may have invalidated the token (if it holds the name). Continue
            # with another account, or every further request is refused.
            self.auth_header = await self._catalogue.authorize()
            request = self._with_fresh_values(operation, request)
            answer = await self.world.send_raw(request, label=label, timeout=timeout)
        if answer.exchange.trouble in (None, Trouble.TIMEOUT):
            return answer
        # A server may refuse and close before it has read the whole request. The second attempt
        # distinguishes that from a server that closes without any answer.
        return await self.world.send_raw(request, label=label, fresh=True)

    async def _baseline_fails(
        self, operation: str, answer: Answer, baseline: Request | None
    ) -> bool:
        """Return whether the server answers the baseline request with a 5xx too."""
        if baseline is None or answer.exchange.trouble is not None:
            return False
        if operation not in self.failing_operations:
            again = await self.send_one(operation, "the baseline request", baseline)
            if failed(again) and again.exchange.trouble is None:
                self.failing_operations.add(operation)
        return operation in self.failing_operations

    def _with_fresh_values(self, operation: str, request: Request) -> Request:
        """Replace values that must be unique, and the token if another account replaced it."""
        if fresh := self._catalogue.fresh.get(operation):
            return self._with_fresh_word(request, operation, fresh)
        if operation in self._catalogue.token_changing and self.auth_header:
            others = [pair for pair in request.headers if pair[0] != self.auth_header[0]]
            return replace(request, headers=(*others, self.auth_header))
        return request

    def _with_fresh_word(self, request: Request, operation: str, fresh: Fresh) -> Request:
        """Replace the generated word of the valid request, so that it is not refused as taken."""
        seeded = random.Random(f"{self._seed}/{operation}")  # noqa: S311 - not for secrets
        words = self._words.setdefault(operation, seeded)
        word = self.world.unique_name(fresh.stem, rng=words).encode()
        return replace(request, body=fresh.pattern.sub(word, request.body))

    def endpoint(self, operation: str) -> str:
        """Return `endpoint` of this world."""
        return endpoint(self.world, operation)

    def _record(self, operation: str, name: str, answer: Answer, expected: str) -> None:
        self.findings.append(
            Finding(
                expected=message(
                    "{endpoint} with {name}: {expected}",
                    endpoint=self.endpoint(operation),
                    name=name,
                    expected=expected,
                ),
                actual=describe_exchange(answer.exchange),
                exchanges=(answer.exchange,),
                culprit=0,
                cause=cause_of(answer.exchange),
                inputs=(name,),
            )
        )

    def _add_detail(self, sentence: str) -> None:
        """Add a sentence to the first finding about a missing answer."""
        for index, finding in enumerate(self.findings):
            if finding.exchanges[0].trouble is Trouble.TIMEOUT:
                if sentence not in finding.details:
                    details = (*finding.details, sentence)
                    self.findings[index] = replace(finding, details=details)
                return

    def finish(self) -> None:
        """Raise `CheckFailed` with all findings, if there are any.

        Raises `PreconditionFailed` if there are none, but not everything could be prepared.
        """
        if self.findings:
            raise CheckFailed(*self.findings)
        if self._lacking:
            raise self._lacking


def endpoint(world: World, operation: str) -> str:
    """Return method and path template of an operation; of a bare path, the whole path."""
    known = (op for op in world.context.contract.operations if op.id == operation)
    found = next(known, None)
    prefix = world.dialect.prefix
    return f"{found.method} {prefix}{found.path}" if found else prefix + operation


def failed(answer: Answer) -> bool:
    """Return whether the server failed: a 5xx other than 501, or no answer."""
    return answer.exchange.trouble is not None or (
        answer.status >= 500 and answer.status != NOT_IMPLEMENTED
    )


async def send_bodies(
    world: World,
    catalogue: RequestCatalogue,
    make: Callable[[Request], NamedRequests],
    refuse: bool = False,
) -> None:
    """Send the variants that `make` yields for the valid request of every operation with a body."""
    client = HostileClient(world, catalogue)
    for operation, request in (await client.prepare()).with_bodies():
        await client.send(operation, make(request), refuse, baseline=request)
    client.finish()


async def send_everywhere(
    world: World, catalogue: RequestCatalogue, make: Callable[[Request], NamedRequests]
) -> None:
    """Send the variants that `make` yields for the valid request of every operation."""
    client = HostileClient(world, catalogue)

    async def send(operation: str, request: Request) -> None:
        await client.send(operation, make(request), baseline=request)

    await everywhere(client, send)


async def everywhere(
    client: HostileClient, each: Callable[[str, Request], Coroutine[Any, Any, None]]
) -> None:
    """Run `each(operation, request)` for the valid request of every operation, and finish."""

    async def lane(valid: ValidRequests, number: int) -> None:
        for operation, request in list(valid.all())[number :: lane_count(client.world)]:
            await each(operation, request)

    await in_lanes(client, lane)
    client.finish()


async def in_lanes(
    client: HostileClient, each: Callable[[ValidRequests, int], Coroutine[Any, Any, None]]
) -> None:
    """Run `each(valid, number)` concurrently in `lane_count` lanes, each with requests of its own.

    A check that runs alone has one lane, so that the request that broke the server is known.
    Raises what a lane raises, such as `PreconditionFailed` when it needs another account.
    """
    prepared = [await client.prepare() for _ in range(lane_count(client.world))]
    try:
        async with asyncio.TaskGroup() as group:
            for number, valid in enumerate(prepared):
                group.create_task(each(valid, number))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


def lane_count(world: World) -> int:
    """Return the number of lanes that `in_lanes` uses."""
    return 1 if world.context.alone else LANES
