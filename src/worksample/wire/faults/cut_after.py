"""The connection breaks when PostgreSQL has answered, before the client hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class CutAfter:
    """Send it, keep the answer, end the connection: by RST, or by FIN if `reset` is False."""

    reset: bool = True
    name: ClassVar[str] = "cut_after"

    async def apply(self, interception: Interception) -> None:
        """Cut when the answer is complete."""
        await interception.withhold_replies()
        await interception.send()
        await interception.wait_answered()
        interception.cut(reset=self.reset)


FAULT = CutAfter
