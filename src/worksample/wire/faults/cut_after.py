"""Cut the connection after the database has replied, before the client gets the reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class CutAfter:
    """Send, withhold the reply, then cut: by RST, or by FIN if `reset` is False."""

    reset: bool = True
    name: ClassVar[str] = "cut_after"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        await interception.withhold_replies()
        await interception.send()
        await interception.wait_answered()
        interception.cut(reset=self.reset)


FAULT = CutAfter
