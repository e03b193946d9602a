"""Cut the connection before the database gets the statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class CutBefore:
    """Cut instead of sending: by RST, or by FIN if `reset` is False."""

    reset: bool = True
    name: ClassVar[str] = "cut_before"

    async def apply(self, interception: Interception) -> None:
        """See `Fault`."""
        interception.cut(reset=self.reset)


FAULT = CutBefore
