"""The connection breaks when PostgreSQL has answered, before the client hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.passage import Passage


@dataclass(frozen=True, slots=True)
class CutAfter:
    """Send it, keep the answer, end the connection: by RST, or by FIN if `reset` is False."""

    reset: bool = True
    name: ClassVar[str] = "cut_after"

    async def play(self, passage: Passage) -> None:
        """Cut when the answer is complete."""
        await passage.withhold()
        await passage.send()
        await passage.answered()
        passage.cut(reset=self.reset)


FAULT = CutAfter
