"""Tests of `Pace`: time limits and the expected duration, from answers in peace."""

from __future__ import annotations

import pytest

from worksample.checks.pace import LONGEST_LIMIT, Pace
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.http import Limits

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


def test_a_plain_read_is_the_median_of_reads_with_an_answer() -> None:
    reads = [Exchange(Request("GET", "/"), OK_RESPONSE, seconds=each) for each in (0.1, 0.2, 0.9)]
    write = Exchange(Request("POST", "/"), OK_RESPONSE, seconds=5.0)
    silent = Exchange(Request("GET", "/"), None, Trouble.TIMEOUT, seconds=10.0)
    assert Pace.of([*reads, write, silent]).read == 0.2


def test_a_slow_server_is_told_how_long_it_takes() -> None:
    assert pace(*[0.004] * 10).note(337) == ""
    assert pace().note(337) == ""
    told = "this server needs 45 ms for a plain read and 45 ms for a slow one: expect 4 min"
    assert pace(*[0.045] * 10).note(337) == told
