"""Locked packages come from wheels; where only another Python has one, that Python is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from packaging.version import Version

from worksample.errors import BuildFailed
from worksample.stacks.building import BuildContext
from worksample.stacks.python import interpreters, wheels
from worksample.stacks.python.dependencies import Dependencies
from worksample.stacks.python.environment import virtual_environment
from worksample.stacks.python.interpreters import Interpreter
from worksample.stacks.settings import CommandLine, Settings

LOCKED = Dependencies(
    "requirements.txt", ("web==1", "old==0.25.0 ; python_version > '3'"), (), True
)
NO_WHEEL = "ERROR: No matching distribution found for old==0.25.0\n"


class ScriptedContext(BuildContext):
    """A build whose steps run nothing; those in which `fails` finds a log fail with that log."""

    def __init__(self, folder: Path, fails: Callable[[str], str], versions: Mapping[str, str]):
        settings = Settings(versions=versions)
        super().__init__(folder, folder, folder / "cache", settings=settings)
        self.environment = {"PATH": "/nowhere"}
        self.fails = fails
        self.ran: list[str] = []

    async def run_step(
        self,
        title: str,
        line: CommandLine,
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 0,
        failure: type[BuildFailed] = BuildFailed,
    ) -> None:
        """See `BuildContext`."""
        command = " ".join(line)
        if " venv " in command:
            (Path(line[-1]) / "bin").mkdir(parents=True, exist_ok=True)
            (Path(line[-1]) / "bin" / "python").touch()
        self.ran.append(command)
        if log := self.fails(command):
            raise BuildFailed(f"{title} failed", log=log)

    @property
    def installs(self) -> list[str]:
        """The commands that install packages."""
        return [each for each in self.ran if " install " in each]


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = []
    for version in ("3.11.7", "3.9.18", "3.10.13", "3.12.1"):
        (tmp_path / f"python{version}").touch()
        known.append(Interpreter(tmp_path / f"python{version}", Version(version)))
    monkeypatch.setattr(interpreters, "running_interpreter", lambda: known[0])
    for module in (interpreters, wheels):
        monkeypatch.setattr(module, "interpreters", lambda: known)


def built(
    folder: Path,
    fails: Callable[[str], str],
    dependencies: Dependencies = LOCKED,
    versions: Mapping[str, str] | None = None,
) -> ScriptedContext:
    """Return the context of a build, after it."""
    context = ScriptedContext(folder, fails, versions or {})
    asyncio.run(virtual_environment(dependencies, context))
    return context


def lacks_wheel(command: str, *series: str) -> str:
    """Return pip's log where only the Pythons of `series` have the wheel."""
    if " venv " in command or "--only-binary=:all:" not in command:
        return ""
    return "" if any(f"--python-version={each}" in command for each in series) else NO_WHEEL


def cannot_compile(command: str) -> str:
    """Return pip's log where compiling fails too, and the Pythons 3.9 and 3.10 have the wheel."""
    return NO_WHEEL if " install " in command else lacks_wheel(command, "3.9", "3.10")


def test_nearest_python_with_a_wheel_is_taken_and_noted(tmp_path: Path) -> None:
    first = True

    def fails(command: str) -> str:
        nonlocal first
        if " install " not in command:
            return lacks_wheel(command, "3.9", "3.10")
        first, was_first = False, first
        return NO_WHEEL if was_first else ""

    context = built(tmp_path, fails)
    note = "Python 3.10.13 is used: old==0.25.0 has a wheel for it, and none for 3.11."
    assert context.notes == [note]
    assert len(context.installs) == 2
    assert any("python3.10.13 -m venv" in each for each in context.ran)
    again = built(tmp_path, fails)
    assert (again.notes, again.ran) == ([note], [])


def test_package_without_any_wheel_is_compiled(tmp_path: Path) -> None:
    context = built(tmp_path, lacks_wheel)
    assert not context.notes
    with_wheels, compiled = context.installs
    assert "--only-binary=:all:" in with_wheels
    assert "--only-binary=:all:" not in compiled


def test_chosen_python_stays_and_the_other_is_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        built(tmp_path, cannot_compile, versions={"python": "3.11"})
    assert caught.value.hint == (
        "old==0.25.0 has a wheel for Python 3.10, which this machine has: "
        'worksample.toml: [build] python = "3.10"'
    )


def test_python_that_the_project_excludes_is_not_taken(tmp_path: Path) -> None:
    dependencies = Dependencies("uv.lock", LOCKED.requirements, (), True, requires_python=">=3.11")
    context = built(tmp_path, lambda line: lacks_wheel(line, "3.9", "3.10"), dependencies)
    assert not context.notes
    assert not [each for each in context.ran if "--python-version=3.10" in each]


def test_unlocked_packages_are_installed_as_before(tmp_path: Path) -> None:
    context = built(tmp_path, lambda line: "", Dependencies("requirements.txt", ("web",)))
    assert len(context.installs) == 1
    assert "--only-binary=:all:" not in context.installs[0]


def test_refused_download_is_not_tried_again(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed):
        built(tmp_path, lambda line: "" if " venv " in line else "Network is unreachable")
