"""Preparing write operations, on a server that fails or recovers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.probes import write_operations
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.write_operations import (
    Observation,
    PreparationFailed,
    StateUnavailable,
    WriteOperation,
    prepare_operation,
    record_baselines,
)

Answer = int | Trouble


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once, however long that takes."""
    monkeypatch.setattr(write_operations, "RETRY_SECONDS", 0)
    monkeypatch.setattr(write_operations, "PREPARE_SECONDS", 1000)
    monkeypatch.setattr(write_operations, "BACKGROUND_WRITE_SECONDS", 0)


class Preparation:
    """Needs one request, which gets one of `answers` after the other."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.asked = 0

    async def __call__(self) -> WriteOperation:
        self.asked += 1
        answer = next(self.answers)
        if answer != 200:
            raise PreparationFailed(exchange(answer))
        return WriteOperation("writing", send, observe)


def exchange(answer: Answer) -> Exchange:
    """Return a POST with this answer."""
    response = None if isinstance(answer, Trouble) else Response(answer, (), b"")
    trouble = answer if isinstance(answer, Trouble) else None
    return Exchange(Request("POST", "/articles"), response, trouble)


async def send() -> Exchange:
    """Send the write."""
    return exchange(200)


async def observe() -> Observation:
    """Read the state."""
    return Observation({})


@pytest.mark.parametrize("answer", [400, 404, 422, 500])
def test_undisturbed_server_is_asked_twice_if_it_refuses_in_the_same_way(answer: int) -> None:
    prepare = Preparation(answer, answer)
    with pytest.raises(PreparationFailed):
        asyncio.run(prepare_operation(prepare, undisturbed=True))
    assert prepare.asked == 2


@pytest.mark.parametrize(
    "answers",
    [
        (503, 503, 503, 200),
        (Trouble.TIMEOUT, Trouble.TIMEOUT, 200),
        (429, 429, 200),
        (500, 422, 200),
    ],
)
def test_undisturbed_server_is_asked_again_while_it_may_succeed(answers: tuple[Any, ...]) -> None:
    prepare = Preparation(*answers)
    asyncio.run(prepare_operation(prepare, undisturbed=True))
    assert prepare.asked == len(answers)


def test_server_that_recovers_from_a_fault_is_asked_again() -> None:
    prepare = Preparation(500, 500, 500, 200)
    asyncio.run(prepare_operation(prepare))
    assert prepare.asked == 4


def test_records_the_baselines_of_what_can_be_prepared() -> None:
    kinds = {"publishing": Preparation(200), "commenting": Preparation(500, 500)}
    found = asyncio.run(record_baselines(IdleWire(), kinds, send))  # type: ignore[arg-type]
    assert list(found.recorded) == ["publishing"]
    assert {kind: each.exchange.status for kind, each in found.failures.items()} == {
        "commenting": 500
    }


def test_write_whose_state_is_not_shown_cannot_be_recorded() -> None:
    async def hidden() -> Observation:
        raise StateUnavailable(exchange(500))

    async def prepare() -> WriteOperation:
        return WriteOperation("publishing", send, hidden)

    found = asyncio.run(record_baselines(IdleWire(), {"publishing": prepare}, send))  # type: ignore[arg-type]
    assert not found.recorded
    assert found.failures["publishing"].exchange.status == 500


def test_write_whose_result_is_not_shown_cannot_be_recorded() -> None:
    states = iter([Observation({})])

    async def hidden_afterwards() -> Observation:
        for state in states:
            return state
        raise StateUnavailable(exchange(500))

    async def prepare() -> WriteOperation:
        return WriteOperation("registering", send, hidden_afterwards)

    found = asyncio.run(record_baselines(IdleWire(), {"registering": prepare}, send))  # type: ignore[arg-type]
    assert not found.recorded
    assert found.failures["registering"].exchange.status == 500


class IdleWire:
    """A wire on which nothing happens."""

    def trace(self, name: str) -> Any:
        """Record nothing."""
        return _Trace()

    async def wait_idle(self, seconds: float) -> None:
        """Return at once."""


class _Trace:
    async def __aenter__(self) -> Any:
        return SimpleNamespace(trips=[])

    async def __aexit__(self, *error: object) -> None:
        """Do nothing."""
