"""Measure for how long something makes no progress, with polls."""

from __future__ import annotations

import time

POLL_SECONDS = 0.005
_MAX_POLL_SECONDS = 4 * POLL_SECONDS


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
