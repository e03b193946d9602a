"""Nothing happens, but the passage goes through the same hands as with a real fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.passage import Passage


@dataclass(frozen=True, slots=True)
class Noop:
    """Send it on at once."""

    name: ClassVar[str] = "noop"

    async def play(self, passage: Passage) -> None:
        """Send it on."""
        await passage.send()


FAULT = Noop
