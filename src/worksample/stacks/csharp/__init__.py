"""C#: ASP.NET Core, with its own SDK and NuGet."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from worksample.messages import message
from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext, format_command
from worksample.stacks.csharp.building import (
    build_environment,
    publish,
    restore,
    server_environment,
)
from worksample.stacks.csharp.causes import BUILD_CAUSES, START_CAUSES
from worksample.stacks.csharp.commands import BIN, OUT, USES_DOTNET, Servers, start_command
from worksample.stacks.csharp.configuration import Configuration
from worksample.stacks.csharp.machine import machine_tools
from worksample.stacks.csharp.migrations import Migrations, find_ef, manifest
from worksample.stacks.csharp.own_tests import test_plan, test_projects
from worksample.stacks.csharp.projects import Project, projects_in, with_references
from worksample.stacks.csharp.sdks import Pinned, find_dotnet
from worksample.stacks.csharp.stack_traces import error_places
from worksample.stacks.csharp.written_tests import test_files
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.settings import CommandLine, Settings, folders_above
from worksample.stacks.testing import TestPlan

_SOLUTIONS = ("*.sln", "*.slnx")


class CSharpStack(Stack):
    """The stack of C# and .NET."""

    name = "csharp"
    marker_files = "*.csproj, *.sln, *.slnx, global.json"
    build_causes = BUILD_CAUSES
    start_causes = START_CAUSES
    plan_skills: Mapping[str, tuple[str, ...]] = {
        "csharp-aspnet": ("csharp", "aspnet", "orm", "sql")
    }
    build_variables = ("DOTNET_*", "NUGET_*", "RESTORE*", "MSBUILD*")
    generated_names = frozenset((OUT, BIN))
    library_folders = (".nuget/packages",)

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        projects = projects_in(folder)
        if not projects and not _has_marker(folder):
            return _without_project(start)
        servers = Servers.of(folder, projects)
        reason = _projects_reason(folder, projects)
        if not start:
            return _detected(servers, servers.only(), reason, settings)
        command = format_command(start)
        if server := servers.for_command(command):
            return replace(_detected(servers, server, reason, settings), start=start)
        only = servers.candidates[0] if len(servers.candidates) == 1 else None
        return Detection(
            "csharp-aspnet" if servers.candidates else "csharp",
            (reason,),
            start,
            environment=Configuration.of(only).environment() if only else {},
            confidence=1 if USES_DOTNET.match(command) else 0,
        )

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        above = folders_above(context.folder, context.settings)
        projects = projects_in(context.folder)
        *_, release, start = context.commands
        servers = Servers.of(context.folder, projects)
        server = servers.for_command(start)
        if start in map(start_command, servers.candidates):
            server = servers.only()
        tested = test_projects(context.folder) if context.tests else []
        built = [*([server] if server else []), *tested]
        pinned = Pinned.around((context.folder, *above))
        needed = [each for one in built for each in with_references(one)]
        dotnet = find_dotnet(needed or projects, pinned, context.environment)
        env = build_environment(dotnet, context)
        if tested:
            await restore(tested, context, env)
        if context.settings.build or server is None:
            return env
        root = above[-1] if above else context.folder
        await publish(server, root, dotnet, context, env)
        return env if context.tests or release else server_environment(dotnet, context)

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        return test_plan(folder)

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """See `worksample.stacks.base.Stack`."""
        return test_files(folder)

    def is_generated(self, folder: Path) -> bool:
        """See `worksample.stacks.base.Stack`: `bin` and `obj` beside a project file."""
        return folder.name in ("bin", "obj") and any(folder.parent.glob("*.csproj"))

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        return error_places(log)

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        return machine_tools()


def _has_marker(folder: Path) -> bool:
    return any(True for each in _SOLUTIONS for _ in folder.glob(each)) or (
        (folder / "global.json").is_file()
    )


def _without_project(start: CommandLine) -> Detection | None:
    """Return the detection of a folder without projects: only if its command is that of .NET."""
    if start and USES_DOTNET.match(format_command(start)):
        return Detection("csharp", ("no project file, so nothing to restore",), start, confidence=1)
    return None


def _detected(servers: Servers, server: Project, reason: str, settings: Settings) -> Detection:
    """Return the detection of a server that is published here, or by the project's own build."""
    named = servers.argument(server)
    if settings.build:  # what it makes may be needed to compile the server
        publishing = ("dotnet publish", shlex.quote(named), "-c Release -o", OUT)
        start = " ".join((*publishing, "&&", start_command(server)))
        published = message("the server is {project}", project=named)
    else:
        start = start_command(server)
        published = message("the server is published from {project}", project=named)
    release, warnings = _migrations(servers, server, settings)
    return Detection(
        "csharp-aspnet",
        (reason, published),
        start,
        release,
        warnings=warnings,
        environment=Configuration.of(server).environment(),
        confidence=2,
    )


def _projects_reason(folder: Path, projects: Sequence[Project]) -> str:
    solution = next((found for each in _SOLUTIONS for found in sorted(folder.glob(each))), None)
    if solution:
        return message("the projects of {solution}", solution=solution.name)
    names = ", ".join(each.path.relative_to(folder).as_posix() for each in projects[:3])
    return message("the project {names}", names=names)


def _migrations(
    servers: Servers, server: Project, settings: Settings
) -> tuple[str, tuple[str, ...]]:
    """Return the release command that migrates the database, and warnings if it is missing."""
    found = Migrations.of(server)
    if found is None or found.applied_by_code or settings.release is not None:
        return "", ()
    holder, named = servers.argument(found.project), servers.argument(server)
    options = (
        *("database update --project", shlex.quote(holder)),
        *("--startup-project", shlex.quote(named), "--configuration Release"),
    )
    if manifest((servers.folder, *folders_above(servers.folder, settings))):
        return " ".join(("dotnet tool restore && dotnet ef", *options)), ()
    if tool := find_ef():
        return " ".join((shlex.quote(str(tool)), *options)), ()
    return "", (
        message(
            "{project} has migrations that no code applies, and dotnet-ef is not installed: call "
            "Database.MigrateAsync() when the server starts, or install it (dotnet tool install "
            "--global dotnet-ef)",
            project=holder,
        ),
    )


STACK = CSharpStack()
