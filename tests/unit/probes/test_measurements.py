"""Head-of-line blocking, CPU in transactions, open-loop load and CPU cost."""

from __future__ import annotations

import asyncio

import pytest

from worksample.probes.cpu import median_cost
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.head_of_line import (
    BlockingSetup,
    BlockingTrial,
    is_blocking,
    run_trial,
    run_trials,
)
from worksample.probes.open_loop import TimedExchange, batch_arrival_times, run_open_loop, summarize
from worksample.probes.transaction_cpu import CpuSample, longest_transaction_cpu
from worksample.wire import RoundTrip
from worksample.wire.postgres import Kind

UNBLOCKED = BlockingTrial(sent=0.3, first_activity=0.4, total=1.0, slow_pending=True)
BLOCKED = BlockingTrial(sent=0.3, first_activity=1.0, total=1.0, slow_pending=False)
DISTURBED = BlockingTrial(
    sent=0.3, first_activity=1.0, total=1.0, slow_pending=False, undisturbed=False
)
TOO_LATE = BlockingTrial(sent=0.9, first_activity=1.0, total=1.0, slow_pending=False)


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([BLOCKED] * 6 + [UNBLOCKED] * 3, False),
        ([UNBLOCKED] * 3, False),
        ([UNBLOCKED] * 2, None),
        ([BLOCKED] * 6 + [UNBLOCKED], None),
        ([BLOCKED] * 13 + [UNBLOCKED], None),
        ([BLOCKED] * 14 + [UNBLOCKED], True),
        ([UNBLOCKED] + [BLOCKED] * 12 + [UNBLOCKED], None),
        ([BLOCKED] * 7, True),
        ([BLOCKED] * 6, None),
        ([TOO_LATE] * 9 + [BLOCKED] * 6, None),
        ([DISTURBED] * 20, None),
        ([DISTURBED] * 3 + [BLOCKED] * 6, True),
        ([TOO_LATE] * 9 + [UNBLOCKED] * 3, False),
    ],
)
def test_is_blocking_requires_enough_consistent_trials(
    trials: list[BlockingTrial], expected: bool | None
) -> None:
    assert is_blocking(trials) is expected


def test_trial_with_late_activity_was_blocked() -> None:
    assert BlockingTrial(sent=0.3, first_activity=0.95, total=1.0, slow_pending=True).was_blocked


class Server:
    """A server that computes in steps; with `blocking` it starts no other request meanwhile.

    With `queries_at_end` the slow request also queries the database after its computation.
    """

    def __init__(self, blocking: bool, queries_at_end: bool) -> None:
        self.blocking, self.queries_at_end = blocking, queries_at_end
        self.cpu, self.activity, self.computed = 0.0, 0, asyncio.Event()

    async def slow(self) -> None:
        for _ in range(100):
            self.cpu += 0.01
            await asyncio.sleep(0)
        self.computed.set()
        self.activity += self.queries_at_end

    async def cheap(self) -> None:
        """Take longer than the slow request, but start at once."""
        if self.blocking:
            await self.computed.wait()
        self.activity += 1
        await self.computed.wait()


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    "queries_at_end", [True, False], ids=["queries after computing", "only answers"]
)
def test_distinguishes_blocking_from_concurrent_server(
    blocking: bool, queries_at_end: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Server and observer take turns, so that no clock decides how far the one is ahead.
    monkeypatch.setattr("worksample.probes.head_of_line.POLL_SECONDS", 0)

    async def trial() -> BlockingTrial:
        server = Server(blocking, queries_at_end)
        setup = BlockingSetup(
            lambda: server.cpu, lambda: server.activity, server.slow, server.cheap, (1.0, 0.0)
        )
        return await run_trial(setup)

    assert is_blocking(asyncio.run(run_trials(trial))) is blocking


def sample(connection: int, before: str, cpu: float) -> CpuSample:
    return CpuSample(RoundTrip(connection, 1, Kind.SIMPLE, 0.0, before=before), cpu)


def test_cpu_between_transactions_does_not_count() -> None:
    assert longest_transaction_cpu([sample(1, "I", 0.0), sample(1, "I", 0.5)], 0.6) is None


def test_finds_cpu_within_transaction_per_connection() -> None:
    found = longest_transaction_cpu(
        [sample(1, "I", 0.0), sample(2, "I", 0.01), sample(1, "T", 0.5), sample(1, "T", 0.51)], 0.6
    )
    assert found is not None
    assert found.seconds == pytest.approx(0.5)
    assert found.share == pytest.approx(0.5 / 0.6)


def exchange(status: int = 200, trouble: Trouble | None = None) -> Exchange:
    response = None if trouble else Response(status, (), b"")
    return Exchange(Request("GET", "/"), response, trouble)


def test_summary_separates_failures_from_timeouts() -> None:
    summary = summarize(
        [
            TimedExchange(0.0, 0.0, 0.1, exchange()),
            TimedExchange(0.0, 0.2, 0.5, exchange(404)),
            TimedExchange(0.1, 0.1, 0.2, exchange(503)),
            TimedExchange(0.1, 0.1, 9.0, exchange(trouble=Trouble.TIMEOUT)),
            TimedExchange(0.1, 0.1, 0.2, exchange(trouble=Trouble.CLOSED)),
        ]
    )
    assert [each.status for each in summary.failed] == [503, 0]
    assert (len(summary.timed_out), summary.all_answered, summary.count) == (1, False, 5)
    assert summary.max_latency == pytest.approx(8.9)


def test_open_loop_does_not_wait_for_answers() -> None:
    """The first request is answered only after the last one was sent."""
    last = asyncio.Event()

    async def answered_last() -> Exchange:
        await last.wait()
        return exchange()

    async def third() -> Exchange:
        last.set()
        return exchange()

    history = asyncio.run(
        run_open_loop([(0.0, answered_last), (0.001, answered_last), (0.002, third)])
    )
    assert [each.due for each in history] == [0.0, 0.001, 0.002]
    assert summarize(history).all_answered


def test_batch_arrival_times() -> None:
    assert batch_arrival_times(5, 2, 0.5) == [0.0, 0.0, 0.5, 0.5, 1.0]


def test_median_cost_compares_each_segment_with_its_own_reference() -> None:
    found = median_cost([(3.0, 1.0), (2.0, 1.0), (20.0, 10.0)])
    assert (found.seconds, found.relative) == (3.0, 2.0)
