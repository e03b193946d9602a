"""Robustness against hostile input: it is refused or ignored, and never causes a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from worksample.checks import Aspect, Suite, World
from worksample.messages import message
from worksample.probes import hostile
from worksample.probes.exchange import Request
from worksample.suites.hostile_client import HostileClient, everywhere, send_bodies, send_everywhere
from worksample.suites.requests import RequestCatalogue

SUITE = Suite[RequestCatalogue](
    "hostile-input",
    RequestCatalogue,
    aspect=Aspect.CONTRACT,
    skills=("api-design", "security-practices"),
    cites="OWASP API8:2023 (CWE-20, CWE-755)",
    hostile=True,
)


@SUITE.check(
    title="A body that is no JSON is refused",
    why="A phone that loses its network sends half a request. If the server accepts it, or answers "
    "with a 5xx, data are lost.",
)
async def a_body_that_is_no_json_is_refused(world: World, catalogue: RequestCatalogue) -> None:
    def first_three(request: Request) -> Iterator[tuple[str, Request]]:
        yield from list(hostile.malformed(request))[:3]

    await send_bodies(world, catalogue, first_three, refuse=True)


@SUITE.check(
    title="Broken encodings in a body do not bring the server down",
    why="Old clients and pasted texts send bytes that are not UTF-8. None of them may cause a 5xx "
    "and page whoever is on call.",
)
async def broken_encodings_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    def remaining(request: Request) -> Iterator[tuple[str, Request]]:
        yield from list(hostile.malformed(request))[3:]

    await send_bodies(world, catalogue, remaining)


@SUITE.check(
    title="A body without the object that the contract asks for is refused",
    why="`null` instead of an object is the most common cause of an unhandled exception.",
    hint="Check that the body and its wrapped value are objects before you read fields.",
)
async def other_shapes_are_refused(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    valid = await client.prepare()
    for operation, request in valid.with_bodies():
        named = list(hostile.other_shapes(request))
        # An update without fields may also be accepted, and change nothing.
        sensible = operation in catalogue.without_required_fields
        await client.send(operation, named, must_refuse=not sensible, baseline=request)
    client.finish()


@SUITE.check(
    title="A field of the wrong type does not bring the server down",
    why="Code that calls a string method on a number raises an exception.",
    hint="Validate types before the handler runs, with your framework's own validation.",
)
async def wrong_types_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await send_bodies(world, catalogue, hostile.wrong_types)


@SUITE.check(
    title="NUL, half surrogates and very long texts do not bring the server down",
    why="PostgreSQL cannot store a NUL, UTF-8 cannot encode half a surrogate pair, and a column of "
    "255 characters does not hold 5,000: each becomes a 500 unless it is handled.",
    hint="Refuse texts that contain U+0000 or lone surrogates, and check lengths before you store.",
)
async def odd_texts_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await send_bodies(world, catalogue, hostile.odd_texts)


@SUITE.check(
    title="Numbers beyond every machine do not bring the server down",
    why="JSON has no limits for numbers, but languages and databases have.",
)
async def odd_numbers_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await send_bodies(world, catalogue, hostile.odd_numbers)


@SUITE.check(
    title="Nesting of 20,000 levels does not bring the server down",
    why="A recursive parser overflows its stack: forty kilobytes are enough to stop a service.",
    hint="Limit the depth, or catch the parser's recursion error and refuse the request.",
    cites="OWASP API4:2023 (CWE-674)",
)
async def deep_nesting_is_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    valid = await client.prepare()
    for operation, request in valid.with_bodies():
        flat = hostile.with_body(request, b"[]", hostile.JSON)
        await client.send(operation, hostile.deep(request), baseline=flat)
    client.finish()


@SUITE.check(
    title="A body of 2 MB does not bring the server down",
    why="Sooner or later somebody pastes a picture into the text field.",
    cites="OWASP API4:2023 (CWE-770)",
)
async def large_bodies_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    def large(request: Request) -> Iterator[tuple[str, Request]]:
        filled = request.body.replace(b'":"', b'":"' + b"x" * hostile.LARGE_BODY, 1)
        if filled != request.body:
            yield "a text of 2 MB", hostile.with_body(request, filled, hostile.JSON)

    await send_bodies(world, catalogue, large)


@SUITE.check(
    title="Missing, wrong and strange content types do not bring the server down",
    why="A framework that chooses the parser by the content type often passes on an empty body for "
    "an unknown one, and the handler fails on it.",
    cites="RFC 9110 15.5.16",
)
async def odd_content_types_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await send_bodies(world, catalogue, hostile.content_types)


@SUITE.check(
    title="Bodies that claim an encoding that they do not have do not bring the server down",
    why="Proxies and old clients send a wrong `Content-Encoding`; decompressing such a body raises "
    "an exception that often nothing catches.",
    cites="RFC 9110 8.4",
)
async def odd_content_encodings_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    await send_bodies(world, catalogue, hostile.content_encodings)


@SUITE.check(
    title="Garbage in any header does not bring the server down",
    why="Scanners send garbage in headers all day long. Each 5xx pages whoever is on call.",
)
async def odd_headers_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)

    async def send_groups(operation: str, request: Request) -> None:
        for group in hostile.odd_headers(request):
            await client.send_group(operation, group, request)

    await everywhere(client, send_groups)


@SUITE.check(
    title="Garbage in the Authorization header does not bring the server down",
    why="The code that parses the token runs for every request, and is rarely tested with garbage.",
    hint="Parse the header defensively, and treat every error as a missing token.",
    skills=("oauth-jwt", "security-practices"),
)
async def odd_authorization_is_survived(world: World, catalogue: RequestCatalogue) -> None:
    def odd_authorization(request: Request) -> Iterator[tuple[str, Request]]:
        return hostile.odd_authorization(request, world.dialect.scheme)

    await send_everywhere(world, catalogue, odd_authorization)


@SUITE.check(
    title="Strange paths do not bring the server down",
    why="Paths come from links, and mail programs and chats mangle links.",
    hint="A path segment that is not valid UTF-8, or holds a NUL, names nothing: answer 404.",
)
async def odd_paths_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    valid = await client.prepare()
    prefix = world.dialect.prefix
    for operation, request in valid.all():
        for place in valid.path_values:
            path = request.target
            if f"/{place}" in path and path.startswith(prefix):
                await client.send(operation, _segments(request, place), baseline=request)
    client.finish()


def _segments(request: Request, place: str) -> Iterator[tuple[str, Request]]:
    for name, segment in hostile.odd_segments():
        target = request.target.replace(f"/{place}", f"/{segment}", 1)
        yield message("{name} in the path", name=name), replace(request, target=target)


@SUITE.check(
    title="Strange ids do not bring the server down",
    why="An id of twenty digits is too large for the database, and its error becomes a 500.",
    hint="Treat an invalid id like one that does not exist: 404 (or 422).",
)
async def odd_ids_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    valid = await client.prepare()
    for operation, request in valid.all():
        if operation not in catalogue.with_ids:
            continue
        path = request.target.rpartition("/")[0]
        named = [(n, replace(request, target=f"{path}/{s}")) for n, s in hostile.odd_ids()]
        await client.send(operation, named, must_refuse=True)
    client.finish()


@SUITE.check(
    title="Nonsense in the query does not bring the server down",
    why="`offset=-1` and `limit=99999999999999999999` are the first things that a curious visitor "
    "tries.",
    hint="Parse both as integers, refuse anything else, and check a lower and an upper bound.",
)
async def odd_queries_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    valid = await client.prepare()
    for operation, request in valid.all():
        if operation not in catalogue.lists:
            continue
        path = request.target.partition("?")[0]
        queries = hostile.odd_queries(("limit", "offset"), catalogue.lists[operation])
        named = [(name, replace(request, target=f"{path}?{query}")) for name, query in queries]
        await client.send(operation, named, baseline=request)
    client.finish()


@SUITE.check(
    title="Methods that nobody expects do not bring the server down",
    why="Browsers send OPTIONS and HEAD on their own, and scanners send every other method.",
    cites="RFC 9110 9.1, 15.5.6",
)
async def odd_methods_are_survived(world: World, catalogue: RequestCatalogue) -> None:
    client = HostileClient(world, catalogue)
    prefix = world.dialect.prefix
    for path in catalogue.paths:
        named = [
            (message("the method {method}", method=method), Request(method, prefix + path))
            for method in ("HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "FOO")
        ]
        await client.send(path, named)
    client.finish()
