"""What hostile and broken clients send: refused or ignored, never a failure of the server."""

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
#: The fresh names that `Conduit.new_account` makes; 8 letters behind the stem.
_USERNAME = re.compile(rb"\bu[a-z2-9]{8}\b")
#: The fresh word in the titles that `Conduit.article` makes.
_TITLE = re.compile(rb"(?<=Notes from )t[a-z2-9]{8}\b")
NamedRequests = Iterable[tuple[str, Request]]
#: RFC 9110 15.6.2: a method that the server does not implement at all is answered with 501.
NOT_IMPLEMENTED = 501
#: After so many requests without an answer the rest would only cost the learner's time.
MAX_TIMEOUTS = 3
LANES = 4


class HostileClient:
    """Sends hostile requests and keeps the first of every kind of failure."""

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
        """Send each request; a failure of the server is a finding, one for each kind of answer.

        A failure that the `baseline` request meets as well has nothing to do with what is hostile
        about the others: other checks tell it.
        """
        for name, request in named:
            answer = await self.send_one(operation, name, request)
            self.timeouts += answer.exchange.trouble is Trouble.TIMEOUT
            if failed(answer):
                if not await self._baseline_fails(operation, answer, baseline):
                    self._record(operation, name, answer, "a refusal (4xx), or an answer")
            elif must_refuse and answer.status < 400:
                self._record(operation, name, answer, "a refusal (4xx)")
            if self.timeouts >= MAX_TIMEOUTS:
                return

    async def send_one(self, operation: str, name: str, request: Request) -> Answer:
        """Send one request; again on a connection of its own when no answer came."""
        request = self._with_fresh_values(operation, request)
        answer = await self.world.send_raw(request, label=f"{operation}: {name}")
        if operation == "updateUser" and answer.status == 401:
            # An accepted change may have ended the session (a name inside the token): go on as
            # somebody else, or the rest of this would only ever be refused.
            self.auth_header = (await self.world.sign_up()).auth_header
            request = self._with_fresh_values(operation, request)
            answer = await self.world.send_raw(request, label=f"{operation}: {name}")
        if answer.exchange.trouble in (None, Trouble.TIMEOUT):
            return answer
        # A server may refuse and close before all was sent; a second try, on a connection of its
        # own, tells that from a server that drops what it does not like without a word.
        return await self.world.send_raw(request, label=f"{operation}: {name}", fresh=True)

    async def _baseline_fails(
        self, operation: str, answer: Answer, baseline: Request | None
    ) -> bool:
        """Whether the server fails (5xx) at the plain request, too."""
        if baseline is None or answer.exchange.trouble is not None:
            return False
        if operation not in self.failing_operations:
            again = await self.send_one(operation, "the same without anything odd", baseline)
            if failed(again) and again.exchange.trouble is None:
                self.failing_operations.add(operation)
        return operation in self.failing_operations

    def _with_fresh_values(self, operation: str, request: Request) -> Request:
        """Give what must be unique a name of its own, and a change of account whoever is here."""
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
        """Replace the fresh word of the valid request, so that none is refused as taken."""
        fresh = random.Random(f"{self._seed}/{operation}")
        names = self._names.setdefault(operation, fresh)
        stem = "u" if operation == "register" else "t"
        return replace(
            request,
            body=pattern.sub(self.world.unique_name(stem, rng=names).encode(), request.body),
        )

    def _record(self, operation: str, name: str, answer: Answer, expected: str) -> None:
        kind = f"{operation} {answer.status or answer.exchange.trouble}"
        if kind in self.findings:
            earlier = self.findings[kind]
            self.findings[kind] = replace(earlier, details=(*earlier.details, f"also: {name}")[:8])
            return
        self.findings[kind] = Finding(
            expected=f"{operation} with {name}: {expected}",
            actual=describe_exchange(answer.exchange),
            exchanges=(answer.exchange,),
            culprit=0,
            cause=cause_of(answer.exchange),
        )

    def raise_findings(self) -> None:
        """Raise `CheckFailed` with everything that was found."""
        if self.findings:
            raise CheckFailed(*self.findings.values())


