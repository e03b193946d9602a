"""In which order two requests may take turns, and what is known once they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worksample.probes.exchange import Exchange
from worksample.probes.hold_points import HoldPoint


class RequestState(StrEnum):
    """How far the one that was let run came."""

    ENDED = "ended"
    LOCKED = "waits for a lock that the other has"
    REFUSED = "is refused a lock that the other has"
    IDLE = "gets no further, and does not wait in the database"
    HELD = "is held"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`leader` (0 or 1) is held before its round trip `hold`; the other one before `then`.

    A `hold` of 0 is no preemption: first the leader, then the other. A `then` of 0 lets the other
    run as far as it can before the leader goes on. Round trips count from 1. With a
    `hold_point` the leader is held there, whichever round trip that is this time.
    """

    leader: int
    hold: int = 0
    then: int = 0
    hold_point: HoldPoint | None = None

    @property
    def follower(self) -> int:
        """The one that is not the leader."""
        return 1 - self.leader


@dataclass(frozen=True, slots=True)
class Step:
    """What one of the two did: a round trip, with what befell it; `at` in seconds (monotonic)."""

    actor: int
    text: str
    note: str
    at: float


@dataclass(frozen=True, slots=True)
class ScheduleRun:
    """What came of a schedule: both exchanges (in the order of the pair) and the steps of both.

    The `hold` of `schedule` is the round trip before which the leader was held.
    `follower` says how far the other came while the leader was held; `round_trips` how many it had
    begun by then; `held` for how many seconds the leader was held. `lengths` are the round trips
    of each in all, `last_errors` what the last of them failed with (SQLSTATE, or ""). `settled`
    says that no transaction was left open in the end.
    `hold_points` are those at which the leader can be held. Not `sure`, some round trips may be told as
    those of the wrong one (both on one connection, say); what came of it is true all the same.
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
    """How long to wait, in seconds.

    A request that has had nothing under way in the database for `idle` gets no further by itself:
    longer than anything that the server computes for a request. What a server still does when it
    has answered gets `settling`.
    """

    idle: float = 0.3
    settling: float = 1.0
