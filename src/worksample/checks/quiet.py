"""Wait until a server has finished what it was asked before."""

from __future__ import annotations

import asyncio
import time

from worksample.targets import ExternalTarget, Target

SAMPLES = 5
SAMPLE_SECONDS = 0.02
AT_MOST = 60.0


class QuietWait:
    """Waits until the target computes no longer.

    A server may still work on requests that nobody waits for any more, such as a queue of password
    hashes; what is asked then is not asked alone. A server that has not come to rest within
    `AT_MOST` seconds is not waited for again.
    """

    def __init__(self, target: Target | ExternalTarget) -> None:
        self._target = target
        self._restless = not isinstance(target, Target)

    async def __call__(self) -> None:
        """Return once the target did not want a CPU in several samples, or never seems to rest."""
        until = time.monotonic() + AT_MOST
        idle = 0
        while idle < SAMPLES and not self._restless:
            await asyncio.sleep(SAMPLE_SECONDS)
            idle = 0 if self._is_busy() else idle + 1
            self._restless = time.monotonic() > until

    def _is_busy(self) -> bool:
        return isinstance(self._target, Target) and self._target.wants_cpu
