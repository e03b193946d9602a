"""The jar that a build made: which file it is, and whether it can be started."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.messages import message

SUFFIXES = (".jar", ".war")
_NOT_THE_PROGRAM = re.compile(r"(?:^original-.*|-(?:sources|javadoc|tests|test-sources|plain))$")
_MANIFEST = "META-INF/MANIFEST.MF"
_TOOLS = re.compile(r"(?:BOOT|WEB)-INF/lib/spring-boot-jarmode-tools-[^/]*\.jar")
_SPRING_BOOT_LOADER = "org.springframework.boot.loader."
MAX_MANIFEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar: its path, the class that starts it, and whether Spring Boot can extract it."""

    path: Path
    main_class: str
    extractable: bool = False

    @classmethod
    def read(cls, path: Path) -> Jar:
        """Return the jar `path`; its main class is empty if it cannot be started."""
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = archive.getinfo(_MANIFEST)
                text = archive.read(manifest) if manifest.file_size <= MAX_MANIFEST else b""
                has_tools = any(map(_TOOLS.fullmatch, archive.namelist()))
        except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return cls(path, "")
        main = _attribute(text.decode("utf-8", "replace"), "Main-Class")
        return cls(path, main, has_tools and main.startswith(_SPRING_BOOT_LOADER))


def built_jar(folder: Path, name: str) -> Jar:
    """Return the jar in `folder` that starts a server; of several, the one called `name`.

    Raises `BuildFailed` if there is none.
    """
    found = [
        Jar.read(each)
        for each in sorted(folder.glob("*"))
        if each.suffix in SUFFIXES and not _NOT_THE_PROGRAM.search(each.stem)
    ]
    runnable = [each for each in found if each.main_class]
    if not runnable:
        raise _without_program(folder, found)
    by_name = (each for each in runnable if each.path.stem == name)
    return next(by_name, max(runnable, key=lambda each: each.path.stat().st_size))


def _without_program(folder: Path, found: list[Jar]) -> BuildFailed:
    if not found:
        return BuildFailed(
            message("the build made no jar in {folder}", folder=folder.name),
            hint="the packaging in pom.xml must be jar, or an executable war; [run] command in "
            "worksample.toml can start anything else",
        )
    names = ", ".join(each.path.name for each in found)
    return BuildFailed(
        message("{names} cannot be started: its manifest names no main class", names=names),
        hint="let the build make a jar that holds all it needs: with Spring Boot, add "
        "spring-boot-maven-plugin (without its parent: with the goal repackage) or Gradle's plugin "
        "org.springframework.boot; otherwise maven-shade-plugin with a mainClass",
    )


def _attribute(manifest: str, name: str) -> str:
    """Return an attribute of the main section of a manifest, whose long lines are folded."""
    text = re.sub(r"\r\n?", "\n", manifest).split("\n\n")[0].replace("\n ", "")
    match = re.search(rf"^{name}: *(.*)$", text, re.MULTILINE)
    return match[1].strip() if match else ""
