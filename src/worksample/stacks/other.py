"""Anything else: a folder that states by itself how it is built and started."""

from __future__ import annotations

from pathlib import Path

from worksample.stacks.base import Recognition
from worksample.stacks.building import Workshop
from worksample.stacks.settings import Line, Settings


class Other:
    """The stack, as the list of stacks knows it; asked after all others."""

    name = "other"
    looks_for = "a Procfile or worksample.toml that says how to start"

    def recognise(self, folder: Path, settings: Settings, start: Line) -> Recognition | None:
        """See `worksample.stacks.base.Stack`."""
        if not start:
            return None
        return Recognition("other", ("of no language that is known here",), start, certainty=0)

    async def prepare(self, workshop: Workshop) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        return {"PATH": workshop.environment.get("PATH", "/usr/bin:/bin")}


STACK = Other()
