"""Any other language: a folder that states its own build and start commands."""

from __future__ import annotations

import re
from pathlib import Path

from worksample.stacks.base import Detection, Stack
from worksample.stacks.building import BuildContext
from worksample.stacks.settings import CommandLine, Settings

COMPILER_ERROR = re.compile(
    r"^(?:\./)?([\w./-]+\.(?:go|rs|java|kt|scala|cs|c|cc|cpp|swift))"
    r"[:(](\d+)(?:[:,]\d+)?\)?: (.+)$",
    re.MULTILINE,
)
BUILD_FOLDER, BUILD_FILE = "target", "Cargo.toml"


class OtherStack(Stack):
    """The fallback stack, tried last."""

    name = "other"
    marker_files = "a Procfile or worksample.toml with a start command"

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        if not start:
            return None
        return Detection("other", ("the language is unknown to Worksample",), start, confidence=0)

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        return {"PATH": context.environment.get("PATH", "/usr/bin:/bin")}

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`: the first error that a compiler prints."""
        if match := COMPILER_ERROR.search(log):
            return [f"{match[1]}:{match[2]}: {match[3]}"]
        return []

    def is_generated(self, folder: Path) -> bool:
        """See `worksample.stacks.base.Stack`: the output of Cargo."""
        return folder.name == BUILD_FOLDER and (folder.parent / BUILD_FILE).exists()


STACK = OtherStack()
