"""Limits on the size of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from worksample.checks import Aspect, Meaning, Suite, World, expect, precondition
from worksample.messages import message
from worksample.probes.exchange import Request

TOO_LARGE = 1_500_000
CHUNK = 50_000
REFUSED = (Meaning.TOO_LARGE, Meaning.INVALID, Meaning.MALFORMED)


class LargeWrites(Protocol):
    """A write operation that stores a text, and what shows whether it was stored."""

    @property
    def counted(self) -> str:
        """What `count` counts, for findings."""

    async def prepare(self) -> None:
        """Create the account that writes."""

    def request(self, text: str) -> Request:
        """Return a request with a JSON body that stores `text`."""

    async def count(self) -> object:
        """Return how many things this account has stored."""


SUITE = Suite[LargeWrites](
    "limits",
    LargeWrites,
    aspect=Aspect.SECURITY,
    skills=("security-practices", "api-design"),
    cites="OWASP API4:2023 Unrestricted Resource Consumption (CWE-770)",
)
WHY = "A server that reads bodies of any size can be exhausted from a single phone."


@SUITE.check(
    title="A body of more than 1 MiB is refused",
    why=WHY,
    hint="Check Content-Length before you read, and count the bytes while you read.",
)
async def large_bodies_are_refused(world: World, writes: LargeWrites) -> None:
    await writes.prepare()
    before = await writes.count()
    answer = await world.send_raw(writes.request("x" * TOO_LARGE), label="a body of 1.5 MB")
    expect(answer).means(*REFUSED, because="it is larger than 1 MiB")
    expect(await writes.count(), message("{counted} afterwards", counted=writes.counted)).equals(
        before
    )


@SUITE.check(
    title="A body of more than 1 MiB is refused with 413",
    why="A client that gets a 413 can send less; with another status it sends the same again.",
    aspect=Aspect.CONTRACT,
    cites="RFC 9110 15.5.14",
)
async def large_bodies_are_answered_with_413(world: World, writes: LargeWrites) -> None:
    await writes.prepare()
    answer = precondition(
        await world.send_raw(writes.request("x" * TOO_LARGE), label="a body of 1.5 MB"),
        *REFUSED,
        needs="large-bodies-are-refused",
    )
    expect(answer).exactly(Meaning.TOO_LARGE, because="it is larger than 1 MiB")


@SUITE.check(
    title="A body of more than 1 MiB that does not say its size is refused too",
    why="An attacker leaves out Content-Length.",
    hint="Count the bytes while you read; a limit on Content-Length alone is easily bypassed.",
)
async def large_chunked_bodies_are_refused(world: World, writes: LargeWrites) -> None:
    await writes.prepare()
    before = await writes.count()
    request = _chunked(writes.request("x" * TOO_LARGE))
    answer = await world.send_raw(request, label="a body of 1.5 MB in chunks", fresh=True)
    expect(answer).means(*REFUSED, because="it is larger than 1 MiB")
    expect(await writes.count(), message("{counted} afterwards", counted=writes.counted)).equals(
        before
    )


def _chunked(whole: Request) -> Request:
    """Return the request with its body in chunks, without Content-Length (RFC 9112 7.1)."""
    pieces = [whole.body[at : at + CHUNK] for at in range(0, len(whole.body), CHUNK)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return replace(whole, headers=(*whole.headers, ("Transfer-Encoding", "chunked")), body=body)
