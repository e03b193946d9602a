"""Measure for how long something makes no progress, with polls."""

from __future__ import annotations

import time
from collections.abc import Callable

POLL_SECONDS = 0.005
_MAX_POLL_SECONDS = 4 * POLL_SECONDS
#: A server rests if it did not compute in so many samples in a row, so many seconds apart.
_RESTING_SAMPLES, _SAMPLE_SECONDS = 3, 0.02


class IdleClock:
    """Call `seconds_since_change` every `POLL_SECONDS` or so."""

    def __init__(self) -> None:
        self._last, self._idle = time.monotonic(), 0.0
        self._seen: object = None

    def seconds_since_change(self, progress: object) -> float:
        """Return for how many seconds the calls before this one got a value equal to `progress`.

        Polls that were delayed count only in part, because this process may not have read yet what
        others sent meanwhile.
        """
        now = time.monotonic()
        passed = min(now - self._last, _MAX_POLL_SECONDS)
        self._idle = self._idle + passed if progress == self._seen else 0.0
        self._last, self._seen = now, progress
        return self._idle


class StallClock:
    """Tells when a request is blocked, and not only slow: call `is_stalled` every `POLL_SECONDS`.

    computes: whether the server computes at this moment, or would if it got a CPU. A password hash
        takes long where many servers share a CPU; what waits for a lock computes nothing.
    idle: so many seconds without progress are needed.
    computing: so many seconds without progress are enough, even if the server computes all the
        time: some never rest.
    """

    def __init__(self, computes: Callable[[], bool], idle: float, computing: float) -> None:
        self._clock = IdleClock()
        self._computes, self._idle, self._computing = computes, idle, max(idle, computing)
        self._samples, self._sampled = 0, 0.0

    def is_stalled(self, progress: object) -> bool:
        """Return whether there was no progress for long enough; `progress` as in `IdleClock`."""
        seconds = self._clock.seconds_since_change(progress)
        if seconds < self._idle:
            self._samples = 0
            return False
        if seconds >= self._computing:
            return True
        now = time.monotonic()
        if now - self._sampled >= _SAMPLE_SECONDS:
            self._sampled = now
            self._samples = 0 if self._computes() else self._samples + 1
        return self._samples >= _RESTING_SAMPLES
