"""Nothing reaches PostgreSQL until the probe says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.passage import Passage


@dataclass(frozen=True, slots=True)
class Hold:
    """Send it when the passage is released."""

    name: ClassVar[str] = "hold"

    async def play(self, passage: Passage) -> None:
        """Wait for the release, then send it on."""
        await passage.until_released()
        await passage.send()


FAULT = Hold
