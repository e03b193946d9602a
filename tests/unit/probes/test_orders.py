"""What is judged by order and by CPU, never by the clock: waiting, holding, streams, costs."""

from __future__ import annotations

import asyncio

import pytest

from worksample.probes.cpu import middle
from worksample.probes.exchange import Exchange, Request, Response, Trouble
from worksample.probes.holding import Moment, held
from worksample.probes.stream import Sent, clumps, judge, stream
from worksample.probes.waiting import Scene, Trial, attempt, attempts, verdict
from worksample.wire import Kind, RoundTrip

FREE = Trial(sent=0.3, moved=0.4, total=1.0, first=True)
WAITED = Trial(sent=0.3, moved=1.0, total=1.0, first=False)
DISTURBED = Trial(sent=0.3, moved=1.0, total=1.0, first=False, calm=False)
TOO_LATE = Trial(sent=0.9, moved=1.0, total=1.0, first=False)


@pytest.mark.parametrize(
    ("trials", "said"),
    [
        ([WAITED] * 6 + [FREE] * 3, False),
        ([FREE] * 3, False),
        ([FREE] * 2, None),
        ([WAITED] * 6 + [FREE], None),
        ([WAITED] * 13 + [FREE], None),
        ([WAITED] * 14 + [FREE], True),
        ([FREE] + [WAITED] * 12 + [FREE], None),
        ([WAITED] * 7, True),
        ([WAITED] * 6, None),
        ([TOO_LATE] * 9 + [WAITED] * 6, None),
        ([DISTURBED] * 20, None),
        ([DISTURBED] * 3 + [WAITED] * 6, True),
        ([TOO_LATE] * 9 + [FREE] * 3, False),
    ],
)
def test_others_are_held_up_unless_they_get_through_three_times(
    trials: list[Trial], said: bool | None
) -> None:
    assert verdict(trials) is said


def test_an_answer_after_all_was_computed_has_waited_even_if_it_came_first() -> None:
    assert Trial(sent=0.3, moved=0.95, total=1.0, first=True).held_up


class Server:
    """Computes in steps; `blocking` begins with nobody else until it is done."""

    def __init__(self, blocking: bool, asks: bool) -> None:
        self.blocking, self.asks = blocking, asks
        self.cpu, self.moves, self.computed = 0.0, 0, asyncio.Event()

    async def slow(self) -> None:
        for _ in range(100):
            self.cpu += 0.01
            await asyncio.sleep(0.0005)
        self.computed.set()
        self.moves += self.asks

    async def cheap(self) -> None:
        """Takes longer than the slow one, but is begun with at once."""
        if self.blocking:
            await self.computed.wait()
        self.moves += 1
        await self.computed.wait()


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("asks", [True, False], ids=["asks when computed", "only answers"])
def test_a_server_that_blocks_is_told_from_one_that_does_not(blocking: bool, asks: bool) -> None:
    async def once() -> Trial:
        server = Server(blocking, asks)
        scene = Scene(
            lambda: server.cpu, lambda: server.moves, server.slow, server.cheap, (1.0, 0.0)
        )
        return await attempt(scene)

    assert verdict(asyncio.run(attempts(once))) is blocking


def moment(connection: int, before: str, cpu: float) -> Moment:
    return Moment(RoundTrip(connection, 1, Kind.SIMPLE, 0.0, before=before), cpu)


def test_computing_between_transactions_holds_nothing() -> None:
    assert held([moment(1, "I", 0.0), moment(1, "I", 0.5)], 0.6) is None


def test_computing_within_a_transaction_is_found_on_its_own_connection() -> None:
    found = held(
        [moment(1, "I", 0.0), moment(2, "I", 0.01), moment(1, "T", 0.5), moment(1, "T", 0.51)], 0.6
    )
    assert found is not None
    assert found.seconds == pytest.approx(0.5)
    assert found.share == pytest.approx(0.5 / 0.6)


def exchange(status: int = 200, trouble: Trouble | None = None) -> Exchange:
    response = None if trouble else Response(status, (), b"")
    return Exchange(Request("GET", "/"), response, trouble)


def test_a_history_tells_failures_from_what_came_too_late() -> None:
    told = judge(
        [
            Sent(0.0, 0.0, 0.1, exchange()),
            Sent(0.0, 0.2, 0.5, exchange(404)),
            Sent(0.1, 0.1, 0.2, exchange(503)),
            Sent(0.1, 0.1, 9.0, exchange(trouble=Trouble.TIMEOUT)),
            Sent(0.1, 0.1, 0.2, exchange(trouble=Trouble.CLOSED)),
        ]
    )
    assert [each.status for each in told.failed] == [503, 0]
    assert (len(told.late), told.whole, told.number) == (1, False, 5)
    assert told.slowest == pytest.approx(8.9)


def test_a_stream_does_not_wait_for_answers() -> None:
    """All three are on their way before the first is answered: it waits for the last."""
    last = asyncio.Event()

    async def first() -> Exchange:
        await last.wait()
        return exchange()

    async def third() -> Exchange:
        last.set()
        return exchange()

    history = asyncio.run(stream([(0.0, first), (0.001, first), (0.002, third)]))
    assert [each.due for each in history] == [0.0, 0.001, 0.002]
    assert judge(history).whole


def test_visitors_come_in_clumps() -> None:
    assert clumps(5, 2, 0.5) == [0.0, 0.0, 0.5, 0.5, 1.0]


def test_each_segment_is_compared_with_the_yardstick_of_its_moment() -> None:
    found = middle([(3.0, 1.0), (2.0, 1.0), (20.0, 10.0)])
    assert (found.seconds, found.relative) == (3.0, 2.0)
