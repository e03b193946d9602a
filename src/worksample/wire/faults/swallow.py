"""The answer is lost, and the connection looks alive: the client cannot know what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.passage import Passage


@dataclass(frozen=True, slots=True)
class Swallow:
    """Send it, pass nothing back; the connection is reset when the passage is released."""

    name: ClassVar[str] = "swallow"

    async def play(self, passage: Passage) -> None:
        """Let the answer vanish."""
        await passage.withhold()
        await passage.send()
        await passage.answered()
        await passage.until_released()
        passage.cut(reset=True)


FAULT = Swallow
