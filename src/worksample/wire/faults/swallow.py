"""The answer is lost, and the connection looks alive: the client cannot know what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Swallow:
    """Send it, pass nothing back; the connection is reset when the passage is released."""

    name: ClassVar[str] = "swallow"

    async def apply(self, interception: Interception) -> None:
        """Let the answer vanish."""
        await interception.withhold_replies()
        await interception.send()
        await interception.wait_answered()
        await interception.wait_released()
        interception.cut(reset=True)


FAULT = Swallow
