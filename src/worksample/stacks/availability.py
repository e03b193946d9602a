"""Whether this machine has what the servers of a stack need: the language, and their modules."""

from __future__ import annotations

import asyncio
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.messages import message
from worksample.stacks.base import Tool, own_and_others
from worksample.stacks.build_plan import detect


def missing_language(stack: str) -> Tool | None:
    """Return the language of a stack as a line of `worksample doctor` if this machine lacks it."""
    own, _ = own_and_others(stack)
    tools = (tool for each in own for tool in each.tools())
    essential = next((tool for tool in tools if tool.essential), None)
    return essential if essential and not essential.found else None


async def why_not_here(
    folder: Path,
    stack: str,
    *,
    within: Path | None = None,
    reasons: type[BuildFailed] = BuildFailed,
) -> str:
    """Return why the project in `folder` cannot be built on this machine, "" if it can.

    `stack` is its stack. It is built once, in a new folder `within` another; what that downloads
    and compiles stays in the cache. Only a failure of the type `reasons` is one of this machine;
    raises `BuildFailed` for any other.
    """
    if tool := await asyncio.to_thread(missing_language, stack):
        return message("{tool} is missing", tool=tool.name)
    try:
        async with detect(folder).build(within=within):
            return ""
    except reasons as error:
        return ": ".join(filter(None, (error.message, error.hint)))
