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
from worksample.suites.requests import PASSWORD


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
        catalogue: Any = SimpleNamespace(
            fresh={}, token_changing=(), expensive={"register": PASSWORD}
        )
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


class Registering:
    """A server that answers registrations, and refuses short passwords with `refused`."""

    def __init__(self, accepted: int = 201, refused: int = 422) -> None:
        self._accepted, self._refused = accepted, refused
        self.hashed: list[str] = []
        self.client = HeaderClient(lambda headers: 0)
        self.client.send_one = self._answer  # type: ignore[method-assign]

    async def _answer(self, operation: str, name: str, request: Request) -> Answer:
        short = b'"password":"x"' in request.body
        if not short:
            self.hashed.append(name)
        odd = "br" in dict(request.headers).get("Content-Encoding", "")
        status = 500 if odd else self._refused if short else self._accepted
        return Answer(Exchange(request, Response(status, (), b"")), Dialect())

    def found(self, valid: bytes) -> list[str]:
        """Send odd content encodings; return those that failed."""
        request = Request("POST", "/users", (("Content-Type", "application/json"),), valid)
        named = hostile.content_encodings(request)
        asyncio.run(self.client.send("register", named, baseline=request))
        return [each for finding in self.client.findings for each in finding.inputs]


VALID = b'{"user":{"email":"a@b.c","password":"long enough"}}'


def test_one_accepted_password_is_hashed_for_all_odd_headers() -> None:
    server = Registering()
    assert server.found(VALID) == ["Content-Encoding: br on a body without it"]
    assert len(server.hashed) == 2, "one header, and the body that differs"


def test_every_password_is_sent_while_none_is_accepted() -> None:
    server = Registering(accepted=415)
    server.found(VALID)
    count = len(list(hostile.content_encodings(Request("POST", "/"))))
    assert len(server.hashed) == count + 1, "all, and the baseline of the one that failed"


def test_server_that_fails_on_short_passwords_is_not_blamed_for_headers() -> None:
    assert Registering(refused=500).found(VALID) == []
