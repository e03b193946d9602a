"""Tests of `StallClock`: what is blocked, and what only computes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from worksample.probes.idle import POLL_SECONDS, StallClock

IDLE, COMPUTING = 1.0, 3.0


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands still unless a test changes it."""
    moment = [100.0]
    monkeypatch.setattr("worksample.probes.idle.time.monotonic", lambda: moment[0])
    return moment


def seconds_until_stalled(
    now: list[float],
    computes: Callable[[], bool],
    progress: Callable[[], object] = lambda: 1,
) -> float:
    """Poll a clock until the request is stalled; return how long that took, in seconds."""
    clock, began = StallClock(computes, IDLE, COMPUTING), now[0]
    while not clock.is_stalled(progress()):
        now[0] += POLL_SECONDS
    return now[0] - began


def test_request_is_stalled_soon_after_the_idle_time_if_nothing_computes(now: list[float]) -> None:
    assert IDLE <= seconds_until_stalled(now, lambda: False) < IDLE + 0.1


def test_request_is_not_stalled_while_its_server_computes(now: list[float]) -> None:
    ends = now[0] + 2.0
    assert 2.0 <= seconds_until_stalled(now, lambda: now[0] < ends) < 2.1


def test_server_that_never_rests_is_waited_for_no_longer_than_it_may_compute(
    now: list[float],
) -> None:
    assert COMPUTING <= seconds_until_stalled(now, lambda: True) < COMPUTING + 0.1


def test_progress_starts_the_idle_time_again(now: list[float]) -> None:
    moved = now[0] + 0.9
    took = seconds_until_stalled(now, lambda: False, lambda: now[0] > moved)
    assert 0.9 + IDLE <= took < 1.1 + IDLE
