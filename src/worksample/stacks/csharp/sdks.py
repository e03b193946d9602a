"""The .NET SDKs of this machine, and which of them a project can be built and run with."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import CannotBuildHere, WorkspaceError
from worksample.messages import message
from worksample.stacks.csharp.projects import Project, framework_version
from worksample.stacks.installation import Version

INSTALL_HINT = (
    "install the .NET SDK (https://dotnet.microsoft.com/download, or your system's package "
    "dotnet-sdk-10.0)"
)
USUAL_PLACES = (
    "/usr/share/dotnet",
    "/usr/lib/dotnet",
    "/usr/lib64/dotnet",
    "/usr/local/share/dotnet",
    "/opt/homebrew/opt/dotnet/libexec",
    "/snap/dotnet-sdk/current",
)
GLOBAL_FILE = "global.json"
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
#: How many numbers of a version must be equal; what follows must be at least as new.
_POLICIES = {
    "latestpatch": 3,
    "patch": 3,
    "latestfeature": 2,
    "feature": 2,
    "latestminor": 1,
    "minor": 1,
    "latestmajor": 0,
    "major": 0,
}


@dataclass(frozen=True, slots=True)
class Dotnet:
    """An installed .NET: its folder, and the versions of its SDKs and of ASP.NET Core."""

    root: Path
    source: str
    sdks: tuple[Version, ...]
    runtimes: tuple[Version, ...]

    @property
    def program(self) -> Path:
        """The program `dotnet`."""
        return self.root / "dotnet"

    @property
    def text(self) -> str:
        """The version of its newest SDK."""
        return _text(max(self.sdks))

    @property
    def identity(self) -> str:
        """A text that is unique to what it builds, for cache keys."""
        return f"{self.root} {self.sdks} {self.runtimes}"

    def runs(self, wanted: Version, *, newer: bool) -> bool:
        """Whether it has the runtime of a target framework, or a newer one if that may run it."""
        return any(each[:2] == wanted or (newer and each[:2] > wanted) for each in self.runtimes)


@dataclass(frozen=True, slots=True)
class Pinned:
    """The SDK that a global.json asks for, and how far another one may differ."""

    path: Path
    version: Version
    policy: str

    @classmethod
    def around(cls, places: Sequence[Path]) -> Pinned | None:
        """Return what the first global.json in `places` asks for, or None.

        Raises `WorkspaceError` if it cannot be read.
        """
        path = next((each / GLOBAL_FILE for each in places if (each / GLOBAL_FILE).is_file()), None)
        if path is None:
            return None
        try:
            content = json.loads(without_comments(path.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, RecursionError) as error:
            raise WorkspaceError(
                message("{path} cannot be read: {error}", path=path, error=error)
            ) from error
        stated = content.get("sdk") if isinstance(content, dict) else None
        table = stated if isinstance(stated, Mapping) else {}
        version = version_of(str(table.get("version", "")))
        policy = str(table.get("rollForward", "latestPatch"))
        return cls(path, version, policy) if version else None

    def allows(self, version: Version) -> bool:
        """Whether an SDK of this version is one that it asks for."""
        if (equal := _POLICIES.get(self.policy.lower())) is None:
            return version == self.version
        return _parts(version)[:equal] == _parts(self.version)[:equal] and version >= self.version


def find_dotnet(
    projects: Sequence[Project], pinned: Pinned | None, variables: Mapping[str, str] = os.environ
) -> Dotnet:
    """Return the first .NET with which `projects` can be built and the first of them be run.

    Raises `CannotBuildHere`, with what to install, if there is none.
    """
    found = list(installations(variables))
    if not found:
        raise CannotBuildHere("the .NET SDK is not installed on this machine", hint=INSTALL_HINT)
    if pinned:
        found = _allowed(found, pinned)
    wanted = max((each for project in projects for each in _versions(project)), default=None)
    if wanted is not None:
        found = _new_enough(found, wanted)
    if projects and (oldest := min(_versions(projects[0]), default=None)):
        newer = projects[0].properties.get("rollforward", "").lower() in ("major", "latestmajor")
        able = [each for each in found if runnable(projects[0], each)]
        if not able and not any(each.runs(oldest, newer=newer) for each in found):
            raise _no_runtime(oldest, found)
        found = able or found
    return found[0]


def runnable(project: Project, dotnet: Dotnet) -> str:
    """Return the newest target framework of a project whose runtime is here, or an empty text."""
    newer = project.properties.get("rollforward", "").lower() in ("major", "latestmajor")
    able = [
        (version, name)
        for name in project.frameworks
        if (version := framework_version(name)) and dotnet.runs(version, newer=newer)
    ]
    return max(able)[1] if able else ""


def installations(variables: Mapping[str, str] = os.environ) -> Iterator[Dotnet]:
    """Yield every .NET of this machine that has an SDK, in the order in which they are chosen."""
    seen: set[Path] = set()
    for place, source in _candidates(variables):
        root = place.resolve()
        if root in seen or not (root / "dotnet").is_file():
            continue
        seen.add(root)
        if sdks := _versions_in(root / "sdk"):
            yield Dotnet(root, source, sdks, _versions_in(root / "shared/Microsoft.AspNetCore.App"))


def version_of(text: str) -> Version:
    """Return the numbers of a version: `10.0.100-rc.1` -> (10, 0, 100)."""
    found = _NUMBERS.match(text)
    return tuple(map(int, found[0].split("."))) if found else ()


def without_comments(text: str) -> str:
    """Return JSON without the comments that .NET allows in it."""
    return _COMMENT.sub(lambda match: match[1] or "", text)


def _candidates(variables: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    if found := shutil.which("dotnet", path=variables.get("PATH")):
        yield Path(found).resolve().parent, "PATH"
    if stated := variables.get("DOTNET_ROOT"):
        yield Path(stated), "DOTNET_ROOT"
    for place in USUAL_PLACES:
        yield Path(place), place
    yield Path(variables.get("HOME", "/nonexistent")) / ".dotnet", "~/.dotnet"


def _versions_in(folder: Path) -> tuple[Version, ...]:
    try:
        names = [each.name for each in folder.iterdir() if each.is_dir()]
    except OSError:
        return ()
    return tuple(sorted(filter(None, map(version_of, names))))


def _versions(project: Project) -> list[Version]:
    return [version for each in project.frameworks if (version := framework_version(each))]


def _parts(version: Version) -> Version:
    """Return a version with its feature band apart: (10, 0, 401) -> (10, 0, 4, 1)."""
    major, minor, patch = (*version, 0, 0, 0)[:3]
    return major, minor, patch // 100, patch % 100


def _allowed(found: list[Dotnet], pinned: Pinned) -> list[Dotnet]:
    able = [each for each in found if any(map(pinned.allows, each.sdks))]
    if not able:
        raise CannotBuildHere(
            message(
                "{path} asks for the .NET SDK {wanted} (rollForward: {policy}); this machine has "
                "{here}",
                path=pinned.path.name,
                wanted=_text(pinned.version),
                policy=pinned.policy,
                here=_here(found),
            ),
            hint=message(
                "install the .NET SDK {wanted} (https://dotnet.microsoft.com/download), or let a "
                'newer one build it: "rollForward": "latestMajor" in {path}',
                wanted=_text(pinned.version),
                path=pinned.path.name,
            ),
        )
    return able


def _new_enough(found: list[Dotnet], wanted: Version) -> list[Dotnet]:
    able = [each for each in found if max(each.sdks)[:2] >= wanted]
    if not able:
        raise CannotBuildHere(
            message(
                "the project targets .NET {wanted}; the newest SDK on this machine is {newest}",
                wanted=_text(wanted),
                newest=_text(max(sdk for each in found for sdk in each.sdks)),
            ),
            hint=message(
                "install the .NET SDK {wanted} (https://dotnet.microsoft.com/download), or write "
                "an older version into <TargetFramework> of the project file",
                wanted=_text(wanted),
            ),
        )
    return able


def _no_runtime(wanted: Version, found: list[Dotnet]) -> CannotBuildHere:
    runtimes = sorted({_text(version) for each in found for version in each.runtimes})
    return CannotBuildHere(
        message(
            "the server targets .NET {wanted}, whose runtime of ASP.NET Core is not on this "
            "machine: it has {here}",
            wanted=_text(wanted),
            here=", ".join(runtimes) or message("none"),
        ),
        hint=message(
            "install the ASP.NET Core runtime {wanted} (https://dotnet.microsoft.com/download), or "
            "write <RollForward>Major</RollForward> into the project file, so that a newer one "
            "runs it",
            wanted=_text(wanted),
        ),
    )


def _here(found: list[Dotnet]) -> str:
    return ", ".join(f"{_text(sdk)} ({each.source})" for each in found for sdk in each.sdks)


def _text(version: Version) -> str:
    return ".".join(map(str, version))
