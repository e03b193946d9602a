"""Any other language: a folder that states its own build and start commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from worksample.stacks.base import Detection
from worksample.stacks.building import BuildContext
from worksample.stacks.settings import CommandLine, Settings


class OtherStack:
    """The fallback stack, tried last."""

    name = "other"
    marker_files = "a Procfile or worksample.toml with a start command"
    plan_skills: Mapping[str, tuple[str, ...]] = {}

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        if not start:
            return None
        return Detection("other", ("the language is unknown to Worksample",), start, confidence=0)

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        return {"PATH": context.environment.get("PATH", "/usr/bin:/bin")}


STACK = OtherStack()
