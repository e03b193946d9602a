"""Who decides what befalls a round trip, and what can befall it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from worksample.wire.interception import Interception
from worksample.wire.round_trips import RoundTrip


@runtime_checkable
class Fault(Protocol):
    """What happens to one round trip on its way. A module of `faults/` has one as `FAULT`."""

    @property
    def name(self) -> str:
        """What it is called in a round trip's `fault`."""

    async def apply(self, interception: Interception) -> None:
        """Let it happen. A round trip that is neither sent nor cut at the end is sent."""


class Gate(Protocol):
    """Asked at the beginning of each round trip of a request."""

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Return what shall befall `trip`, None to let it pass.

        Of its statements only the first is known yet; `trip.step` counts from 1.
        """


class FaultScript:
    """A gate that knows what befalls which step: `Script({3: Hold()})`."""

    def __init__(self, faults: Mapping[int, Fault] | None = None) -> None:
        self._faults = dict(faults or {})

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Return the fault of the trip's step."""
        return self._faults.get(trip.step)
