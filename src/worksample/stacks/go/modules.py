"""Read go.mod and go.work: the modules of a project, and what they need."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.installation import Version

_COMMENT = re.compile(r"//.*")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
NO_VERSION: Version = ()


@dataclass(frozen=True, slots=True)
class Module:
    """A module: the folder of its go.mod, its path, its Go version and its direct requirements."""

    folder: Path
    path: str
    go: Version
    requires: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path) -> Module | None:
        """Return the module of `folder`, or None; raises `WorkspaceError` if it is not readable."""
        directives = _directives(folder / "go.mod")
        if directives is None:
            return None
        paths = [words[0] for name, words in directives if name == "module"]
        if not paths:
            raise WorkspaceError(
                message("{file} has no line `module`", file=folder / "go.mod"),
                hint="go mod init NAME writes one",
            )
        requires = tuple(words[0] for name, words in directives if name == "require")
        return cls(folder, paths[0].strip('"`'), _go_version(directives), requires)


@dataclass(frozen=True, slots=True)
class Project:
    """The modules that are built together: one, or those that a go.work uses.

    `folder` holds the go.work or the go.mod, and `go` is the newest version that a file asks for.
    """

    folder: Path
    modules: tuple[Module, ...]
    go: Version
    is_workspace: bool = False

    @classmethod
    def around(cls, folder: Path, above: list[Path]) -> Project | None:
        """Return the project to which `folder` belongs, or None.

        `above` are the folders of the submission above it, from the nearest on. Raises
        `WorkspaceError` if a file cannot be read.
        """
        places = (folder, *above)
        module = next(filter(None, map(Module.read, places)), None)
        workspace = next(filter(None, map(cls._of_workspace, places)), None)
        if workspace and (module is None or module.path in workspace.paths):
            return workspace
        return cls(module.folder, (module,), module.go) if module else None

    @classmethod
    def _of_workspace(cls, folder: Path) -> Project | None:
        directives = _directives(folder / "go.work")
        if directives is None:
            return None
        used = [words[0].strip('"`') for name, words in directives if name == "use"]
        places = (Path(os.path.normpath(folder / each)) for each in used)
        modules = tuple(filter(None, map(Module.read, places)))
        go = max([_go_version(directives), *(each.go for each in modules)])
        return cls(folder, modules, go, is_workspace=True)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of its modules."""
        return frozenset(each.path for each in self.modules)

    @property
    def has_requirements(self) -> bool:
        """Whether a module needs others that are not part of the project."""
        return any(name not in self.paths for each in self.modules for name in each.requires)

    def lock_files(self) -> Iterator[Path]:
        """Yield the files that say which modules are downloaded, where they exist."""
        names = ("go.mod", "go.sum", "go.work", "go.work.sum")
        folders = dict.fromkeys([self.folder, *(each.folder for each in self.modules)])
        yield from (path for each in folders for name in names if (path := each / name).is_file())


def version_of(text: str) -> Version:
    """Return the numbers of a version: `go1.26.8` -> (1, 26, 8)."""
    found = _NUMBERS.search(text)
    return tuple(map(int, found[0].split("."))) if found else NO_VERSION


def _go_version(directives: list[tuple[str, list[str]]]) -> Version:
    return next((version_of(words[0]) for name, words in directives if name == "go"), NO_VERSION)


def _directives(path: Path) -> list[tuple[str, list[str]]] | None:
    """Return the lines of a go.mod or go.work as (directive, words); None if there is no file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=path, error=error)
        ) from error
    found, block = [], ""
    for line in text.splitlines():
        words = _COMMENT.sub("", line).split()
        if not words:
            continue
        if words == [")"]:
            block = ""
        elif block:
            found.append((block, words))
        elif words[1:] == ["("]:
            block = words[0]
        elif len(words) > 1:
            found.append((words[0], words[1:]))
    return found