def failed(answer: Answer) -> bool:
    """Return whether the server failed: a 5xx, or no answer."""
    return answer.exchange.trouble is not None or (
        answer.status >= 500 and answer.status != NOT_IMPLEMENTED
    )


async def send_bodies(
    world: Conduit, make: Callable[[Request], NamedRequests], refuse: bool = False
) -> None:
    """Send what `make` makes of every operation's valid body."""
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    for operation, request in fixture.with_bodies():
        await client.send(operation, make(request), refuse, baseline=request)
    client.raise_findings()


async def in_lanes(
    world: Conduit, each: Callable[[Fixture, int], Coroutine[Any, Any, None]]
) -> None:
    """Do hundreds of requests in a few lanes, each in a world of its own, so that none waits long.

    `each` gets the setting and the number of its lane. Alone, when it matters which request broke
    the server, there is one lane; `lane_count` says how many.
    """
    settings = [await Fixture.prepare(world) for _ in range(lane_count(world))]
    async with asyncio.TaskGroup() as group:
        for number, fixture in enumerate(settings):
            group.create_task(each(fixture, number))


def lane_count(world: Conduit) -> int:
    """Return how many lanes `in_lanes` has."""
    return 1 if world.context.alone else LANES


async def send_everywhere(world: Conduit, make: Callable[[Request], NamedRequests]) -> None:
    """Send what `make` makes of every operation's valid request."""
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
    why="Half a request arrives whenever a phone leaves the network. If it is taken for the whole "
    "one, or brings the handler down, somebody's data suffer.",
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
    why="Old clients and copied texts hold bytes that are no UTF-8. One of them must not become "
    "an alarm in the night.",
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
    why="`null` where an object should be is the commonest cause of an unhandled exception.",
    hint="Check that the body is an object, and that what it wraps is one, before reading fields.",
    cites=CITES,
    skills=SKILLS,
)
async def other_shapes_are_refused(world: Conduit) -> None:
    fixture = await Fixture.prepare(world)
    client = HostileClient(world)
    for operation, request in fixture.with_bodies():
        named = list(hostile.other_shapes(request))
        # Changing nothing is a sensible reading of an empty change.
        sensible = operation in ("updateUser", "editArticle")
        await client.send(operation, named, must_refuse=not sensible, baseline=request)
    client.raise_findings()


@check(
    title="A field of the wrong type does not bring the server down",
    aspect=Aspect.CONTRACT,
    stage=2,
    clause="G4",
    why="A number where a text should be goes straight to a method that numbers do not have.",
    hint="Validate types at the edge, with your framework's own means.",
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
    why="PostgreSQL cannot store a NUL, no encoder can write half a surrogate pair, and a column "
    "of 255 does not hold 5,000: each is a 500 unless somebody thought of it.",
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
    why="JSON knows no limits for numbers; languages and databases do.",
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
    why="A recursive parser runs out of stack, and forty kilobytes have stopped a service.",
    hint="Catch the parser's recursion error and refuse, or limit the depth.",
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
    why="Somebody will paste a picture into the text field.",
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
    why="Where the content type decides how a body is read, a strange one often decides that "
    "there is no body, and the handler works on nothing.",
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
    why="Proxies and old clients send `Content-Encoding` that is not true; decompressing garbage "
    "raises where nobody catches.",
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
    why="Scanners send garbage in headers all day long. Each failure is a page to the one on duty.",
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
    why="The code that reads the token runs before everything else and with the least tests.",
    hint="Split carefully, decode inside a try, and treat everything unexpected as no token.",
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
    why="Paths come from links, and links are mangled by everything that they pass through.",
    hint="A path segment that is not valid UTF-8, or holds a NUL, cannot name anything: 404.",
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
    why="An id of twenty digits is no integer to the database, and its error is nobody's answer.",
    hint="An id that cannot be one is an id that does not exist: 404 (or 422).",
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
    hint="Read numbers with a parser that can refuse, and give them a lower and an upper bound.",
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
    why="Browsers send OPTIONS and HEAD on their own, scanners everything else.",
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
