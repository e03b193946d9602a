"""The database is slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.passage import Passage


@dataclass(frozen=True, slots=True)
class Delay:
    """Send it `seconds` later."""

    seconds: float = 1.0
    name: ClassVar[str] = "delay"

    async def play(self, passage: Passage) -> None:
        """Wait, then send it on."""
        await asyncio.sleep(self.seconds)
        await passage.send()


FAULT = Delay
