"""Read pom.xml: the modules of a Maven project, and what they say of Java and Spring Boot."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from worksample.errors import WorkspaceError
from worksample.messages import message

POM = "pom.xml"
MAX_BYTES, MAX_MODULES = 1024 * 1024, 200
#: Where a version of Java may stand, the most decisive first.
_VERSIONS = (
    "maven.compiler.release",
    "java.version",
    "maven.compiler.source",
    "maven.compiler.target",
)
_REFERENCE = re.compile(r"\$\{([\w.-]+)\}")
_SPRING_BOOT = "org.springframework.boot"


@dataclass(frozen=True, slots=True)
class Pom:
    """A pom.xml: its folder and what it says.

    `dependencies` are "group:artifact", `plugins` are artifacts; `compiler` is the configuration of
    maven-compiler-plugin. `parent` is "group:artifact", "" if none.
    """

    folder: Path
    artifact: str
    version: str
    packaging: str
    parent: str
    properties: Mapping[str, str]
    modules: tuple[str, ...]
    dependencies: frozenset[str]
    plugins: frozenset[str]
    compiler: Mapping[str, str] = field(default_factory=dict)
    stated_name: str = ""

    @classmethod
    def read(cls, folder: Path) -> Pom | None:
        """Return the pom.xml of `folder`, or None; raises `WorkspaceError` if it is not valid."""
        path = folder / POM
        if not path.is_file():
            return None
        root = _parse(path)
        parent = root.find("parent")
        properties = root.find("properties")
        plugins = list(root.iterfind("build/plugins/plugin"))
        compiler = next(
            (each for each in plugins if _text(each, "artifactId") == "maven-compiler-plugin"), None
        )
        return cls(
            folder,
            artifact=_text(root, "artifactId"),
            version=_text(root, "version") or _text(parent, "version"),
            packaging=_text(root, "packaging") or "jar",
            parent=_name(parent) if parent is not None else "",
            properties=_texts(properties),
            modules=tuple(_own_text(each) for each in root.iterfind("modules/module")),
            dependencies=frozenset(_name(each) for each in root.iterfind(".//dependency")),
            plugins=frozenset(_text(each, "artifactId") for each in plugins),
            compiler=_texts(compiler.find("configuration") if compiler is not None else None),
            stated_name=_text(root, "build/finalName"),
        )

    @property
    def uses_spring_boot(self) -> bool:
        """Whether its parent or a dependency is Spring Boot's."""
        return any(each.startswith(_SPRING_BOOT) for each in (self.parent, *self.dependencies))

    @property
    def final_name(self) -> str:
        """The name of the jar that is built, without its suffix."""
        return self.resolve(self.stated_name or f"{self.artifact}-{self.version}")

    def resolve(self, text: str) -> str:
        """Return `text` with the references to the pom's own properties replaced."""
        known = {
            **self.properties,
            "project.artifactId": self.artifact,
            "project.version": self.version,
        }
        for _ in range(5):  # a property may name another one
            if not _REFERENCE.search(text):
                break
            text = _REFERENCE.sub(lambda match: known.get(match[1], match[0]), text)
        return text


@dataclass(frozen=True, slots=True)
class Project:
    """The modules that Maven builds together.

    `root` is the pom.xml that lists the others, and `own` that of the folder of the server, if the
    folder is not the root's; `poms` are all of them, from the root on.
    """

    root: Pom
    own: Pom
    poms: tuple[Pom, ...]

    @classmethod
    def around(cls, folder: Path, above: list[Path]) -> Project | None:
        """Return the project to which `folder` belongs, or None.

        `above` are the folders of the submission above it, from the nearest on. Raises
        `WorkspaceError` if a pom.xml cannot be read.
        """
        own = next(filter(None, map(Pom.read, (folder, *above))), None)
        if own is None:
            return None
        root = own
        for place in above:
            found = Pom.read(place)
            if found and root in _modules_of(found):
                root = found
        return cls(root, own, (root, *_modules_of(root)))

    @property
    def is_multi_module(self) -> bool:
        """Whether it has more than one module."""
        return len(self.poms) > 1

    @property
    def java(self) -> int:
        """The version of Java that its modules ask for, 0 if none does."""
        return max(map(_java_of, self.poms))

    @property
    def dependencies(self) -> frozenset[str]:
        """The dependencies of all modules."""
        return frozenset(name for each in self.poms for name in each.dependencies)

    def path(self, pom: Pom) -> str:
        """Return the folder of a module as seen from the root's."""
        return Path(os.path.relpath(pom.folder, self.root.folder)).as_posix()


def major_version(text: str) -> int:
    """Return the number by which a version of Java is known: `1.8.0_402` -> 8, `17.0.15` -> 17."""
    found = re.search(r"(?<!\d)(?:1\.(\d)|(\d{1,2}))(?!\d)", text)
    return int(found[1] or found[2]) if found else 0


def _java_of(pom: Pom) -> int:
    stated = [pom.compiler.get(each, "") for each in ("release", "source", "target")]
    stated += [pom.properties.get(each, "") for each in _VERSIONS]
    return next((found for each in stated if (found := major_version(pom.resolve(each)))), 0)


def _modules_of(pom: Pom) -> list[Pom]:
    """Return the modules of a pom, and those of its modules."""
    found: list[Pom] = []
    waiting = [pom]
    while waiting and len(found) < MAX_MODULES:
        each = waiting.pop(0)
        for name in each.modules:
            module = Pom.read(Path(os.path.normpath(each.folder / name)))
            if module and module not in found and module != pom:
                found.append(module)
                waiting.append(module)
    return found


def _parse(path: Path) -> Element:
    """Return the first element of a pom.xml, with its names free of namespaces."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(message("it has more than {limit} bytes", limit=MAX_BYTES))
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("it has a document type")
        parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(("start",))
        parser.feed(text)
        parser.close()
        events = cast("Iterator[tuple[str, Element]]", parser.read_events())
        root = next(element for _, element in events)
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise WorkspaceError(
            message("{path} cannot be read: {error}", path=path, error=error)
        ) from error
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def _text(element: Element | None, path: str) -> str:
    return (element.findtext(path) or "").strip() if element is not None else ""


def _own_text(element: Element) -> str:
    return (element.text or "").strip()


def _name(element: Element) -> str:
    return f"{_text(element, 'groupId')}:{_text(element, 'artifactId')}"


def _texts(element: Element | None) -> dict[str, str]:
    """Return the texts of the elements within `element`, by their names."""
    return dict(_pairs(element)) if element is not None else {}


def _pairs(element: Element) -> Iterator[tuple[str, str]]:
    for each in element:
        yield each.tag, _own_text(each)
