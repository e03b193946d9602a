"""The database is slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Delay:
    """Send it `seconds` later."""

    seconds: float = 1.0
    name: ClassVar[str] = "delay"

    async def apply(self, interception: Interception) -> None:
        """Wait, then send it on."""
        await asyncio.sleep(self.seconds)
        await interception.send()


FAULT = Delay
