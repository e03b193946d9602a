"""What a server computes while a transaction is open: by its CPU time, never by the clock.

Beside it the gates with which the server's every question to its database is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worksample.wire import Fault, RoundTrip, Wire


@dataclass(frozen=True, slots=True)
class CpuSample:
    """A round trip that begins, and the CPU seconds that the server had used until then."""

    trip: RoundTrip
    cpu: float


@dataclass(slots=True)
class CpuGate:
    """A gate that lets everything pass and notes the server's CPU at every round trip."""

    cpu_seconds: Callable[[], float]
    samples: list[CpuSample] = field(default_factory=list)

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Note the moment."""
        self.samples.append(CpuSample(trip, self.cpu_seconds()))
        return None


class ActivityCounter:
    """A gate that lets everything pass and counts it: to see that a server does something."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._trips, self._newest = wire, 0, 0

    def decide(self, trip: RoundTrip) -> Fault | None:
        """Count it."""
        self._trips += 1
        return None

    def snapshot(self) -> tuple[int, int]:
        """Return what changes with each question, and with each new connection."""
        self._newest = max(self._newest, *self._wire.connections, 0)
        return self._trips, self._newest


@dataclass(frozen=True, slots=True)
class TransactionCpu:
    """The longest computing between two round trips of an open transaction.

    `seconds` of CPU after `trip`, of the `total` that the whole request took.
    """

    seconds: float
    total: float
    trip: RoundTrip

    @property
    def share(self) -> float:
        """Which part of the whole it is."""
        return self.seconds / self.total if self.total > 0 else 0.0


def longest_transaction_cpu(samples: Sequence[CpuSample], total: float) -> TransactionCpu | None:
    """Return the longest computing within a transaction, None if there was no transaction.

    A round trip that begins in a transaction (`before` is "T" or "E") ends a pause that began
    with the one before it on the same connection.
    """
    last: dict[int, CpuSample] = {}
    found: list[TransactionCpu] = []
    for moment in samples:
        trip = moment.trip
        before = last.get(trip.connection)
        if before is not None and trip.before in ("T", "E"):
            found.append(TransactionCpu(moment.cpu - before.cpu, total, before.trip))
        last[trip.connection] = moment
    return max(found, key=lambda each: each.seconds, default=None)
