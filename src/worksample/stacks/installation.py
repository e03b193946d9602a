"""An installed version of a language's own program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """An installed language: its program, its version and a description of its source."""

    program: Path
    version: Version
    source: str

    @property
    def text(self) -> str:
        """The version as text, such as `20.11.1`."""
        return ".".join(map(str, self.version))

    @property
    def identity(self) -> str:
        """A text that is unique to this build on this machine, for cache keys."""
        facts = self.program.resolve().stat()
        return f"{self.program.resolve()} {self.text} {facts.st_size} {facts.st_mtime_ns}"
