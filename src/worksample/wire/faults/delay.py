"""Delay a round trip."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Delay:
    """Send after `seconds`."""

    seconds: float = 1.0
    name: ClassVar[str] = "delay"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        await asyncio.sleep(self.seconds)
        await interception.send()


FAULT = Delay
