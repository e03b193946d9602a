"""Go: net/http, Gin, Echo and Fiber, with modules and workspaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext, format_command
from worksample.stacks.go.building import build_programs, download_modules, write_go_run
from worksample.stacks.go.causes import BUILD_CAUSES, START_CAUSES
from worksample.stacks.go.machine import machine_tools
from worksample.stacks.go.modules import NO_VERSION, Project
from worksample.stacks.go.own_tests import test_plan
from worksample.stacks.go.packages import Package
from worksample.stacks.go.programs import (
    BIN,
    MIGRATIONS,
    SERVER,
    Build,
    Programs,
    go_run_package,
)
from worksample.stacks.go.stack_traces import error_places
from worksample.stacks.go.toolchain import build_environment, find_go
from worksample.stacks.go.written_tests import test_files
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.settings import CommandLine, Settings, folders_above
from worksample.stacks.testing import TestPlan

USES_GO = re.compile(r"(?:exec )?go\b")


class GoStack(Stack):
    """The Go stack."""

    name = "go"
    marker_files = "go.mod, go.work"
    build_causes = BUILD_CAUSES
    start_causes = START_CAUSES
    plan_skills: Mapping[str, tuple[str, ...]] = {"go-nethttp": ("go", "sql")}
    build_variables = (
        *("GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOINSECURE", "GOAUTH"),
        *("GOVCS", "NETRC", "CGO_*"),
    )
    generated_names = frozenset((BIN,))
    library_folders = ("pkg/mod",)

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        project = Project.around(folder, folders_above(folder, settings))
        if project is None:
            return _without_module(folder, start)
        programs = Programs.of(folder, project)
        if start:
            return _stated(programs, project, format_command(start), settings)
        server = programs.server()
        package = programs.argument(server)
        release, warnings = _migrations(programs, settings)
        if settings.build:  # what it makes may be needed to compile the server
            command = " ".join(("go build -o", SERVER, package, "&& exec", SERVER))
            reason = message("the server is {package}, built as it starts", package=package)
        else:
            command, reason = SERVER, message("the server is built from {package}", package=package)
        return Detection(
            _stack_id(programs, [server]),
            (_modules_reason(project), reason),
            command,
            release,
            warnings=warnings,
            confidence=2 if programs.packages.serves(server) else 1,
        )

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        above = folders_above(context.folder, context.settings)
        project = Project.around(context.folder, above)
        go = find_go(project.go if project else NO_VERSION)
        path = context.environment.get("PATH", "/usr/bin:/bin")
        env = build_environment(go, context.cache, context.folder / BIN, path)
        if project is None:
            return env
        await download_modules(project, context, env)
        if context.settings.build:
            return env
        builds = _builds(Programs.of(context.folder, project), context.commands)
        await build_programs(builds, project, go, context, env)
        for each in builds:
            if each.package == go_run_package(context.commands[-1]):
                write_go_run(context, go, each)
        *_, release, start = context.commands
        is_built = start == SERVER and release in ("", MIGRATIONS)
        return {"PATH": env["PATH"]} if is_built and not context.tests else env

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        return test_plan(folder)

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """See `worksample.stacks.base.Stack`."""
        return test_files(folder)

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        return error_places(log)

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        return machine_tools()


def _without_module(folder: Path, start: CommandLine) -> Detection | None:
    """Return the detection of a folder without go.mod: only if its start command is Go's."""
    if start:
        if USES_GO.match(format_command(start)):
            return Detection("go", ("no go.mod, so no modules to download",), start, confidence=1)
        return None
    if any(folder.glob("*.go")):
        raise WorkspaceError(
            message("{folder} has Go files, but no go.mod", folder=folder),
            hint="go mod init NAME writes one",
        )
    return None


def _stated(
    programs: Programs, project: Project, start: str, settings: Settings
) -> Detection | None:
    """Return the detection of a project that states its start command itself."""
    build = None if settings.build else programs.for_command(start)
    reasons = [_modules_reason(project)]
    if build:
        reasons.append(message("the start command is built from {name}", name=build.package))
    release, warnings = _migrations(programs, settings)
    known = programs.candidates or tuple(programs.packages.known.values())
    return Detection(
        _stack_id(programs, known),
        tuple(reasons),
        start,
        release,
        warnings=warnings,
        confidence=2 if build or USES_GO.match(start) else 0,
    )


def _stack_id(programs: Programs, packages: Iterable[Package]) -> str:
    framework = programs.packages.framework(packages)
    return f"go-{framework}" if framework else "go"


def _modules_reason(project: Project) -> str:
    if project.is_workspace:
        return message("modules of go.work: {paths}", paths=", ".join(sorted(project.paths)))
    return message("module {path} of go.mod", path=project.modules[0].path)


def _migrations(programs: Programs, settings: Settings) -> tuple[str, tuple[str, ...]]:
    """Return the release command that migrates the database, and warnings if it is not clear."""
    if settings.release is not None or settings.build or not programs.migrations:
        return "", ()
    if programs.migrations_to_run():
        return MIGRATIONS, ()
    found = programs.argument(programs.migrations[0])
    return "", (
        message(
            "{package} seems to migrate the database, but it is not clear how it is called: write "
            'the command into worksample.toml: [run] release = "go run {package} ..."',
            package=found,
        ),
    )


def _builds(programs: Programs, commands: tuple[str, ...]) -> tuple[Build, ...]:
    """Return which programs the release command and the start command need."""
    *_, release, start = commands
    found = []
    migrations = programs.migrations_to_run()
    if release == MIGRATIONS and migrations:
        found.append(Build(MIGRATIONS, programs.argument(migrations)))
    if start == SERVER:
        found.append(Build(SERVER, programs.argument(programs.server())))
    elif build := programs.for_command(start):
        found.append(build)
    return tuple(found)


STACK = GoStack()
