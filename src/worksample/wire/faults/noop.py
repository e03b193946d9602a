"""Intercept a round trip and forward it unchanged, to compare with the other faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Noop:
    """Send at once."""

    name: ClassVar[str] = "noop"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        await interception.send()


FAULT = Noop
