"""Robustness against hostile input: it is refused or ignored, and never causes a 5xx (G4)."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import replace
from typing import Any

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    cause_of,
    check,
    describe_exchange,
)
from worksample.probes import hostile
from worksample.probes.exchange import Request, Trouble

from .valid_requests import Fixture
from .world import Conduit

CITES = "OWASP API8:2023 (CWE-20, CWE-755)"
SKILLS = ("api-design", "security-practices")
#: The usernames that `Conduit.new_account` generates: a stem and 8 characters.
_USERNAME = re.compile(rb"\bu[a-z2-9]{8}\b")
#: The random word in the titles that `Conduit.article` generates.
_TITLE = re.compile(rb"(?<=Notes from )t[a-z2-9]{8}\b")
NamedRequests = Iterable[tuple[str, Request]]
#: The correct answer to a method that the server does not implement (RFC 9110 15.6.2).
NOT_IMPLEMENTED = 501
#: After this many timeouts, further requests would only cost the learner's time.
MAX_TIMEOUTS = 3
LANES = 4
REFUSAL = "4xx"
NO_FAILURE = "4xx (or 2xx)"


class HostileClient:
    """Sends hostile requests and keeps one finding per operation and kind of failure."""

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self.auth_header: tuple[str, str] | None = None
        self.timeouts = 0
        self._seed = world.rng.random()
        self._names: dict[str, random.Random] = {}
        self.failing_operations: set[str] = set()
        self.findings: dict[str, Finding] = {}

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
        Stops after `MAX_TIMEOUTS` timeouts.
        """
        for name, request in named:
            answer = await self.send_one(operation, name, request)
            self.timeouts += answer.exchange.trouble is Trouble.TIMEOUT
            if failed(answer):
                if not await self._baseline_fails(operation, answer, baseline):
                    self._record(operation, name, answer, NO_FAILURE)
            elif must_refuse and answer.status < 400:
                self._record(operation, name, answer, REFUSAL)
            if self.timeouts >= MAX_TIMEOUTS:
                return

    async def send_one(self, operation: str, name: str, request: Request) -> Answer:
        """Send one request; send it again on a new connection when the first one was lost."""
        label = f"{self.endpoint(operation)} with {name}"
        request = self._with_fresh_values(operation, request)
        answer = await self.world.send_raw(request, label=label)
        if operation == "updateUser" and answer.status == 401:
            # An accepted change may have invalidated the token (if it holds the name). Continue
            # with another account, or every further request is refused.
            self.auth_header = (await self.world.sign_up()).auth_header
            request = self._with_fresh_values(operation, request)
            answer = await self.world.send_raw(request, label=label)
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
        if operation == "register":
            return self._with_fresh_word(request, operation, _USERNAME)
        if operation == "publish":
            return self._with_fresh_word(request, operation, _TITLE)
        if operation == "updateUser" and self.auth_header:
            others = [pair for pair in request.headers if pair[0] != self.auth_header[0]]
            return replace(request, headers=(*others, self.auth_header))
        return request

    def _with_fresh_word(
        self, request: Request, operation: str, pattern: re.Pattern[bytes]
    ) -> Request:
        """Replace the generated word of the valid request, so that it is not refused as taken."""
        fresh = random.Random(f"{self._seed}/{operation}")
        names = self._names.setdefault(operation, fresh)
        stem = "u" if operation == "register" else "t"
        return replace(
            request,
            body=pattern.sub(self.world.unique_name(stem, rng=names).encode(), request.body),
        )

    def endpoint(self, operation: str) -> str:
        """Return method and path template of an operation; of a bare path, the whole path."""
        known = (op for op in self.world.context.contract.operations if op.id == operation)
        found = next(known, None)
        prefix = self.world.dialect.prefix
        return f"{found.method} {prefix}{found.path}" if found else prefix + operation

    def _record(self, operation: str, name: str, answer: Answer, expected: str) -> None:
        kind = f"{operation} {answer.status or answer.exchange.trouble}"
        if kind in self.findings:
            earlier = self.findings[kind]
            self.findings[kind] = replace(earlier, details=(*earlier.details, f"also: {name}")[:8])
            return
        self.findings[kind] = Finding(
            expected=f"{self.endpoint(operation)} with {name}: {expected}",
            actual=describe_exchange(answer.exchange),
            exchanges=(answer.exchange,),
            culprit=0,
            cause=cause_of(answer.exchange),
        )

    def raise_findings(self) -> None:
        """Raise `CheckFailed` with all findings, if there are any."""
        if self.findings:
            raise CheckFailed(*self.findings.values())


def failed(answer: Answer) -> bool:
    """Return whether the server failed: a 5xx other than 501, or no answer."""
    return answer.exchange.trouble is not None or (
        answer.status >= 500 and answer.status != NOT_IMPLEMENTED
    )


