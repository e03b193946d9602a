"""Builds of C# projects by the real SDK: cached, failing with a reason."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.dotnet import needs_dotnet
from worksample.errors import BuildFailed, CannotBuildHere
from worksample.stacks import detect
from worksample.stacks.csharp.sdks import installations

# A busy machine takes a minute for a build that takes ten seconds alone.
pytestmark = [needs_dotnet, pytest.mark.slow, pytest.mark.timeout(600)]

VERSION = next((f"{each.sdks[-1][0]}.{each.sdks[-1][1]}" for each in installations()), "")
PROJECT = f"""\
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net{VERSION}</TargetFramework>
    <AssemblyName>Tiny</AssemblyName>
  </PropertyGroup>
</Project>
"""
PROGRAM = 'System.Console.Error.WriteLine($"tiny {args.Length} {System.Environment.ProcessId}");\n'


def project(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write a project whose program says what it was given, and its id."""
    written = {"src/App/App.csproj": PROJECT, "src/App/Program.cs": PROGRAM, **(files or {})}
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def build(folder: Path, cache: Path, command: str = "") -> tuple[list[str], list[str]]:
    """Build `folder`; return the titles of its steps and what `command` prints, with its own id."""

    async def body() -> tuple[list[str], list[str]]:
        lines: list[str] = []
        async with detect(folder).build(on_line=lines.append, root=cache) as built:
            titles = [each for each in lines if each.startswith(("restoring", "publishing"))]
            with subprocess.Popen(
                ["/bin/sh", "-c", command or str(built.detection.start)],
                cwd=built.cwd,
                env=dict(built.environment),
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                printed = process.communicate()[1].split()
            return titles, [*printed, str(process.pid)]

    return asyncio.run(body())


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache without servers."""
    return tmp_path_factory.mktemp("cache")


def test_unchanged_project_builds_nothing(tmp_path: Path, cache: Path) -> None:
    titles, printed = build(project(tmp_path / "one"), cache)
    assert titles == ["restoring the NuGet packages", "publishing App.csproj"]
    assert printed[:2] == ["tiny", "0"]
    titles, _ = build(project(tmp_path / "two", {"worksample.toml": ""}), cache)
    assert titles == []


@pytest.mark.parametrize(
    "start", ["dotnet run --project src/App -c Release -- x", "dotnet out/Tiny.dll x"]
)
def test_published_server_stands_in_for_a_stated_command(
    tmp_path: Path, cache: Path, start: str
) -> None:
    folder = project(tmp_path / "one", {"Procfile": f"web: {start}\n"})
    _, printed = build(folder, cache, f"exec {start}")
    # The last is the process that was started: dotnet run would be another one.
    assert printed[:2] == ["tiny", "1"]
    assert printed[2] == printed[3]


def failure(folder: Path, cache: Path) -> BuildFailed:
    with pytest.raises(BuildFailed) as caught:
        build(folder, cache)
    return caught.value


def test_compile_error_has_its_place(tmp_path: Path, cache: Path) -> None:
    changed = {"src/App/Program.cs": PROGRAM.replace("args", "missing")}
    error = failure(project(tmp_path / "one", changed), cache)
    assert not isinstance(error, CannotBuildHere)
    assert error.hint == "the C# sources do not compile: see Program.cs(1,40)"
    assert "error CS0103" in "".join(error.log)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"src/App/App.csproj": PROJECT.replace(VERSION, "99.0")}, "targets .NET 99.0"),
        ({"src/App/App.csproj": PROJECT.replace(VERSION, "5.0")}, "targets .NET 5.0"),
        ({"global.json": '{"sdk": {"version": "5.0.100"}}'}, "asks for the .NET SDK 5.0.100"),
    ],
)
def test_other_version_is_asked_for_before_anything_is_run(
    tmp_path: Path, cache: Path, files: dict[str, str], words: str
) -> None:
    error = failure(project(tmp_path / "one", files), cache)
    assert isinstance(error, CannotBuildHere)
    assert words in str(error)
    assert not error.command
