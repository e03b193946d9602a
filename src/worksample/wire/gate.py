"""Fault-injection policy for round trips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from worksample.wire.interception import Interception
from worksample.wire.round_trips import RoundTrip


@runtime_checkable
class Fault(Protocol):
    """A fault to inject into one round trip. Each module of `faults/` exports one as `FAULT`."""

    @property
    def name(self) -> str:
        """The name that `RoundTrip.fault` records."""

    async def apply(self, interception: Interception) -> None:
        """Inject the fault. A round trip that is still held when this returns is sent."""


class Gate(Protocol):
    """Decides which round trips of a request get a fault."""

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Return the fault to inject into `trip`, None to forward it.

        It is called when the round trip begins, so only its first statement is known. `trip.step`
        counts the round trips of the request from 1.
        """


class FaultScript:
    """A gate that maps steps to faults: `FaultScript({3: Hold()})`."""

    def __init__(self, faults: Mapping[int, Fault] | None = None) -> None:
        self._faults = dict(faults or {})

    def decide(self, trip: RoundTrip) -> Fault | None:
        """See `Gate`."""
        return self._faults.get(trip.step)
