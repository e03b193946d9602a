"""Detect how a folder is built and started, then copy and build it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
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

FALLBACK = "other"


@dataclass(frozen=True, slots=True)
class BuiltSubmission:
    """A built submission, from which any number of instances can be started.

    `folder` is the copy of the submission and `scratch` a folder beside it for logs and home
    folders; both are removed after the run. `digest` identifies the submission's content,
    `environment` holds the variables that the build adds (such as PATH), and SECRET_KEY and similar
    variables are derived from `secret`, equally for all instances. `notes` are sentences for the
    report about the build.
    """

    detection: Detection
    settings: Settings
    folder: Path
    scratch: Path
    digest: str
    environment: Mapping[str, str]
    stack: Stack
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    notes: tuple[str, ...] = ()

    @property
    def cwd(self) -> Path:
        """The folder in which the server is started."""
        return self.folder / self.settings.cwd


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """How to build and start a folder."""

    folder: Path
    detection: Detection
    settings: Settings
    stack: Stack

    @asynccontextmanager
    async def build(
        self,
        *,
        on_line: Callable[[str], None] = lambda line: None,
        root: Path | None = None,
        tests: bool = False,
        within: Path | None = None,
    ) -> AsyncIterator[BuiltSubmission]:
        """Copy the folder, install its dependencies and run its build; remove the copy afterwards.

        `on_line` receives each line that a step prints; `root` is the cache folder (default: the
        user's). With `tests`, what the project's own tests need is installed too. The copy is made
        in a new folder `within` another (default: the system's temporary folder). The learner's
        folder is only read. Raises `BuildFailed` with command, log and likely cause, and
        `WorkspaceError` if the folder is too large to copy.
        """
        async with ScratchDirectory.open("run", within=within) as scratch:
            copy = scratch.path / "app"
            digest = await asyncio.to_thread(copy_folder, self.folder, copy)
            cache_folder = root if root else await asyncio.to_thread(cache.cache_root)
            detected = self.detection
            commands = tuple(
                format_command(each) for each in (*detected.build, detected.release, detected.start)
            )
            context = BuildContext(
                copy / self.settings.cwd,
                scratch.path,
                cache_folder,
                on_line,
                commands,
                detected.stack,
                tests,
                self.settings,
            )
            environment = await self.stack.prepare(context)
            environment |= detected.variables({"folder": str(context.folder)})
            for line in detected.build:
                await context.run_step("the build", line, env=environment)
            yield BuiltSubmission(
                detected,
                self.settings,
                copy,
                scratch.path,
                digest,
                environment,
                self.stack,
                notes=tuple(context.notes),
            )


def detect(folder: Path, settings: Settings | None = None) -> BuildPlan:
    """Detect how `folder` is built and started, without running anything.

    worksample.toml overrides a Procfile, which overrides the stack's detection. Raises
    `WorkspaceError` if no stack matches, or if [env] has an unknown placeholder.
    """
    if not folder.is_dir():
        raise WorkspaceError(message("{folder} is not a folder", folder=folder))
    settings = settings if settings is not None else load_settings(folder)
    fill_placeholders(settings, dict.fromkeys(_placeholders(), ""))
    server_folder = folder / settings.cwd
    if not server_folder.is_dir():
        raise WorkspaceError(
            message(
                "{source}: run.cwd: the folder {server_folder} does not exist",
                source=settings.source,
                server_folder=server_folder,
            )
        )
    start, release, reasons = _stated_commands(server_folder, settings)
    stack, detected = _select_stack(folder, server_folder, settings, start)
    return BuildPlan(
        folder, _apply_overrides(detected, settings, start, release, reasons), settings, stack
    )


def _placeholders() -> set[str]:
    """Return every placeholder that [env] may use, of all services."""
    service_placeholders = (name for each in services().values() for name in each.placeholder_names)
    return {*BUILTIN_PLACEHOLDERS, *service_placeholders}


def _select_stack(
    folder: Path, server_folder: Path, settings: Settings, start: CommandLine
) -> tuple[Stack, Detection]:
    """Return the stack with the highest confidence; warn if another one matches too."""
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
        also = message(
            "the folder also matches the stack {stack}: if that is right, set stack = "
            '"{stack}" in {file}',
            stack=others[0],
            file=SETTINGS_FILE,
        )
        detected = replace(detected, warnings=(*detected.warnings, also))
    return stack, detected


def _stated_commands(
    server_folder: Path, settings: Settings
) -> tuple[CommandLine, CommandLine | None, tuple[str, ...]]:
    """Return the start and release commands that the project states, and where it states them."""
    procfile = read_procfile(server_folder)
    start: CommandLine = settings.command or procfile.get("web", "")
    release: CommandLine | None = settings.release
    reasons = []
    if start:
        origin = SETTINGS_FILE if settings.command else "Procfile"
        reasons.append(
            message(
                "start command from {origin}: {start}", origin=origin, start=format_command(start)
            )
        )
    if release is None and procfile.get("web"):
        release = procfile.get("release")
    if release:
        origin = SETTINGS_FILE if settings.release else "Procfile"
        reasons.append(
            message(
                "release command from {origin}: {release}",
                origin=origin,
                release=format_command(release),
            )
        )
    return start, release, tuple(reasons)


def _candidate_stacks(settings: Settings) -> list[Stack]:
    known = stacks()
    wanted = settings.stack.split("-")[0]
    if not wanted:
        return sorted(known.values(), key=lambda each: (each.name == FALLBACK, each.name))
    if wanted not in known:
        raise WorkspaceError(
            message(
                "{source}: stack: unknown stack {stack}",
                source=settings.source,
                stack=settings.stack,
            ),
            hint=message("known stacks: {known}", known=", ".join(known)),
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
    content = message("it contains {names}", names=", ".join(names)) if names else "it is empty"
    if inside := _detected_subfolder(server_folder):
        hint = message(
            'if the server is in {inside}, set [run] cwd = "{inside}" in {file}',
            inside=inside,
            file=SETTINGS_FILE,
        )
        return WorkspaceError(
            message("{folder} itself is not a server ({content})", folder=folder, content=content),
            hint=hint,
        )
    known = " or ".join(f'"{each}"' for each in stacks() if each != FALLBACK)
    return WorkspaceError(
        message(
            "no server was detected in {folder} ({content}). Looked for: {looked}",
            folder=folder,
            content=content,
            looked=looked,
        ),
        hint=message(
            'set [run] command = "..." in {file} (and stack = {known})',
            file=SETTINGS_FILE,
            known=known,
        ),
    )


def _detected_subfolder(server_folder: Path) -> str:
    """Return the name of the first subfolder in which a stack detects a server, or ""."""
    for each in sorted(server_folder.iterdir()):
        if each.is_dir() and not each.name.startswith("."):
            for stack in stacks().values():
                try:
                    if stack.detect(each, Settings(), ""):
                        return each.name
                except WorkspaceError:
                    continue
    return ""
