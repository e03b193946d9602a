"""Read the project files of .NET: what each builds, for which version, and what it refers to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from worksample.errors import WorkspaceError
from worksample.messages import message

#: Folders in which no project of the learner is.
SKIPPED = frozenset(("bin", "obj", "node_modules", "packages", "artifacts"))
MAX_DEPTH, MAX_PROJECTS, MAX_BYTES = 5, 200, 512 * 1024
SHARED_FILE = "Directory.Build.props"
WEB_SDK = "Microsoft.NET.Sdk.Web"
WEB_FRAMEWORK = "Microsoft.AspNetCore.App"
TEST_PACKAGES = ("microsoft.net.test.sdk", "xunit", "xunit.v3", "nunit", "mstest")
_FRAMEWORK = re.compile(r"net(?:coreapp)?(\d+)\.(\d+)(?:-\w+)?")


@dataclass(frozen=True, slots=True)
class Project:
    """A project file: its program's name, SDKs, target frameworks, packages, and properties.

    `frameworks` are as written, without those that a variable stands for. `packages` are in small
    letters, and so are the names of `properties`.
    """

    path: Path
    sdks: frozenset[str]
    frameworks: tuple[str, ...]
    packages: frozenset[str]
    references: tuple[Path, ...]
    properties: dict[str, str]
    uses_web_framework: bool = False

    @property
    def folder(self) -> Path:
        """The folder of the project file."""
        return self.path.parent

    @property
    def name(self) -> str:
        """The name of the program, without a suffix."""
        stated = self.properties.get("assemblyname", "")
        return stated if stated and "$(" not in stated else self.path.stem

    @property
    def is_test(self) -> bool:
        """Whether it holds tests."""
        stated = self.properties.get("istestproject", "").lower()
        return stated == "true" or (
            stated != "false" and not self.packages.isdisjoint(TEST_PACKAGES)
        )

    @property
    def serves(self) -> bool:
        """Whether it is a web server, and not one that only tests start."""
        kind = self.properties.get("outputtype", "exe" if WEB_SDK in self.sdks else "library")
        is_web = WEB_SDK in self.sdks or self.uses_web_framework
        return is_web and kind.lower() == "exe" and not self.is_test

    @classmethod
    def read(cls, path: Path) -> Project:
        """Read a project file; raises `WorkspaceError` if it is not valid XML."""
        try:
            root = _parse(path)
        except (OSError, ValueError, ElementTree.ParseError) as error:
            raise WorkspaceError(
                message("{path} cannot be read: {error}", path=path, error=error)
            ) from error
        properties = {**_shared_properties(path.parent), **_properties(root)}
        sdks = {root.get("Sdk", ""), *(each.get("Name", "") for each in root.iter("Sdk"))}
        return cls(
            path,
            frozenset(each.split("/")[0] for part in sdks for each in part.split(";") if each),
            _frameworks(properties),
            frozenset(each.lower() for each in _included(root, "PackageReference")),
            tuple(_referenced(path.parent, each) for each in _included(root, "ProjectReference")),
            properties,
            WEB_FRAMEWORK in _included(root, "FrameworkReference"),
        )


def projects_in(folder: Path) -> list[Project]:
    """Return the C# projects in `folder` and below it, by their paths.

    Raises `WorkspaceError` if one cannot be read.
    """
    return [Project.read(each) for each in sorted(_project_files(folder))]


def with_references(project: Project) -> Iterator[Project]:
    """Yield a project, and those that it refers to, each once."""
    seen, waiting = {project.path}, [project]
    while waiting:
        each = waiting.pop()
        yield each
        for path in each.references:
            if path not in seen and path.is_file():
                seen.add(path)
                waiting.append(Project.read(path))


def sources_of(project: Project) -> Iterator[Path]:
    """Yield the C# files of a project, without what its tools made."""
    for place, folders, files in os.walk(project.folder):
        folders[:] = sorted(
            each for each in folders if each not in SKIPPED and not each.startswith(".")
        )
        for name in sorted(files):
            path = Path(place) / name
            if name.endswith(".cs") and path.is_file() and path.stat().st_size <= MAX_BYTES:
                yield path


def framework_version(name: str) -> tuple[int, int] | None:
    """Return the version of .NET that a target framework names: `net10.0` -> (10, 0)."""
    found = _FRAMEWORK.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def _project_files(folder: Path) -> Iterator[Path]:
    count = 0
    for place, folders, files in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(
            each
            for each in folders
            if depth < MAX_DEPTH and each not in SKIPPED and not each.startswith(".")
        )
        for name in sorted(files):
            if name.endswith(".csproj") and (count := count + 1) <= MAX_PROJECTS:
                yield Path(place) / name


def _parse(path: Path) -> Element:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if len(text) > MAX_BYTES:
        raise ValueError("it is too large")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it has a document type")
    root = ElementTree.fromstring(text)  # noqa: S314 - entities are rejected
    for each in root.iter():  # projects of an older form name a namespace
        each.tag = each.tag.rpartition("}")[2]
    return root


def _properties(root: Element) -> dict[str, str]:
    groups = root.iter("PropertyGroup")
    return {each.tag.lower(): (each.text or "").strip() for group in groups for each in group}


def _shared_properties(folder: Path) -> dict[str, str]:
    """Return the properties that the nearest Directory.Build.props gives the projects below it."""
    for place in (folder, *folder.parents[:MAX_DEPTH]):
        if (path := place / SHARED_FILE).is_file():
            try:
                return _properties(_parse(path))
            except (OSError, ValueError, ElementTree.ParseError):
                return {}
    return {}


def _frameworks(properties: dict[str, str]) -> tuple[str, ...]:
    stated = properties.get("targetframework") or properties.get("targetframeworks", "")
    return tuple(each.strip() for each in stated.split(";") if framework_version(each.strip()))


def _included(root: Element, tag: str) -> list[str]:
    return [name for each in root.iter(tag) if (name := each.get("Include", "").strip())]


def _referenced(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name.replace("\\", "/")))
