"""Anything else: a folder that states by itself how it is built and started."""

from __future__ import annotations

from pathlib import Path

from worksample.stacks.base import Detection
from worksample.stacks.building import BuildContext
from worksample.stacks.settings import CommandLine, Settings


class OtherStack:
    """The stack, as the list of stacks knows it; asked after all others."""

    name = "other"
    marker_files = "a Procfile or worksample.toml that says how to start"

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        if not start:
            return None
        return Detection("other", ("of no language that is known here",), start, confidence=0)

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        return {"PATH": context.environment.get("PATH", "/usr/bin:/bin")}


STACK = OtherStack()
