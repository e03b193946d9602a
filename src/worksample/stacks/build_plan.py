"""From a folder to something that can be started: recognise it, copy it, build it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.sandbox import ScratchDirectory, cache
from worksample.services import services
from worksample.stacks.base import Detection, Stack, stacks
from worksample.stacks.building import BuildContext, format_command
from worksample.stacks.copying import copy_folder
from worksample.stacks.procfile import read_procfile
from worksample.stacks.settings import (
    BUILTIN_PLACEHOLDERS,
    SETTINGS_FILE,
    CommandLine,
    Settings,
    fill_placeholders,
    load_settings,
)


@dataclass(frozen=True, slots=True)
class BuiltSubmission:
    """A built submission, ready to be started as often as one likes.

    `folder` is our copy, `scratch` a folder beside it for logs and homes; both vanish with the build.
    `digest` is that of the submission's content; `environment` what the build adds (PATH ...);
    from `secret` the server's SECRET_KEY and the like are derived, the same for all instances.
    """

    detection: Detection
    settings: Settings
    folder: Path
    scratch: Path
    digest: str
    environment: Mapping[str, str]
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def cwd(self) -> Path:
        """Where the server is started."""
        return self.folder / self.settings.cwd


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """How a folder will be built and started."""

    folder: Path
    detection: Detection
    settings: Settings
    stack: Stack

    @asynccontextmanager
    async def build(
        self, *, on_line: Callable[[str], None] = lambda line: None, root: Path | None = None
    ) -> AsyncIterator[BuiltSubmission]:
        """Copy the folder, make its dependencies ready and run its build; gone afterwards.

        `on_line` gets each line that a step prints; `root` is the cache (default: the user's).
        The learner's folder is only read. Raises `BuildFailed` with command, log and likely
        cause, and `WorkspaceError` if the folder is too large to copy.
        """
        async with ScratchDirectory.open("run") as scratch:
            copy = scratch.path / "app"
            digest = await asyncio.to_thread(copy_folder, self.folder, copy)
            server_folder = root if root else await asyncio.to_thread(cache.cache_root)
            detected = self.detection
            commands = tuple(
                format_command(each) for each in (*detected.build, detected.release, detected.start)
            )
            context = BuildContext(
                copy / self.settings.cwd, scratch.path, server_folder, on_line, commands
            )
            environment = await self.stack.prepare(context)
            added = {
                key: value.replace("{folder}", str(context.folder))
                for key, value in self.detection.environment.items()
            }
            for line in self.detection.build:
                await context.run_step("the build", line, env={**environment, **added})
            built = BuiltSubmission(
                self.detection, self.settings, copy, scratch.path, digest, {**environment, **added}
            )
            yield built


def detect(folder: Path, settings: Settings | None = None) -> BuildPlan:
    """Say what `folder` is and how it will be built and started; nothing is run.

    worksample.toml wins over a Procfile, which wins over what the stack sees. Raises
    `WorkspaceError` if the folder is none of the known, and says what was looked for; and for a
    placeholder in [env] that no service has.
    """
    if not folder.is_dir():
        raise WorkspaceError(f"{folder} is not a folder")
    settings = settings if settings is not None else load_settings(folder)
    fill_placeholders(settings, dict.fromkeys(_placeholders(), ""))
    server_folder = folder / settings.cwd
    if not server_folder.is_dir():
        raise WorkspaceError(f"{settings.source}: run.cwd: there is no folder {server_folder}")
    start, release, reasons = _stated_commands(server_folder, settings)
    stack, detected = _select_stack(folder, server_folder, settings, start)
    return BuildPlan(
        folder, _apply_overrides(detected, settings, start, release, reasons), settings, stack
    )


def _placeholders() -> set[str]:
    """Return every name that [env] may use, whatever services this run has."""
    service_placeholders = (name for each in services().values() for name in each.placeholder_names)
    return {*BUILTIN_PLACEHOLDERS, *service_placeholders}


def _select_stack(
    folder: Path, server_folder: Path, settings: Settings, start: CommandLine
) -> tuple[Stack, Detection]:
    """Ask every stack; take the one that is surest, and warn if another was as good."""
    found: list[tuple[Stack, Detection]] = []
    errors: list[WorkspaceError] = []
    for stack in _candidate_stacks(settings):
        try:
            if detected := stack.detect(server_folder, settings, start):
                found.append((stack, detected))
        except WorkspaceError as error:
            errors.append(error)
    if not found:
        raise errors[0] if errors else _not_detected(folder, server_folder)
    stack, detected = max(found, key=lambda each: each[1].confidence)
    others = [name.name for name, other in found if other.confidence and other is not detected]
    if others:
        also = f'it also looks like {others[0]}: if it is, say stack = "{others[0]}" in {SETTINGS_FILE}'
        detected = replace(detected, warnings=(*detected.warnings, also))
    return stack, detected


def _stated_commands(
    server_folder: Path, settings: Settings
) -> tuple[CommandLine, CommandLine | None, tuple[str, ...]]:
    """Return what the project itself says of start and release, and where it says so."""
    procfile = read_procfile(server_folder)
    start: CommandLine = settings.command or procfile.get("web", "")
    release: CommandLine | None = settings.release
    reasons = []
    if start:
        reasons.append(
            f"started as {SETTINGS_FILE if settings.command else 'Procfile'} says: {format_command(start)}"
        )
    if release is None and procfile.get("web"):
        release = procfile.get("release")
    if release:
        origin = SETTINGS_FILE if settings.release else "Procfile"
        reasons.append(f"before it runs, as {origin} says: {format_command(release)}")
    return start, release, tuple(reasons)


def _candidate_stacks(settings: Settings) -> list[Stack]:
    known = stacks()
    wanted = settings.stack.split("-")[0]
    if not wanted:
        return sorted(known.values(), key=lambda each: (each.name == "other", each.name))
    if wanted not in known:
        raise WorkspaceError(
            f"{settings.source}: stack: there is no stack {settings.stack}",
            hint=f"known are {', '.join(known)}",
        )
    return [known[wanted]]


def _apply_overrides(
    detected: Detection,
    settings: Settings,
    start: CommandLine,
    release: CommandLine | None,
    reasons: tuple[str, ...],
) -> Detection:
    return replace(
        detected,
        reasons=(*detected.reasons, *reasons),
        start=start or detected.start,
        release=detected.release if release is None else release,
        build=settings.build or detected.build,
    )


def _not_detected(folder: Path, server_folder: Path) -> WorkspaceError:
    looked = "; ".join(f"{each.name}: {each.marker_files}" for each in stacks().values())
    names = sorted(each.name for each in server_folder.iterdir())[:12]
    there = f"there are {', '.join(names)}" if names else "it is empty"
    if inside := _detected_subfolder(server_folder):
        hint = f'is the server in {inside}? Then: [run] cwd = "{inside}" in {SETTINGS_FILE}'
        return WorkspaceError(f"{folder} itself is not a server ({there})", hint=hint)
    return WorkspaceError(
        f"{folder} is nothing that can be recognised as a server ({there}). Looked for: {looked}",
        hint=f'say it in {SETTINGS_FILE}: [run] command = "..." (and stack = "python" or "node")',
    )


def _detected_subfolder(server_folder: Path) -> str:
    """Return the first folder in `server_folder` that is a server by itself, or an empty text."""
    for each in sorted(server_folder.iterdir()):
        if each.is_dir() and not each.name.startswith("."):
            for stack in stacks().values():
                try:
                    if stack.detect(each, Settings(), ""):
                        return each.name
                except WorkspaceError:
                    continue
    return ""
