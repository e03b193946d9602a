"""The suites for bursts and for two instances, with a counter of seats as the product."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Answer, Check, CheckFailed, expect
from worksample.checks.dialect import Dialect
from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites import bursts, two_instances
from worksample.suites.bursts import BURSTS, expect_distinct


def answer(status: int, body: bytes = b"{}") -> Answer:
    """Return an answer with this status."""
    return Answer(Exchange(Request("POST", "/seats"), Response(status, (), body)), Dialect())


class Seats:
    """The adapter of a product with one seat, of which `sold` are sold in a burst."""

    label = "one of many takes the seat"

    def __init__(self, sold: int) -> None:
        self.sold, self.prepared, self.asked = sold, 0, 0

    async def prepare(self) -> None:
        self.prepared += 1

    async def requests(self) -> list[Request]:
        self.asked += 1
        return [Request("POST", f"/rows/{self.asked}")] * 3

    async def judge(self, answers: Sequence[Answer]) -> None:
        sold = sum(each.status == 201 for each in answers)
        expect(sold, "seats sold").equals(1)


class BurstWorld:
    """A world without a wire that answers a burst with as many successes as the product sells."""

    wired = False

    def __init__(self, seats: Seats) -> None:
        self.seats = seats
        self.sent: list[str] = []

    async def send_concurrently(self, requests: Sequence[Request], label: str) -> list[Answer]:
        self.sent += [each.target for each in requests]
        assert label == Seats.label
        return [answer(201 if n < self.seats.sold else 409) for n in range(len(requests))]


def run(check: Any, world: Any) -> None:
    """Run the only check of a list."""
    (only,) = check
    assert isinstance(only, Check)
    assert only.function is not None
    asyncio.run(only.function(world))  # type: ignore[arg-type]


def test_burst_is_repeated_on_new_data() -> None:
    seats = Seats(sold=1)
    world = BurstWorld(seats)
    run(bursts.SUITE.checks(lambda _: seats, clause="M1", stage=6), world)
    assert (seats.prepared, seats.asked) == (1, BURSTS)
    assert len(set(world.sent)) == BURSTS


def test_burst_that_sells_a_seat_twice_fails() -> None:
    seats = Seats(sold=2)
    with pytest.raises(CheckFailed) as caught:
        run(bursts.SUITE.checks(lambda _: seats, clause="M1", stage=6), BurstWorld(seats))
    assert caught.value.findings[0].expected == "seats sold: 1"


def test_repeated_id_fails() -> None:
    answers = [answer(201, b'{"id": %d}' % number) for number in (1, 2, 2)]
    expect_distinct(answers[:2], "id", what="seats per id")
    with pytest.raises(CheckFailed):
        expect_distinct(answers, "id", what="seats per id")


class Copies:
    """The adapter of a product with two instances; `stale`: the second one remembers."""

    def __init__(self, status: int, *, stale: bool) -> None:
        self.status, self.stale, self.seats = status, stale, 5

    async def sessions(self, other: Any) -> Sequence[Answer]:
        assert other == "the other instance"
        return [answer(200), answer(self.status)]

    async def changes(self, other: Any) -> AsyncIterator[None]:
        yield
        self.seats -= 1
        yield

    async def view(self, world: Any) -> Mapping[str, Any]:
        return {"seats": 5 if self.stale and world == "the other instance" else self.seats}


def run_copies(copies: Copies) -> dict[str, str]:
    """Run the checks on two instances; return what those that fail expected."""

    async def second_instance() -> str:
        return "the other instance"

    world: Any = SimpleNamespace(second_instance=second_instance)
    found: dict[str, str] = {}
    for each in two_instances.SUITE.checks(lambda _: copies, clause="M2", stage=6):
        assert isinstance(each, Check)
        try:
            run([each], world)
        except CheckFailed as failure:
            found[each.id] = failure.findings[0].expected
    return found


def test_instances_that_agree_pass() -> None:
    assert not run_copies(Copies(200, stale=False))


def test_stale_instance_and_foreign_token_fail() -> None:
    assert run_copies(Copies(401, stale=True)) == {
        "a-token-is-good-at-both-copies": "status 200",
        "what-one-copy-stores-the-other-shows": "seats at the other instance: 4",
    }
