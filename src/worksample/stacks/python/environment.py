"""Virtual environments, cached by their set of dependencies."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from worksample.errors import BuildFailed
from worksample.messages import message
from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.python.dependencies import Dependencies

CACHE_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An installed Python interpreter."""

    path: Path
    version: Version


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
    if _fits(running, requirement) and _fits(running, preference):
        return running
    known = interpreters()
    fitting = [each for each in known if _fits(each, requirement)]
    preferred = [each for each in fitting if _fits(each, preference)]
    if fitting:
        best = preferred or ([running] if running in fitting else fitting)
        return max(best, key=lambda each: each.version)
    installed = map(str, sorted({each.version for each in known}))
    raise BuildFailed(
        message(
            "the project requires Python {requirement}; this machine has {installed}",
            requirement=requirement,
            installed=", ".join(installed),
        ),
        hint="install that Python (uv python install, pyenv install, your system's packages), "
        "or widen requires-python",
    )


def interpreters() -> list[Interpreter]:
    """Return every working Python on this machine, starting with the one that runs Worksample."""
    with ThreadPoolExecutor() as pool:
        others = pool.map(_query_interpreter, _candidate_paths())
    return [running_interpreter(), *filter(None, others)]


def _fits(interpreter: Interpreter, requirement: str) -> bool:
    """Whether pip would accept it; True too for a requirement that is not valid (PEP 440)."""
    try:
        return interpreter.version in SpecifierSet(requirement)
    except InvalidSpecifier:
        return True


def _candidate_paths() -> list[Path]:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    names = [f"python3.{minor}" for minor in range(20, 7, -1)]
    found = [Path(path) for name in names if (path := shutil.which(name))]
    for pattern in (".pyenv/versions/3*/bin/python3", ".local/share/uv/python/*/bin/python3"):
        found += sorted(home.glob(pattern))
    return found


def _query_interpreter(path: Path) -> Interpreter | None:
    code = "import sys; print(*sys.version_info[:3])"
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
    return Interpreter(path, Version(".".join(done.stdout.split())))


async def virtual_environment(dependencies: Dependencies, context: BuildContext) -> Path:
    """Return a virtual environment with `dependencies` installed; raises `BuildFailed`."""
    interpreter = find_interpreter(dependencies.requires_python, dependencies.prefers_python)
    uv = shutil.which("uv", path=context.environment.get("PATH"))

    async def make(folder: Path) -> None:
        await _create(folder, dependencies, context, interpreter, uv)

    folder = context.cache / "python" / _cache_key(dependencies, interpreter, uv)
    return await cache.get_or_create(folder, make, check=_is_intact)


def _cache_key(dependencies: Dependencies, interpreter: Interpreter, uv: str | None) -> str:
    inputs = [
        CACHE_FORMAT,
        str(interpreter.path),
        str(interpreter.version),
        platform.platform(),
        uv or "",
    ]
    text = "\n".join([*inputs, *dependencies.requirements, "--", *dependencies.constraints])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


async def _create(
    folder: Path,
    dependencies: Dependencies,
    context: BuildContext,
    interpreter: Interpreter,
    uv: str | None,
) -> None:
    python = folder / "bin" / "python"
    requirements_file, constraints_file = (
        context.scratch / "requirements.txt",
        context.scratch / "constraints.txt",
    )
    requirements_file.write_text("\n".join(dependencies.requirements) + "\n")
    constraints_file.write_text("\n".join(dependencies.constraints) + "\n")
    await context.run_step(
        "creating the virtual environment", _venv_command(folder, interpreter, uv)
    )
    if dependencies.requirements:
        install = [
            *_install_command(python, uv),
            "-r",
            str(requirements_file),
            "-c",
            str(constraints_file),
        ]
        await context.run_step("installing the Python packages", tuple(install))
    (folder / "inventory").write_text(_inventory(folder))


def _venv_command(folder: Path, interpreter: Interpreter, uv: str | None) -> tuple[str, ...]:
    if uv:
        return (
            uv,
            "venv",
            "--quiet",
            "--allow-existing",
            "--python",
            str(interpreter.path),
            str(folder),
        )
    options = ("--without-pip",) if _has_pip() else ()
    return (str(interpreter.path), "-m", "venv", *options, str(folder))


def _install_command(python: Path, uv: str | None) -> list[str]:
    if uv:
        return [uv, "pip", "install", "--python", str(python), "--compile-bytecode"]
    if _has_pip():
        running = [sys.executable, "-m", "pip", "--python", str(python)]
        return [
            *running,
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar=off",
        ]
    return [str(python), "-m", "pip", "install", "--no-input", "--progress-bar=off"]


def _has_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


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
