"""Drop the reply and keep the connection open, so that the client waits in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Swallow:
    """Send and withhold the reply; the connection is reset once the interception is released."""

    name: ClassVar[str] = "swallow"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        await interception.withhold_replies()
        await interception.send()
        await interception.wait_answered()
        await interception.wait_released()
        interception.cut(reset=True)


FAULT = Swallow
