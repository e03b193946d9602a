"""Preparing large data sets, one request after the other.

Concurrent requests would be a question of their own, which other checks ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from worksample.checks import PreconditionFailed


@dataclass(slots=True)
class OptionalSteps:
    """Steps of a preparation that only some checks need; `failures` holds by name what failed."""

    failures: dict[str, PreconditionFailed] = field(default_factory=dict)

    async def take(self, name: str, step: Callable[[], Awaitable[object]]) -> None:
        """Take a step, unless one of this name has failed before."""
        if name in self.failures:
            return
        try:
            await step()
        except PreconditionFailed as failure:
            self.failures[name] = failure
