"""Install locked packages from wheels where there are some, with another Python if need be.

Old lock files name versions that have wheels for the Pythons of their time only. With a newer one
their packages are compiled, for a minute or more, and often in vain.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from worksample.errors import BuildFailed
from worksample.messages import message
from worksample.stacks.building import BuildContext
from worksample.stacks.causes import GENERAL_BUILD_CAUSES
from worksample.stacks.python.dependencies import NAME, Dependencies
from worksample.stacks.python.installing import Installer, pip_support, query_command
from worksample.stacks.python.interpreters import Interpreter, interpreters

TITLE = "installing the Python packages"
ONLY_WHEELS = "--only-binary=:all:"
_NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")
_INDEX_OPTION = re.compile(
    r"(-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host)\b"
)
_MAX_OTHERS = 4


class OtherPython(Exception):
    """A package has a wheel for `interpreter`, and none for the Python of the environment."""

    def __init__(self, interpreter: Interpreter, note: str) -> None:
        super().__init__(note)
        self.interpreter, self.note = interpreter, note


@dataclass(frozen=True, slots=True)
class Installation:
    """The installation of `dependencies` into the virtual environment in `folder`.

    `may_change` says whether another Python may be taken than that of `installer`.
    """

    folder: Path
    dependencies: Dependencies
    context: BuildContext
    installer: Installer
    may_change: bool

    async def run(self) -> None:
        """Install; raises `BuildFailed`, or `OtherPython` where that Python has the wheel."""
        command = self._command()
        if self.installer.uv or pip_support() is None or not self.dependencies.locked:
            await self.context.run_step(TITLE, command)
            return
        try:
            await self.context.run_step(TITLE, (*command, ONLY_WHEELS))
        except BuildFailed as error:
            if re.search(GENERAL_BUILD_CAUSES[0].pattern, error.log):
                raise
            await self._compile(command, self._lacking(error.log))

    async def _compile(self, command: tuple[str, ...], package: str) -> None:
        """Install again, and compile `package`, unless another Python has a wheel of it."""
        other = await self._python_with_wheel(package) if package else None
        series = self.installer.interpreter.series
        if other and self.may_change:
            told = "Python {other} is used: {package} has a wheel for it, and none for {series}."
            raise OtherPython(
                other, message(told, other=other.version, package=package, series=series)
            )
        if package:
            template = "compiling {package}, which has no wheel for Python {series}"
            self.context.on_line(message(template, package=package, series=series))
        try:
            await self.context.run_step(TITLE, command)
        except BuildFailed as error:
            if other:
                error.hint = message(
                    "{package} has a wheel for Python {other}, which this machine has: "
                    'worksample.toml: [build] python = "{other}"',
                    package=package,
                    other=other.series,
                )
            raise

    def _command(self) -> tuple[str, ...]:
        files = []
        for option, name, lines in (
            ("-r", "requirements.txt", self.dependencies.requirements),
            ("-c", "constraints.txt", self.dependencies.constraints),
        ):
            file = self.context.scratch / name
            file.write_text("\n".join(lines) + "\n")
            files += [option, str(file)]
        return (*self.installer.install_command(self.folder), *files)

    def _lacking(self, log: str) -> str:
        """Return the locked package that has no wheel, such as `asyncpg==0.25.0`, or ""."""
        match = _NO_WHEEL.search(log)
        name = canonicalize_name(match[1]) if match else ""
        lines = (*self.dependencies.requirements, *self.dependencies.constraints)
        return next((each.split(";")[0].strip() for each in lines if _name(each) == name), "")

    async def _python_with_wheel(self, package: str) -> Interpreter | None:
        """Return the nearest other Python of this machine for which `package` has a wheel."""
        others = await asyncio.to_thread(self._others)
        found = await asyncio.gather(*(self._has_wheel(package, each.series) for each in others))
        return next((each for each, has in zip(others, found, strict=True) if has), None)

    def _others(self) -> Sequence[Interpreter]:
        own = self.installer.interpreter
        fitting = [each for each in interpreters() if each.fits(self.dependencies.requires_python)]
        newest = {each.series: each for each in sorted(fitting, key=lambda each: each.version)}
        newest.pop(own.series, None)
        near = sorted(newest.values(), key=lambda each: _distance(each, own))
        return near[:_MAX_OTHERS]

    async def _has_wheel(self, package: str, series: str) -> bool:
        folder = self.context.scratch / f"wheels-{series}"
        folder.mkdir(exist_ok=True)
        options = [each for each in self.dependencies.requirements if _INDEX_OPTION.match(each)]
        file = folder / "wanted.txt"
        file.write_text("\n".join([*options, package]) + "\n")
        title = message("looking for a wheel for Python {series}", series=series)
        try:
            await self.context.run_step(title, query_command(series, file, folder))
        except BuildFailed:
            return False
        return True


def _name(line: str) -> str:
    match = NAME.match(line)
    return canonicalize_name(match[1]) if match and not line.startswith("-") else ""


def _distance(one: Interpreter, own: Interpreter) -> tuple[int, bool]:
    """Order by nearness; of two equally near ones the older first, as locks are old."""
    return abs(one.version.minor - own.version.minor), one.version > own.version
