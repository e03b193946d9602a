"""The interface of a stack, its detection result, and the registry of stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from worksample import discovery
from worksample.stacks.settings import CommandLine, Settings

if TYPE_CHECKING:
    from worksample.stacks.building import BuildContext


@dataclass(frozen=True, slots=True)
class Detection:
    """The stack of a folder, how to build and start it, and why it was chosen.

    `stack` is an id such as `python-fastapi`. `reasons` and `warnings` are sentences for the
    report. `start` is the command of the server and `release` runs once before it (migrations);
    both are shell text or a tuple of arguments. `build` runs after the dependencies are installed.
    `environment` is added to the server's environment; its values may contain `{folder}`.
    `confidence` decides between stacks that match the same folder: 2 if it uses a server framework,
    1 if it has a program to start, else 0.
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
        """What to write if the detection is wrong."""
        return 'worksample.toml: [run] command = "...", release = "..." (or a Procfile)'


@runtime_checkable
class Stack(Protocol):
    """A language. Each module of this package with a `STACK` attribute of this type adds one.

    `marker_files` names the files that the detection looks for, as text for an error message.
    `plan_skills` maps each stack id of this language (`python-fastapi`) to the skills (ids of the
    vocabulary) that work in that stack gives evidence of, for any challenge.
    """

    name: str
    marker_files: str
    plan_skills: Mapping[str, tuple[str, ...]]

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """Return the detection result for `folder`, or None if it is not of this language.

        `start` is the start command that the project states itself (empty if none); with it, only
        the dependencies and the framework are detected. Raises `WorkspaceError` if the folder is of
        this language but no start command can be determined.
        """

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """Install the dependencies; return the environment (such as PATH) for build and server.

        Raises `BuildFailed`.
        """


def stacks() -> dict[str, Stack]:
    """Return name -> stack for every module of this package that has one, plugins included."""
    found: dict[str, Stack] = {}
    for loaded in discovery.load_all("worksample.stacks"):
        if isinstance(stack := getattr(loaded, "STACK", None), Stack):
            found[stack.name] = stack
    return found


def plan_skills() -> dict[str, tuple[str, ...]]:
    """Return stack id -> the skills that work in it gives evidence of, for all languages."""
    return {
        stack: skills for each in stacks().values() for stack, skills in each.plan_skills.items()
    }
