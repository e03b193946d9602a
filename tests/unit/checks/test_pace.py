"""Tests of `adapted_limits` and `unanswered_reads`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import OK_RESPONSE, FakeClient, FakeTarget
from worksample.checks import CheckContext, Contract, StagedOperation
from worksample.checks.pace import LONGEST_LIMIT, adapted_limits, unanswered_reads
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import Limits

GET: dict[str, Any] = {"get": {"operationId": "list", "responses": {}}}
TAGS: dict[str, Any] = {"get": {"operationId": "tags", "responses": {}}}
CONTRACT = Contract({"paths": {"/articles": GET, "/tags": TAGS, "/tags/{name}": GET}}, Path())
OPERATIONS = (StagedOperation("list", 3), StagedOperation("tags", 1))


def answered_in(*seconds: float) -> list[Exchange]:
    return [Exchange(Request("GET", "/"), OK_RESPONSE, seconds=each) for each in seconds]


def limit(*seconds: float) -> float:
    return adapted_limits(Limits(), answered_in(*seconds)).timeout


def test_a_fast_server_keeps_the_usual_limit() -> None:
    assert limit() == limit(*[0.01] * 10) == Limits().timeout


def test_a_slow_server_gets_more_time_in_proportion() -> None:
    assert limit(*[0.05] * 7, *[1.0] * 3) == pytest.approx(40.0)
    assert limit(*[5.0] * 10) == LONGEST_LIMIT


def test_one_slow_answer_of_many_is_no_pace() -> None:
    assert limit(*[0.01] * 9, 1.0) == Limits().timeout


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
