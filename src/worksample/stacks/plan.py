"""From a folder to something that can be started: recognise it, copy it, build it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.sandbox import Workroom, cache
from worksample.services import services
from worksample.stacks.base import Recognition, Stack, stacks
from worksample.stacks.building import Workshop, words
from worksample.stacks.copying import copy_folder
from worksample.stacks.procfile import read_procfile
from worksample.stacks.settings import (
    FILE,
    OWN_PLACEHOLDERS,
    Line,
    Settings,
    fill,
    load_settings,
)


@dataclass(frozen=True, slots=True)
class Built:
    """A built submission, ready to be started as often as one likes.

    `folder` is our copy, `room` a folder beside it for logs and homes; both vanish with the build.
    `digest` is that of the submission's content; `environment` what the build adds (PATH ...);
    from `secret` the server's SECRET_KEY and the like are derived, the same for all instances.
    """

    recognition: Recognition
    settings: Settings
    folder: Path
    room: Path
    digest: str
    environment: Mapping[str, str]
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def cwd(self) -> Path:
        """Where the server is started."""
        return self.folder / self.settings.cwd


@dataclass(frozen=True, slots=True)
class Plan:
    """How a folder will be built and started."""

    folder: Path
    recognition: Recognition
    settings: Settings
    stack: Stack

    @asynccontextmanager
    async def build(
        self, *, on_line: Callable[[str], None] = lambda line: None, root: Path | None = None
    ) -> AsyncIterator[Built]:
        """Copy the folder, make its dependencies ready and run its build; gone afterwards.

        `on_line` gets each line that a step prints; `root` is the cache (default: the user's).
        The learner's folder is only read. Raises `BuildFailed` with command, log and likely
        cause, and `WorkspaceError` if the folder is too large to copy.
        """
        async with Workroom.open("run") as room:
            copy = room.path / "app"
            digest = await asyncio.to_thread(copy_folder, self.folder, copy)
            place = root if root else await asyncio.to_thread(cache.cache_root)
            seen = self.recognition
            commands = tuple(words(each) for each in (*seen.build, seen.release, seen.start))
            workshop = Workshop(copy / self.settings.cwd, room.path, place, on_line, commands)
            environment = await self.stack.prepare(workshop)
            added = {
                key: value.replace("{folder}", str(workshop.folder))
                for key, value in self.recognition.environment.items()
            }
            for line in self.recognition.build:
                await workshop.step("the build", line, env={**environment, **added})
            built = Built(
                self.recognition, self.settings, copy, room.path, digest, {**environment, **added}
            )
            yield built


def recognise(folder: Path, settings: Settings | None = None) -> Plan:
    """Say what `folder` is and how it will be built and started; nothing is run.

    worksample.toml wins over a Procfile, which wins over what the stack sees. Raises
    `WorkspaceError` if the folder is none of the known, and says what was looked for; and for a
    placeholder in [env] that no service has.
    """
    if not folder.is_dir():
        raise WorkspaceError(f"{folder} is not a folder")
    settings = settings if settings is not None else load_settings(folder)
    fill(settings, dict.fromkeys(_placeholders(), ""))
    place = folder / settings.cwd
    if not place.is_dir():
        raise WorkspaceError(f"{settings.source}: run.cwd: there is no folder {place}")
    start, release, why = _stated(place, settings)
    stack, seen = _choose(folder, place, settings, start)
    return Plan(folder, _override(seen, settings, start, release, why), settings, stack)


def _placeholders() -> set[str]:
    """Return every name that [env] may use, whatever services this run has."""
    served = (name for each in services().values() for name in each.placeholder_names)
    return {*OWN_PLACEHOLDERS, *served}


def _choose(
    folder: Path, place: Path, settings: Settings, start: Line
) -> tuple[Stack, Recognition]:
    """Ask every stack; take the one that is surest, and warn if another was as good."""
    found: list[tuple[Stack, Recognition]] = []
    unclear: list[WorkspaceError] = []
    for stack in _in_order(settings):
        try:
            if seen := stack.recognise(place, settings, start):
                found.append((stack, seen))
        except WorkspaceError as error:
            unclear.append(error)
    if not found:
        raise unclear[0] if unclear else _nothing(folder, place)
    stack, seen = max(found, key=lambda each: each[1].certainty)
    others = [name.name for name, other in found if other.certainty and other is not seen]
    if others:
        also = f'it also looks like {others[0]}: if it is, say stack = "{others[0]}" in {FILE}'
        seen = replace(seen, warnings=(*seen.warnings, also))
    return stack, seen


def _stated(place: Path, settings: Settings) -> tuple[Line, Line | None, tuple[str, ...]]:
    """Return what the project itself says of start and release, and where it says so."""
    procfile = read_procfile(place)
    start: Line = settings.command or procfile.get("web", "")
    release: Line | None = settings.release
    why = []
    if start:
        why.append(f"started as {FILE if settings.command else 'Procfile'} says: {words(start)}")
    if release is None and procfile.get("web"):
        release = procfile.get("release")
    if release:
        origin = FILE if settings.release else "Procfile"
        why.append(f"before it runs, as {origin} says: {words(release)}")
    return start, release, tuple(why)


def _in_order(settings: Settings) -> list[Stack]:
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


def _override(
    seen: Recognition,
    settings: Settings,
    start: Line,
    release: Line | None,
    why: tuple[str, ...],
) -> Recognition:
    return replace(
        seen,
        reasons=(*seen.reasons, *why),
        start=start or seen.start,
        release=seen.release if release is None else release,
        build=settings.build or seen.build,
    )


def _nothing(folder: Path, place: Path) -> WorkspaceError:
    looked = "; ".join(f"{each.name}: {each.looks_for}" for each in stacks().values())
    names = sorted(each.name for each in place.iterdir())[:12]
    there = f"there are {', '.join(names)}" if names else "it is empty"
    if inside := _recognised_inside(place):
        hint = f'is the server in {inside}? Then: [run] cwd = "{inside}" in {FILE}'
        return WorkspaceError(f"{folder} itself is not a server ({there})", hint=hint)
    return WorkspaceError(
        f"{folder} is nothing that can be recognised as a server ({there}). Looked for: {looked}",
        hint=f'say it in {FILE}: [run] command = "..." (and stack = "python" or "node")',
    )


def _recognised_inside(place: Path) -> str:
    """Return the first folder in `place` that is a server by itself, or an empty text."""
    for each in sorted(place.iterdir()):
        if each.is_dir() and not each.name.startswith("."):
            for stack in stacks().values():
                try:
                    if stack.recognise(each, Settings(), ""):
                        return each.name
                except WorkspaceError:
                    continue
    return ""
