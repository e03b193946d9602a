"""Results that several checks of a run share, and of which one check at a time makes each."""

from __future__ import annotations

import asyncio
from typing import Any


class SharedResultPending(Exception):
    """Another check is just making the shared `result` that this check needs."""

    def __init__(self, result: asyncio.Future[Any]) -> None:
        super().__init__()
        self.result = result
