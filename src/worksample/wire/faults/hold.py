"""Hold a round trip until the probe releases it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Hold:
    """Send once the interception is released."""

    name: ClassVar[str] = "hold"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        await interception.wait_released()
        await interception.send()


FAULT = Hold
