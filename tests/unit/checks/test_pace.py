"""Tests of `Pace`: time limits and the expected duration, from answers in peace."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from worksample.checks.pace import LONGEST_LIMIT, MORE_READS, Pace, pace_of
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import HttpClient, Limits, Session

OK_RESPONSE = Response(200, (), b"")


def pace(*seconds: float, method: str = "GET") -> Pace:
    request = Request(method, "/")
    return Pace.of([Exchange(request, OK_RESPONSE, seconds=each) for each in seconds])


def limit(*seconds: float) -> float:
    return pace(*seconds).limits(Limits()).timeout


def test_a_fast_server_keeps_the_usual_limit() -> None:
    assert limit() == limit(*[0.01] * 10) == Limits().timeout
    assert pace(*[0.01] * 10).patience == 1.0


def test_a_slow_server_gets_more_time_in_proportion() -> None:
    assert limit(*[0.05] * 7, *[1.0] * 3) == pytest.approx(40.0)
    assert limit(*[5.0] * 10) == LONGEST_LIMIT
    assert pace(*[1.0] * 10).patience == pytest.approx(4.0)


def test_one_slow_answer_of_many_is_no_pace() -> None:
    assert limit(*[0.01] * 9, 1.0) == Limits().timeout


def test_the_fastest_read_with_an_answer_tells() -> None:
    reads = [Exchange(Request("GET", "/"), OK_RESPONSE, seconds=each) for each in (0.9, 0.2, 0.1)]
    write = Exchange(Request("POST", "/"), OK_RESPONSE, seconds=0.01)
    refused = Exchange(Request("GET", "/"), Response(404, (), b""), seconds=0.01)
    silent = Exchange(Request("GET", "/"), None, Trouble.TIMEOUT, seconds=10.0)
    assert Pace.of([*reads, write, refused, silent]).read == 0.1


def test_a_slow_server_is_told_how_long_it_takes() -> None:
    assert pace(*[0.045] * 7, *[0.65] * 3).note(337) == (
        "this server needs 45 ms for a plain read and 650 ms for a slow one: expect about 3 min"
    )


def test_a_server_with_quick_reads_is_told_nothing() -> None:
    assert pace(*[0.004] * 7, *[0.2] * 3).note(337) == ""
    assert pace(*[0.2] * 9, 0.02).note(337) == ""
    assert pace().note(337) == ""


class Rereading(Session):
    """A session with one slow read; those that follow take `seconds` each."""

    def __init__(self, *seconds: float) -> None:
        super().__init__(HttpClient("http://127.0.0.1:1"))
        self.seconds = deque(seconds)
        self.record(Exchange(Request("GET", "/tags"), OK_RESPONSE, seconds=0.05))

    async def exchange(self, request: Request, **_: object) -> Exchange:
        return Exchange(request, OK_RESPONSE, seconds=self.seconds.popleft())


def test_a_busy_machine_is_no_slow_server() -> None:
    busy = Rereading(0.06, 0.01, *[0.05] * (MORE_READS - 2))
    assert asyncio.run(pace_of(busy)).note(337) == ""
    slow = Rereading(*[0.06] * MORE_READS)
    assert asyncio.run(pace_of(slow)).read == 0.05
    assert not slow.seconds
