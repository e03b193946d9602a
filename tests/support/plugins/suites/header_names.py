"""A toy suite, with a toy probe: names of header fields are case-insensitive."""

from __future__ import annotations

from typing import Protocol

from worksample.probes.letter_case import in_both_cases  # type: ignore[import-not-found]

from worksample.checks import Answer, Aspect, Suite, World, expect
from worksample.probes.exchange import Request


class HeaderReader(Protocol):
    """What the suite needs: a request whose answer depends on a header field."""

    def request(self) -> Request:
        """Return the request."""


SUITE = Suite[HeaderReader]("header-names", HeaderReader, aspect=Aspect.CONTRACT, skills=("rest",))


@SUITE.check(
    title="Names of header fields may be written in any letter case",
    why="A proxy on the way changes the letter case, and the header is ignored.",
    cites="RFC 9110, section 5.1",
)
async def header_names_may_have_any_letter_case(world: World, reader: HeaderReader) -> None:
    sent = await in_both_cases(world.session, reader.request())
    lower, upper = (Answer(each, world.dialect).response.body.decode() for each in sent)
    expect(upper, "the answer to upper-case names").equals(lower)
