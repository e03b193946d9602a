"""Hostile requests in several lanes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Answer, CheckFailed, Finding, PreconditionFailed
from worksample.checks.dialect import Dialect
from worksample.probes import hostile
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites.hostile_client import HostileClient, in_lanes


def test_failed_precondition_of_a_lane_blocks_the_check() -> None:
    async def prepare() -> None:
        """Prepare nothing."""

    async def lane(valid: Any, number: int) -> None:
        if number == 1:
            raise PreconditionFailed("readers-register", Finding("201", "500"))

    world = SimpleNamespace(context=SimpleNamespace(alone=False))
    client: Any = SimpleNamespace(world=world, prepare=prepare)
    with pytest.raises(PreconditionFailed) as failure:
        asyncio.run(in_lanes(client, lane))
    assert failure.value.needs == "readers-register"


class HeaderClient(HostileClient):
    """Answers with what `answer` says of the headers of a request, and keeps what was sent."""

    def __init__(self, answer: Callable[[dict[str, str]], int]) -> None:
        contract, dialect = SimpleNamespace(operations=()), Dialect()
        world: Any = SimpleNamespace(
            rng=random.Random(1), context=SimpleNamespace(contract=contract), dialect=dialect
        )
        catalogue: Any = SimpleNamespace(fresh={}, token_changing=())
        super().__init__(world, catalogue)
        self._answer = answer
        self.sent: list[dict[str, str]] = []

    async def send_one(self, operation: str, name: str, request: Request) -> Answer:
        """See `HostileClient`."""
        self.sent.append(dict(request.headers))
        status = self._answer(self.sent[-1])
        return Answer(Exchange(request, Response(status, (), b"")), Dialect())

    def found(self) -> list[str]:
        """Send all groups of odd headers; return the kinds of input that failed."""
        request = Request("GET", "/things")

        async def send_all() -> None:
            for group in hostile.odd_headers(request):
                await self.send_group("readThings", group, request)

        asyncio.run(send_all())
        try:
            self.finish()
        except CheckFailed as failure:
            return [each for finding in failure.findings for each in finding.inputs]
        return []


def test_odd_headers_that_a_server_survives_are_sent_at_once() -> None:
    client = HeaderClient(lambda headers: 200)
    assert client.found() == []
    assert len(client.sent) == len(list(hostile.odd_headers(Request("GET", "/"))))


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Range", "Referer"])
def test_finds_the_odd_header_that_fails(header: str) -> None:
    client = HeaderClient(lambda headers: 500 if header in headers else 200)
    (found,) = client.found()
    assert found.startswith(f"{header}: ")


def test_header_that_is_refused_hides_no_other() -> None:
    """A server may refuse one header before it reads the next."""

    def answer(headers: dict[str, str]) -> int:
        if "Range" in headers:
            return 416
        return 500 if "User-Agent" in headers else 200

    (found,) = HeaderClient(answer).found()
    assert found.startswith("User-Agent: ")


def test_headers_that_fail_only_together_are_a_finding() -> None:
    client = HeaderClient(lambda headers: 500 if {"Range", "Origin"} <= set(headers) else 200)
    (found,) = client.found()
    assert found == "12 odd headers at once"


def test_headers_of_an_operation_that_always_fails_are_no_finding() -> None:
    assert HeaderClient(lambda headers: 500).found() == []
