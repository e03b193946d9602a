"""Tests of `unanswered_reads` and `silence`."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import OK_RESPONSE, FakeClient, FakeTarget
from worksample.checks import CheckContext, Contract, StagedOperation
from worksample.checks.silent_server import silence, unanswered_reads
from worksample.probes.exchange import Exchange, Response, Trouble
from worksample.probes.http import HttpClient, Limits
from worksample.targets import ExternalTarget

GET: dict[str, Any] = {"get": {"operationId": "list", "responses": {}}}
TAGS: dict[str, Any] = {"get": {"operationId": "tags", "responses": {}}}
CONTRACT = Contract({"paths": {"/articles": GET, "/tags": TAGS, "/tags/{name}": GET}}, Path())
OPERATIONS = (StagedOperation("list", 3), StagedOperation("tags", 1))


def reads(responder: Any) -> tuple[list[str], tuple[Exchange, ...]]:
    asked: list[str] = []

    def recording(path: str) -> Response | Trouble:
        asked.append(path)
        found: Response | Trouble = responder(path)
        return found

    context = CheckContext(FakeClient(recording), FakeTarget(), CONTRACT, seed=7, base_path="/v1")
    return asked, asyncio.run(unanswered_reads(context, OPERATIONS))


def test_an_answer_to_the_first_read_is_enough() -> None:
    assert reads(lambda path: OK_RESPONSE) == (["/"], ())


def test_an_answer_to_the_second_read_is_enough() -> None:
    asked, found = reads(lambda path: Trouble.TIMEOUT if path == "/" else OK_RESPONSE)
    assert (asked, found) == (["/", "/v1/tags"], ())


def test_a_server_that_refuses_the_connection_is_not_silent() -> None:
    assert reads(lambda path: Trouble.REFUSED) == (["/"], ())


def test_both_reads_are_told_when_neither_is_answered() -> None:
    asked, found = reads(lambda path: Trouble.TIMEOUT)
    assert [each.request.target for each in found] == asked == ["/", "/v1/tags"]


class DrippingServer:
    """Sends the status line, and then never a whole head; `connections` are its tasks."""

    def __init__(self) -> None:
        self.connections: list[asyncio.Task[None]] = []

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections.append(asyncio.create_task(self._drip(reader, writer)))

    async def _drip(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-")
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.transport.abort()


def test_an_answer_that_has_only_begun_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> tuple[Exchange, ...]:
        drops = DrippingServer()
        async with await asyncio.start_server(drops.accept, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            client = HttpClient(url, limits=Limits(timeout=0.1))
            context = CheckContext(client, ExternalTarget(url), CONTRACT, seed=7)
            found = await unanswered_reads(context, OPERATIONS)
            await asyncio.gather(*drops.connections)
            return found

    monkeypatch.setattr("worksample.checks.silent_server.FIRST_READ", 0.1)
    told = silence(asyncio.run(ask()))
    assert [each.request.target for each in told.exchanges] == ["/", "/tags"]
    assert told.actual == (
        'GET /tags: no complete answer in time ("the answer was not complete within 0.1 s")'
    )
