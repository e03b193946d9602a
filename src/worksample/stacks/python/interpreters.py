"""The Pythons of this machine, and which of them a project gets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from worksample.errors import BuildFailed, WorkspaceError
from worksample.messages import message
from worksample.stacks.settings import Settings, location


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An installed Python interpreter."""

    path: Path
    version: Version

    @property
    def series(self) -> str:
        """Its version without the last number, such as `3.11`: what wheels are made for."""
        return f"{self.version.major}.{self.version.minor}"

    def fits(self, requirement: str) -> bool:
        """Whether pip would accept it; true too for a requirement that is not valid (PEP 440)."""
        try:
            return self.version in SpecifierSet(requirement)
        except InvalidSpecifier:
            return True


def running_interpreter() -> Interpreter:
    """Return the Python that runs Worksample (the base of its virtual environment)."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix) / "bin" / name
    version = Version(".".join(map(str, sys.version_info[:3])))
    return Interpreter(base if base.exists() else Path(sys.executable), version)


def find_interpreter(requirement: str, preference: str = "") -> Interpreter:
    """Return an installed Python that satisfies `requirement` and, if possible, `preference`.

    Prefers the Python that runs Worksample. Raises `BuildFailed` that names the requirement and the
    installed versions.
    """
    running = running_interpreter()
    if running.fits(requirement) and running.fits(preference):
        return running
    known = interpreters()
    fitting = [each for each in known if each.fits(requirement)]
    preferred = [each for each in fitting if each.fits(preference)]
    if fitting:
        best = preferred or ([running] if running in fitting else fitting)
        return max(best, key=lambda each: each.version)
    raise BuildFailed(
        message(
            "the project requires Python {requirement}; this machine has {installed}",
            requirement=requirement,
            installed=_versions(known),
        ),
        hint="install that Python (uv python install, pyenv install, your system's packages), "
        "or widen requires-python",
    )


def chosen_interpreter(settings: Settings, version: str) -> Interpreter:
    """Return an installed Python of the `version` that worksample.toml chooses.

    The Python that runs Worksample comes first, then the newest.

    Raises `WorkspaceError`, with file, line and the installed versions, if there is none.
    """
    running, *others = known = interpreters()
    wanted = f"=={version}.*"
    if running.fits(wanted):
        return running
    if fitting := [each for each in others if each.fits(wanted)]:
        return max(fitting, key=lambda each: each.version)
    raise WorkspaceError(
        message(
            "{place}: build.python: this machine has no Python {version}; it has {installed}",
            place=location(settings, ("build", "python")),
            version=version,
            installed=_versions(known),
        ),
        hint="choose one of them, or install that Python (uv python install, pyenv install)",
    )


def _versions(known: list[Interpreter]) -> str:
    return ", ".join(map(str, sorted({each.version for each in known})))


def interpreters() -> list[Interpreter]:
    """Return every working Python on this machine, starting with the one that runs Worksample."""
    with ThreadPoolExecutor() as pool:
        others = pool.map(_query_interpreter, _candidate_paths())
    return [running_interpreter(), *filter(None, others)]


def _candidate_paths() -> list[Path]:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    names = [f"python3.{minor}" for minor in range(20, 7, -1)]
    found = [Path(path) for name in names if (path := shutil.which(name))]
    for pattern in (".pyenv/versions/3*/bin/python3", ".local/share/uv/python/*/bin/python3"):
        found += sorted(home.glob(pattern))
    return found


def _query_interpreter(path: Path) -> Interpreter | None:
    """Return the Python that `path` starts, which may be another program: pyenv starts by shims."""
    code = "import sys; print(*sys.version_info[:3], sys.executable)"
    try:
        done = subprocess.run(
            [str(path), "-I", "-S", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    *version, program = done.stdout.rstrip("\n").split(" ", 3)
    return Interpreter(Path(program), Version(".".join(version)))
