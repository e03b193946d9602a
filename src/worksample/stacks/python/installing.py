"""The commands that make a virtual environment and install packages into it: uv, or pip."""

from __future__ import annotations

import functools
import importlib.metadata
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

from worksample.stacks.python.interpreters import Interpreter


@dataclass(frozen=True, slots=True)
class Installer:
    """Installs packages for `interpreter`, by the program `uv`, or by pip if that is None."""

    interpreter: Interpreter
    uv: str | None

    @classmethod
    def find(cls, interpreter: Interpreter, environment: Mapping[str, str]) -> Installer:
        """Return the installer that this machine has."""
        return cls(interpreter, shutil.which("uv", path=environment.get("PATH")))

    def venv_command(self, folder: Path) -> tuple[str, ...]:
        """Return the command that makes a virtual environment in `folder`."""
        python = str(self.interpreter.path)
        if self.uv:
            options = ("--quiet", "--allow-existing", "--python", python)
            return (self.uv, "venv", *options, str(folder))
        without_pip = ("--without-pip",) if self._shares_pip else ()
        return (python, "-m", "venv", *without_pip, str(folder))

    def install_command(self, folder: Path) -> tuple[str, ...]:
        """Return the command that installs packages into the environment in `folder`.

        The options that say which follow it.
        """
        python = str(folder / "bin" / "python")
        if self.uv:
            return (self.uv, "pip", "install", "--python", python, "--compile-bytecode")
        quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar=off")
        if self._shares_pip:
            return (sys.executable, "-m", "pip", "--python", python, "install", *quiet)
        return (python, "-m", "pip", "install", *quiet)

    @property
    def _shares_pip(self) -> bool:
        """Whether the pip beside Worksample can install for this Python, too."""
        supported = pip_support()
        return supported is not None and self.interpreter.version in supported


@functools.cache
def pip_support() -> SpecifierSet | None:
    """Return the Pythons for which the pip beside Worksample installs; None without pip."""
    try:
        metadata = importlib.metadata.metadata("pip")
    except importlib.metadata.PackageNotFoundError:
        return None
    return SpecifierSet(metadata["Requires-Python"] or "")


def query_command(series: str, requirements: Path, folder: Path) -> tuple[str, ...]:
    """Return the command that gets wheels for the Python `series` into `folder`.

    It fails if one of `requirements` has none. Its dependencies are not looked at.
    """
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")
    which = ("--only-binary=:all:", f"--python-version={series}", "-r", str(requirements))
    return (sys.executable, "-m", "pip", "download", *options, *which, "-d", str(folder))
