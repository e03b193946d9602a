"""CPU time that a server uses while a transaction is open. Wall-clock time is never used.

Also gates (see `wire.Gate`) that record the server's round trips.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worksample.wire import Fault, RoundTrip, Wire


@dataclass(frozen=True, slots=True)
class CpuSample:
    """The CPU seconds that the server had used when a round trip started."""

    trip: RoundTrip
    cpu: float


@dataclass(slots=True)
class CpuGate:
    """A gate that holds nothing and records the server's CPU time at every round trip."""

    cpu_seconds: Callable[[], float]
    samples: list[CpuSample] = field(default_factory=list)

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Record a sample."""
        self.samples.append(CpuSample(trip, self.cpu_seconds()))
        return None


class ActivityCounter:
    """A gate that holds nothing and counts round trips, to detect activity of the server."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._trips, self._newest = wire, 0, 0

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Count the round trip."""
        self._trips += 1
        return None

    def snapshot(self) -> tuple[int, int]:
        """Return a value that changes with each round trip and with each new connection."""
        self._newest = max(self._newest, *self._wire.connections, 0)
        return self._trips, self._newest


@dataclass(frozen=True, slots=True)
class TransactionCpu:
    """CPU time between two round trips of an open transaction.

    `seconds` of CPU after `trip`, out of `total` for the whole request.
    """

    seconds: float
    total: float
    trip: RoundTrip

    @property
    def share(self) -> float:
        """The fraction of the request's CPU time, 0 to 1."""
        return self.seconds / self.total if self.total > 0 else 0.0


def longest_transaction_cpu(samples: Sequence[CpuSample], total: float) -> TransactionCpu | None:
    """Return the largest CPU use between two round trips of a transaction, None without one.

    A round trip that starts inside a transaction (`before` is "T" or "E") ends an interval that
    started with the previous round trip on the same connection.
    """
    last: dict[int, CpuSample] = {}
    found: list[TransactionCpu] = []
    for sample in samples:
        trip = sample.trip
        previous = last.get(trip.connection)
        if previous is not None and trip.before in ("T", "E"):
            found.append(TransactionCpu(sample.cpu - previous.cpu, total, previous.trip))
        last[trip.connection] = sample
    return max(found, key=lambda each: each.seconds, default=None)
