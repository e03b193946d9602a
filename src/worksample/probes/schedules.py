"""Schedules: interleavings of two requests, and the results of running them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint


class RequestState(StrEnum):
    """Why a running request stopped: it ended, or cannot continue while the other one is held."""

    ENDED = "has ended"
    LOCKED = "waits for a lock held by the other request"
    REFUSED = "is refused a lock held by the other request"
    IDLE = "makes no progress and does not wait in the database"
    HELD = "is held"


@dataclass(frozen=True, slots=True)
class Schedule:
    """An interleaving: `leader` (0 or 1) is held before its round trip `hold`.

    The follower is held before its round trip `then`; with 0 it runs until it ends or is blocked.
    With a `hold` of 0 there is no preemption: the leader runs first, then the follower. Round trips
    count from 1. With a `hold_point` the leader is held there, whatever its round-trip number.
    """

    leader: int
    hold: int = 0
    then: int = 0
    hold_point: HoldPoint | None = None

    @property
    def follower(self) -> int:
        """The index of the other request (0 or 1)."""
        return 1 - self.leader


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one request: request line, round trip or answer.

    `note` says how it was held or how it failed, `at` is in seconds (monotonic clock).
    """

    actor: int
    text: str
    note: str
    at: float


@dataclass(frozen=True, slots=True)
class ScheduleRun:
    """The results of running a schedule: both exchanges (in the order of the pair), and the steps.

    The `hold` of `schedule` is the round trip before which the leader was held. `follower` is the
    state that the follower reached while the leader was held, `round_trips` the number of its round
    trips until then, and `held` how long the leader was held, in seconds. `lengths` are the total
    round trips of each request, `last_errors` the error code of the last one of each ("" for
    success). `settled`: no transaction was left open. `hold_points` are those of the leader. If
    `sure` is false, some round trips may be attributed to the wrong request (for example when both
    use one connection); answers and state are still correct.
    """

    schedule: Schedule
    exchanges: tuple[Exchange, Exchange]
    steps: tuple[Step, ...]
    follower: RequestState = RequestState.ENDED
    round_trips: int = 0
    held: float = 0.0
    lengths: tuple[int, int] = (0, 0)
    last_errors: tuple[str, str] = ("", "")
    settled: bool = True
    hold_points: Mapping[int, HoldPoint] = field(default_factory=dict)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Timeouts in seconds.

    A request without a round trip for `idle` seconds counts as blocked once its server computes no
    more, at the latest after `computing` seconds. `settling` is the time for the server's work
    after its answer.
    """

    idle: float = 0.3
    computing: float = 0.3
    settling: float = 1.0