async def send_bodies(
    world: Conduit, make: Callable[[Request], NamedRequests], refuse: bool = False
) -> None:
    """Send the variants that `make` yields for the valid request of every operation with a body."""
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    for operation, request in fixture.with_bodies():
        await client.send(operation, make(request), refuse, baseline=request)
    client.raise_findings()


async def in_lanes(
    world: Conduit, each: Callable[[Fixture, int], Coroutine[Any, Any, None]]
) -> None:
    """Run `each(fixture, number)` concurrently in `lane_count` lanes, each with its own fixture.

    A check that runs alone has one lane, so that the request that broke the server is known.
    """
    fixtures = [await Fixture.prepare(world) for _ in range(lane_count(world))]
    async with asyncio.TaskGroup() as group:
        for number, fixture in enumerate(fixtures):
            group.create_task(each(fixture, number))


def lane_count(world: Conduit) -> int:
    """Return the number of lanes that `in_lanes` uses."""
    return 1 if world.context.alone else LANES


async def send_everywhere(world: Conduit, make: Callable[[Request], NamedRequests]) -> None:
    """Send the variants that `make` yields for the valid request of every operation."""
    client = HostileClient(world)

    async def lane(fixture: Fixture, number: int) -> None:
        for operation, request in list(fixture.all())[number :: lane_count(world)]:
            await client.send(operation, make(request), baseline=request)

    await in_lanes(world, lane)
    client.raise_findings()


@check(
    title="A body that is no JSON is refused",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="A phone that loses its network sends half a request. If the server accepts it, or answers "
    "with a 5xx, data are lost.",
    cites=CITES,
    skills=SKILLS,
)
async def a_body_that_is_no_json_is_refused(world: Conduit) -> None:
    def first_three(request: Request) -> Iterator[tuple[str, Request]]:
        yield from list(hostile.malformed(request))[:3]

    await send_bodies(world, first_three, refuse=True)


@check(
    title="Broken encodings in a body do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="Old clients and pasted texts send bytes that are not UTF-8. None of them may cause a 5xx "
    "and page whoever is on call.",
    cites=CITES,
    skills=SKILLS,
)
async def broken_encodings_are_survived(world: Conduit) -> None:
    def remaining(request: Request) -> Iterator[tuple[str, Request]]:
        yield from list(hostile.malformed(request))[3:]

    await send_bodies(world, remaining)


