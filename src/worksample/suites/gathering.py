"""Run a few things at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

_CONCURRENCY = 6


async def gather_limited(work: Callable[[Any], Awaitable[Any]], items: Iterable[Any]) -> list[Any]:
    """Run `work` for each item, at most six at a time; return the results in order."""
    limit = asyncio.Semaphore(_CONCURRENCY)

    async def run(item: Any) -> Any:
        async with limit:
            return await work(item)

    tasks = [asyncio.ensure_future(run(item)) for item in items]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
