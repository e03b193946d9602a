"""Start commands of .NET: what they start, and the program that stands in for them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.csharp.projects import Project

#: The folder of the published server in the copy of the project. ASP.NET Core looks for
#: appsettings.json in the folder in which it is started.
OUT = ".worksample-out"
BIN = ".worksample-bin"
USES_DOTNET = re.compile(r"(?:exec )?dotnet\b")
_NOT_THE_SERVER = re.compile(r"(?i)(?:.*[.\-_])?(?:migrat\w*|seed\w*|tools?|cli|apphost)")
_WITH_VALUE = ("--project", "-p", "--configuration", "-c", "--framework", "-f", "--launch-profile",
               "-lp", "--runtime", "-r", "--verbosity", "-v", "--property")  # fmt: skip
_WITHOUT_VALUE = ("--no-launch-profile", "--no-build", "--no-restore", "--no-cache")
#: `dotnet run` would compile again, and passes no signal on; what is published is started instead.
#: Options that are not of `dotnet run` are the server's.
_STAND_IN = """#!/bin/sh
real={dotnet}
project= previous=
for each in "$@"; do
  case "$each" in --) break ;; --project=*) project=${{each#*=}} ;; esac
  case "$previous" in --project|-p) project=$each ;; esac
  previous=$each
done
case "${{1##*/}}" in
  {program}) shift ;;
  run)
    case "$project" in ''|{projects}) ;; *) exec "$real" "$@" ;; esac
    shift
    while [ $# -gt 0 ]; do
      case "$1" in
        {with_value}) shift 2 ;;
        {without_value}) shift ;;
        --) shift; break ;;
        *) break ;;
      esac
    done ;;
  *) exec "$real" "$@" ;;
esac
cd {out} && exec "$real" {program} "$@"
"""


@dataclass(frozen=True, slots=True)
class Servers:
    """The projects of a folder, and those that may be the server.

    `folder` is where the server starts.
    """

    folder: Path
    projects: tuple[Project, ...]
    candidates: tuple[Project, ...]

    @classmethod
    def of(cls, folder: Path, projects: Sequence[Project]) -> Servers:
        """Find the servers among the projects of `folder`."""
        serving = [each for each in projects if each.serves]
        usual = [each for each in serving if not _NOT_THE_SERVER.fullmatch(each.path.stem)]
        here = [each for each in usual if each.folder == folder]
        return cls(folder, tuple(projects), tuple(here or usual or serving))

    def argument(self, project: Project) -> str:
        """Return the path of a project file as `dotnet` is told it."""
        return Path(os.path.relpath(project.path, self.folder)).as_posix()

    def only(self) -> Project:
        """Return the project that is the server; raises `WorkspaceError` unless there is one."""
        if len(self.candidates) == 1:
            return self.candidates[0]
        if not self.candidates:
            raise WorkspaceError(
                message(
                    "{folder} has C# projects ({names}), but no web server: none has the SDK "
                    "Microsoft.NET.Sdk.Web",
                    folder=self.folder,
                    names=", ".join(map(self.argument, self.projects)) or message("none"),
                ),
                hint='begin the project file of the server with <Project Sdk="Microsoft.NET.Sdk.'
                'Web">, or set [run] command = "..." in worksample.toml',
            )
        names = [self.argument(each) for each in self.candidates]
        raise WorkspaceError(
            message(
                "{folder} has {count} web servers: {names}",
                folder=self.folder,
                count=len(names),
                names=", ".join(names),
            ),
            hint=message(
                'name one in worksample.toml: [run] command = "dotnet run --project {name}" (it is '
                "published before it starts)",
                name=_preferred(names),
            ),
        )

    def for_command(self, command: str) -> Project | None:
        """Return the project that a stated start command starts by `dotnet`, or None."""
        words = _words(command)
        if not USES_DOTNET.match(command) or len(words) < 2:
            return None
        if words[1].endswith(".dll"):
            stem = PurePosixPath(words[1]).stem
            return next((each for each in self.projects if each.name == stem), None)
        if words[1] != "run":
            return None
        if not (named := _project_option(words[2:])):
            return self.candidates[0] if len(self.candidates) == 1 else None
        place = Path(os.path.normpath(self.folder / named))
        return next((each for each in self.projects if place in (each.path, each.folder)), None)


def start_command(server: Project) -> str:
    """Return the command that starts the published server."""
    return " ".join(("cd", OUT, "&& exec dotnet", shlex.quote(server.name + ".dll")))


def stand_in(server: Project, folder: Path, dotnet: Path) -> str:
    """Return a program `dotnet` that starts the published server where a command would build it.

    `folder` is that in which commands are run. Other commands run the real program `dotnet`.
    """
    file = Path(os.path.relpath(server.path, folder)).as_posix()
    place = Path(os.path.relpath(server.folder, folder)).as_posix()
    projects = [name for each in (file, place, f"{place}/") for name in (each, f"./{each}")]
    return _STAND_IN.format(
        dotnet=shlex.quote(str(dotnet)),
        program=shlex.quote(f"{server.name}.dll"),
        projects="|".join(map(shlex.quote, projects)),
        with_value="|".join(_WITH_VALUE),
        without_value="|".join([*_WITHOUT_VALUE, *(f"{each}=*" for each in _WITH_VALUE)]),
        out=shlex.quote(str(folder / OUT)),
    )


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    return words[1:] if words[:1] == ["exec"] else words


def _project_option(words: Sequence[str]) -> str:
    for number, each in enumerate(words):
        if each == "--":
            break
        if each in ("--project", "-p") and number + 1 < len(words):
            return words[number + 1]
        if each.startswith("--project="):
            return each.partition("=")[2]
    return ""


def _preferred(names: Sequence[str]) -> str:
    good = [each for each in names if re.search(r"(?i)(?:api|web|server|host)\.csproj$", each)]
    return next(iter([*good, *names]))