@check(
    title="A body without the object that the contract asks for is refused",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="`null` instead of an object is the most common cause of an unhandled exception.",
    hint="Check that the body and its wrapped value are objects before you read fields.",
    cites=CITES,
    skills=SKILLS,
)
async def other_shapes_are_refused(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    for operation, request in fixture.with_bodies():
        named = list(hostile.other_shapes(request))
        # An update without fields may also be accepted, and change nothing.
        sensible = operation in ("updateUser", "editArticle")
        await client.send(operation, named, must_refuse=not sensible, baseline=request)
    client.raise_findings()


@check(
    title="A field of the wrong type does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="Code that calls a string method on a number raises an exception.",
    hint="Validate types before the handler runs, with your framework's own validation.",
    cites=CITES,
    skills=SKILLS,
)
async def wrong_types_are_survived(world: Conduit) -> None:
    await send_bodies(world, hostile.wrong_types)


@check(
    title="NUL, half surrogates and very long texts do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="PostgreSQL cannot store a NUL, UTF-8 cannot encode half a surrogate pair, and a column of "
    "255 characters does not hold 5,000: each becomes a 500 unless it is handled.",
    hint="Refuse texts that contain U+0000 or lone surrogates, and check lengths before you store.",
    cites=CITES,
    skills=SKILLS,
)
async def odd_texts_are_survived(world: Conduit) -> None:
    await send_bodies(world, hostile.odd_texts)


@check(
    title="Numbers beyond every machine do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="JSON has no limits for numbers, but languages and databases have.",
    cites=CITES,
    skills=SKILLS,
)
async def odd_numbers_are_survived(world: Conduit) -> None:
    await send_bodies(world, hostile.odd_numbers)


@check(
    title="Nesting of 20,000 levels does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="A recursive parser overflows its stack: forty kilobytes are enough to stop a service.",
    hint="Limit the depth, or catch the parser's recursion error and refuse the request.",
    cites="OWASP API4:2023 (CWE-674)",
    skills=SKILLS,
)
async def deep_nesting_is_survived(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    for operation, request in fixture.with_bodies():
        flat = hostile.with_body(request, b"[]", hostile.JSON)
        await client.send(operation, hostile.deep(request), baseline=flat)
    client.raise_findings()


@check(
    title="A body of 2 MB does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="G4",
    why="Sooner or later somebody pastes a picture into the text field.",
    cites="OWASP API4:2023 (CWE-770)",
    skills=SKILLS,
)
async def large_bodies_are_survived(world: Conduit) -> None:
    def large(request: Request) -> Iterator[tuple[str, Request]]:
        filled = request.body.replace(b'":"', b'":"' + b"x" * hostile.LARGE_BODY, 1)
        yield "a text of 2 MB", hostile.with_body(request, filled, hostile.JSON)

    await send_bodies(world, large)


@check(
    title="Missing, wrong and strange content types do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="A framework that chooses the parser by the content type often passes on an empty body for "
    "an unknown one, and the handler fails on it.",
    cites="RFC 9110 15.5.16",
    skills=SKILLS,
)
async def odd_content_types_are_survived(world: Conduit) -> None:
    await send_bodies(world, hostile.content_types)


@check(
    title="Bodies that claim an encoding that they do not have do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="Proxies and old clients send a wrong `Content-Encoding`; decompressing such a body raises "
    "an exception that often nothing catches.",
    cites="RFC 9110 8.4",
    skills=SKILLS,
)
async def odd_content_encodings_are_survived(world: Conduit) -> None:
    await send_bodies(world, hostile.content_encodings)


@check(
    title="Garbage in any header does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="Scanners send garbage in headers all day long. Each 5xx pages whoever is on call.",
    cites=CITES,
    skills=SKILLS,
)
async def odd_headers_are_survived(world: Conduit) -> None:
    await send_everywhere(world, hostile.odd_headers)


@check(
    title="Garbage in the Authorization header does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="The code that parses the token runs for every request, and is rarely tested with garbage.",
    hint="Parse the header defensively, and treat every error as a missing token.",
    cites=CITES,
    skills=("oauth-jwt", "security-practices"),
)
async def odd_authorization_is_survived(world: Conduit) -> None:
    await send_everywhere(world, hostile.odd_authorization)


@check(
    title="Strange paths do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=3,
    clause="G4",
    why="Paths come from links, and mail programs and chats mangle links.",
    hint="A path segment that is not valid UTF-8, or holds a NUL, names nothing: answer 404.",
    cites=CITES,
    skills=SKILLS,
)
async def odd_paths_are_survived(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    prefix, slug = world.dialect.prefix, fixture.article.path
    for operation, request in fixture.all():
        for place in (slug.split("/")[-1], fixture.other.username):
            path = request.target
            if f"/{place}" in path and path.startswith(prefix):
                await client.send(operation, _segments(request, place), baseline=request)
    client.raise_findings()


def _segments(request: Request, place: str) -> Iterator[tuple[str, Request]]:
    for name, segment in hostile.odd_segments():
        target = request.target.replace(f"/{place}", f"/{segment}", 1)
        yield f"{name} in the path", replace(request, target=target)


@check(
    title="Strange ids do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=4,
    clause="G4",
    why="An id of twenty digits is too large for the database, and its error becomes a 500.",
    hint="Treat an invalid id like one that does not exist: 404 (or 422).",
    cites=CITES,
    skills=SKILLS,
)
async def odd_ids_are_survived(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    request = fixture.request("deleteComment")
    path = request.target.rpartition("/")[0]
    named = [(n, replace(request, target=f"{path}/{s}")) for n, s in hostile.odd_ids()]
    await client.send("deleteComment", named, must_refuse=True)
    client.raise_findings()


@check(
    title="Nonsense in the query does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=5,
    clause="L5",
    why="`offset=-1` and `limit=99999999999999999999` are the first things that a curious visitor "
    "tries.",
    hint="Parse both as integers, refuse anything else, and check a lower and an upper bound.",
    cites=CITES,
    skills=SKILLS,
)
async def odd_queries_are_survived(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    places = {"listArticles": ("tag", "author", "favorited"), "feed": ()}
    for operation, texts in places.items():
        request = fixture.request(operation)
        path = request.target.partition("?")[0]
        queries = hostile.odd_queries(("limit", "offset"), texts)
        named = [(name, replace(request, target=f"{path}?{query}")) for name, query in queries]
        await client.send(operation, named, baseline=request)
    client.raise_findings()


@check(
    title="Methods that nobody expects do not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=1,
    clause="G6",
    why="Browsers send OPTIONS and HEAD on their own, and scanners send every other method.",
    cites="RFC 9110 9.1, 15.5.6",
    skills=SKILLS,
)
async def odd_methods_are_survived(world: Conduit) -> None:
    client = HostileClient(world)
    prefix = world.dialect.prefix
    paths = ("/tags", "/users", "/user", "/articles", "/articles/x", "/profiles/x", "/nowhere")
    for path in paths:
        named = [
            (f"the method {method}", Request(method, prefix + path))
            for method in ("HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "FOO")
        ]
        await client.send(path, named)
    client.raise_findings()
