"""Nothing happens, but the passage goes through the same hands as with a real fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from worksample.wire.interception import Interception


@dataclass(frozen=True, slots=True)
class Noop:
    """Send it on at once."""

    name: ClassVar[str] = "noop"

    async def apply(self, interception: Interception) -> None:
        """Send it on."""
        await interception.send()


FAULT = Noop
