"""What every stack offers, what it says of a folder, and how stacks are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from worksample.stacks.settings import CommandLine, Settings

if TYPE_CHECKING:
    from worksample.stacks.building import BuildContext


@dataclass(frozen=True, slots=True)
class Detection:
    """What a folder is, how it is started, and why we think so.

    `stack` is an id such as `python-fastapi`. `reasons` and `warnings` are sentences for the
    report. `start` is the command of the server, `release` what runs before it (migrations), both
    shell text or a tuple of arguments; `build` runs after the dependencies are there.
    `environment` is added to what every server gets; paths in it may begin with `{folder}`.
    `confidence` decides where a folder looks like two: 2 a server framework is used, 1 a program to
    start is there, 0 neither.
    """

    stack: str
    reasons: tuple[str, ...]
    start: CommandLine
    release: CommandLine = ""
    build: tuple[CommandLine, ...] = ()
    warnings: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    confidence: int = 1

    @property
    def override_hint(self) -> str:
        """What to write if the recognition is wrong."""
        return 'worksample.toml: [run] command = "...", release = "..." (or a Procfile)'


@runtime_checkable
class Stack(Protocol):
    """A language. A module of this folder that has a `STACK` of this kind is one."""

    name: str
    marker_files: str

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """Say what `folder` is, or None if it is not of this language.

        `start` is the command that the project itself states (empty if it does not): then only
        the dependencies, and a name, have to be found. Raises `WorkspaceError` if the folder is
        of this language but how to start it cannot be told.
        """

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """Make the dependencies ready; return the environment (PATH and such) to run with.

        Raises `BuildFailed`.
        """


def stacks() -> dict[str, Stack]:
    """Return name -> stack for every module here that offers one."""
    found: dict[str, Stack] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"worksample.stacks.{module.name}")
        if isinstance(stack := getattr(loaded, "STACK", None), Stack):
            found[stack.name] = stack
    return found
