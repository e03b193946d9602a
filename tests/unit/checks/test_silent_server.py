"""Tests of `unanswered_reads`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.engine.harness import OK_RESPONSE, FakeClient, FakeTarget
from worksample.checks import CheckContext, Contract, StagedOperation
from worksample.checks.silent_server import unanswered_reads
from worksample.probes.exchange import Exchange, Response, Trouble

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
