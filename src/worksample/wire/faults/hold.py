"""Nothing reaches PostgreSQL until the probe says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Hold:
    """Send it when the passage is released."""

    name: ClassVar[str] = "hold"

    async def apply(self, interception: Interception) -> None:
        """Wait for the release, then send it on."""
        await interception.wait_released()
        await interception.send()


FAULT = Hold
