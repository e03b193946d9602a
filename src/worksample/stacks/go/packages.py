"""The packages of a project, read from its sources: which are programs, and which of them serve."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worksample.stacks.go.modules import Module, Project

#: Folders whose programs are not the server: those of tools, examples and what others wrote.
SKIPPED = frozenset(("vendor", "testdata", "node_modules", "tools", "examples", "example"))
MAX_FILES, MAX_BYTES = 5_000, 512 * 1024
_TOKENS = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"
    r'|`[^`]*`|"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.)*\'?',
    re.DOTALL,
)
_IGNORED = re.compile(r"^//\s*(?:go:build|\+build)\s+(?:ignore|tools?)\b", re.MULTILINE)
_PACKAGE = re.compile(r"^[ \t]*package\s+(\w+)", re.MULTILINE)
_MAIN = re.compile(r"^func\s+main\s*\(\s*\)", re.MULTILINE)
_IMPORTS = re.compile(r"^import\b[ \t]*(?:\([^)]*(?:\)|\Z)|[^\n]*)", re.MULTILINE)
_QUOTED = re.compile(r'["`]([^"`\n]+)["`]')
_SERVES = re.compile(r"\bListenAndServe(?:TLS)?\b|\bhttp\.Server\s*\{|\bhttp\.Serve(?:TLS)?\(")
_FRAMEWORK_SERVES = re.compile(r"\.(?:Run|Start|Listen)\w*\(")
_READS_ARGUMENTS = re.compile(
    r"\bos\.Args\b|\bflag\.(?:Parse|Args?)\b|\bcobra\.Command\b|\bcli\.(?:App|Command)\b"
)
#: Import path without its version -> the second part of the stack's id.
FRAMEWORKS = {
    "github.com/gin-gonic/gin": "gin",
    "github.com/labstack/echo": "echo",
    "github.com/gofiber/fiber": "fiber",
}
_STANDARD = "net/http"
_VERSION = re.compile(r"/v\d+$")


@dataclass(slots=True)
class Package:
    """A package: the folder of its files, its import path, and what these files say."""

    folder: Path
    path: str
    is_program: bool = False
    serves: bool = False
    reads_arguments: bool = False
    imports: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Add what the source `text` of one of its files says."""
        code = _TOKENS.sub(lambda match: " " if match["comment"] else match[0], text)
        named = _PACKAGE.search(code)
        self.is_program |= bool(named and named[1] == "main" and _MAIN.search(code))
        found = {name for each in _IMPORTS.finditer(code) for name in _QUOTED.findall(each[0])}
        self.imports |= found
        uses_framework = any(_VERSION.sub("", each) in FRAMEWORKS for each in found)
        self.serves |= bool(
            _SERVES.search(code) or (uses_framework and _FRAMEWORK_SERVES.search(code))
        )
        self.reads_arguments |= bool(_READS_ARGUMENTS.search(code))


@dataclass(frozen=True, slots=True)
class Packages:
    """All packages of a project, by their import paths."""

    known: dict[str, Package]

    @classmethod
    def of(cls, project: Project) -> Packages:
        """Read the sources of `project`; tests and what is built only on demand are left out."""
        known: dict[str, Package] = {}
        for module in project.modules:
            for path in _sources(module):
                if text := _read(path):
                    inside = path.parent.relative_to(module.folder).as_posix()
                    name = module.path if inside == "." else f"{module.path}/{inside}"
                    known.setdefault(name, Package(path.parent, name)).add(text)
        return cls(known)

    def programs(self) -> list[Package]:
        """Return the packages `main` with a function `main`, in the order of their paths."""
        return sorted(
            (each for each in self.known.values() if each.is_program), key=lambda each: each.path
        )

    def serves(self, package: Package) -> bool:
        """Whether a package, or one of the project that it imports, starts an HTTP server."""
        return any(each.serves for each in self._with_imported(package))

    def framework(self, packages: Iterable[Package]) -> str:
        """Return `gin`, `echo`, `fiber` or `nethttp` if `packages` use it, else an empty text."""
        used = {
            _VERSION.sub("", name)
            for package in packages
            for each in self._with_imported(package)
            for name in each.imports
        }
        chosen = next((short for name, short in FRAMEWORKS.items() if name in used), "")
        return chosen or ("nethttp" if _STANDARD in used else "")

    def _with_imported(self, package: Package) -> Iterator[Package]:
        seen, waiting = {package.path}, [package]
        while waiting:
            each = waiting.pop()
            yield each
            for name in each.imports & self.known.keys() - seen:
                seen.add(name)
                waiting.append(self.known[name])


def _sources(module: Module) -> Iterator[Path]:
    """Yield the Go files of a module; a folder with its own go.mod is another module."""
    count = 0
    for folder, folders, files in os.walk(module.folder):
        folders[:] = sorted(
            each
            for each in folders
            if each not in SKIPPED
            and not each.startswith((".", "_"))
            and not (Path(folder) / each / "go.mod").is_file()
        )
        for name in sorted(files):
            if name.endswith(".go") and not name.endswith("_test.go") and name[0] not in "._":
                count += 1
                if count > MAX_FILES:
                    return
                yield Path(folder) / name


def _read(path: Path) -> str:
    """Return the text of a source; empty if it is too large or built only on demand."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return ""
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "" if _IGNORED.search(text) else text
