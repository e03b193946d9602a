"""Which program of a project is the server, which one migrates, and what is built for a command."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.go.modules import Project
from worksample.stacks.go.packages import Package, Packages

#: The folder for programs in the copy of a project; it is on PATH.
BIN = ".worksample-bin"
SERVER, MIGRATIONS = f"{BIN}/server", f"{BIN}/migrations"
_MIGRATES = re.compile(r"migrat(?:e|es|ion|ions|or)(?:db)?|(?:db|database)[-_]?migrat\w*", re.I)
_NOT_THE_SERVER = re.compile(
    r"(?i)(?:.*[-_])?(?:migrat\w*|seed\w*|tools?|gen|generate|codegen|cli|fixtures?)(?:[-_].*)?"
)
_GO_RUN = re.compile(r"\s*(?:exec\s+)?go\s+run\s+(?P<package>[^-\s]\S*)(?=\s|$)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_NAME = re.compile(r"[\w.-]+")
_DO_NOT_BUILD = ("go", "make", "task", "sh", "bash", "env", "docker", "air")


@dataclass(frozen=True, slots=True)
class Build:
    """A program to build: the file to write and the package, both as seen from `[run] cwd`."""

    output: str
    package: str

    def command(self, output: Path) -> tuple[str, ...]:
        """Return the command that writes the program to `output`."""
        return ("go", "build", "-o", str(output), self.package)


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of the project of a folder.

    `candidates` are those that may be the server: of several, only those that start an HTTP server.
    """

    folder: Path
    packages: Packages
    candidates: tuple[Package, ...]
    migrations: tuple[Package, ...]

    @classmethod
    def of(cls, folder: Path, project: Project) -> Programs:
        """Find the programs of `project`, of which `folder` is where the server starts."""
        packages = Packages.of(project)
        found = packages.programs()
        usual = [each for each in found if not _NOT_THE_SERVER.fullmatch(_binary_name(each))]
        serving = [each for each in usual if packages.serves(each)]
        here = [each for each in serving if each.folder == folder != project.folder]
        return cls(
            folder,
            packages,
            tuple(here or serving or usual),
            tuple(each for each in found if _MIGRATES.fullmatch(_binary_name(each))),
        )

    def argument(self, package: Package) -> str:
        """Return how `go build` is told a package: `./cmd/api`."""
        inside = Path(os.path.relpath(package.folder, self.folder)).as_posix()
        return inside if inside.startswith(".") else f"./{inside}"

    def server(self) -> Package:
        """Return the program that is the server; raises `WorkspaceError` unless there is one."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        if not self.candidates:
            raise WorkspaceError(
                message(
                    "{folder} has a go.mod, but no server: no `package main` with a `func main()` "
                    "outside vendor, tools and examples",
                    folder=self.folder,
                ),
                hint="write the server as cmd/api/main.go, or set [run] command = "
                '"..." in worksample.toml',
            )
        names = [self.argument(each) for each in self.candidates]
        preferred = next((each for each in names if _sounds_like_a_server(each)), names[0])
        raise WorkspaceError(
            message(
                "{folder} has {count} programs that may be the server: {names}",
                folder=self.folder,
                count=len(names),
                names=", ".join(names),
            ),
            hint=message(
                'name it in worksample.toml: [run] command = "go run {name}" (it is built '
                "before it starts)",
                name=preferred,
            ),
        )

    def migrations_to_run(self) -> Package | None:
        """Return the one program that migrates the database and needs no arguments, or None."""
        only = self.migrations[0] if len(self.migrations) == 1 else None
        return None if only is None or only.reads_arguments else only

    def for_command(self, command: str) -> Build | None:
        """Return what must be built for a start command that the project states, or None.

        That is the package of a plain `go run`, or the program that the command names if it is
        called like a package, or if it does not exist and there is one server.
        """
        if match := _GO_RUN.match(command):
            return Build(SERVER, match["package"])
        named = _program(command)
        if not named or named in _DO_NOT_BUILD or named.startswith(("/", "$", "..")):
            return None
        output = named if "/" in named else f"{BIN}/{named}"
        for package in self.packages.programs():
            if _binary_name(package) == Path(named).name:
                return Build(output, self.argument(package))
        if "/" in named and not (self.folder / named).exists() and len(self.candidates) == 1:
            return Build(output, self.argument(self.candidates[0]))
        return None


def go_run_package(command: str) -> str:
    """Return the package of a command that is a plain `go run PACKAGE`, else an empty text."""
    match = _GO_RUN.match(command)
    return match["package"] if match else ""


def _program(command: str) -> str:
    """Return the first word of a shell command that is a program."""
    try:
        words: Sequence[str] = shlex.split(command)
    except ValueError:
        return ""
    return next((each for each in words if each != "exec" and not _ASSIGNMENT.match(each)), "")


def _binary_name(package: Package) -> str:
    """Return how `go build` and `go install` call the program of a package."""
    parts = package.path.split("/")
    if len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]):
        parts.pop()
    return parts[-1]


def _sounds_like_a_server(name: str) -> bool:
    return bool(re.search(r"(?i)server|api|web|http", Path(name).name))
