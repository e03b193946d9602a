"""Virtual environments, cached by their set of dependencies."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import replace
from pathlib import Path

from packaging.version import Version

from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.python.dependencies import Dependencies
from worksample.stacks.python.installing import Installer
from worksample.stacks.python.interpreters import (
    Interpreter,
    chosen_interpreter,
    find_interpreter,
)
from worksample.stacks.python.wheels import Installation, OtherPython

CACHE_FORMAT = "1"


async def virtual_environment(dependencies: Dependencies, context: BuildContext) -> Path:
    """Return a virtual environment with `dependencies` installed.

    It has the Python that worksample.toml chooses, or else one that fits the project: another one
    of this machine if a locked package has a wheel only there, which is noted. Raises
    `BuildFailed`, and `WorkspaceError` if the machine does not have the chosen one.
    """
    if version := context.settings.versions.get("python"):
        interpreter = chosen_interpreter(context.settings, version)
        installer = Installer.find(interpreter, context.environment)
        return await _environment(dependencies, context, installer, may_change=False)
    interpreter = find_interpreter(dependencies.requires_python, dependencies.prefers_python)
    installer = Installer.find(interpreter, context.environment)
    record = _folder(dependencies, context, installer).with_suffix(".other")
    other = _recorded(record)
    if other is None:
        try:
            return await _environment(dependencies, context, installer, may_change=True)
        except OtherPython as found:
            other = found
            _record(record, other)
    context.notes.append(other.note)
    instead = replace(installer, interpreter=other.interpreter)
    return await _environment(dependencies, context, instead, may_change=False)


async def _environment(
    dependencies: Dependencies, context: BuildContext, installer: Installer, *, may_change: bool
) -> Path:
    async def make(folder: Path) -> None:
        title = "creating the virtual environment"
        await context.run_step(title, installer.venv_command(folder))
        if dependencies.requirements:
            await Installation(folder, dependencies, context, installer, may_change).run()
        (folder / "inventory").write_text(_inventory(folder))

    folder = _folder(dependencies, context, installer)
    return await cache.get_or_create(folder, make, check=_is_intact)


def _folder(dependencies: Dependencies, context: BuildContext, installer: Installer) -> Path:
    """Return where the environment lies in the cache."""
    interpreter = installer.interpreter
    inputs = [
        CACHE_FORMAT,
        str(interpreter.path),
        str(interpreter.version),
        platform.platform(),
        installer.uv or "",
    ]
    text = "\n".join([*inputs, *dependencies.requirements, "--", *dependencies.constraints])
    return context.cache / "python" / hashlib.sha256(text.encode()).hexdigest()[:20]


def _record(path: Path, other: OtherPython) -> None:
    """Remember which Python has the wheels, so that the next build need not find out again."""
    interpreter = other.interpreter
    known = {"path": str(interpreter.path), "version": str(interpreter.version)}
    path.write_text(json.dumps({**known, "note": other.note}))


def _recorded(path: Path) -> OtherPython | None:
    """Return what `_record` remembers, if that Python is still there."""
    try:
        known = json.loads(path.read_text())
        other = Interpreter(Path(known["path"]), Version(known["version"]))
        return OtherPython(other, known["note"]) if other.path.exists() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_intact(folder: Path) -> bool:
    """Whether an environment still has its interpreter and all its packages."""
    return (folder / "bin" / "python").exists() and (
        (folder / "inventory").read_text() == _inventory(folder)
    )


def _inventory(folder: Path) -> str:
    """Return a digest of the names of the installed packages and programs."""
    places = [folder / "bin", *folder.glob("lib/python*/site-packages")]
    names = [
        f"{place.name}/{each}"
        for place in places
        for each in sorted(item.name for item in place.iterdir())
    ]
    kept = [name for name in names if not name.endswith("__pycache__")]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()
