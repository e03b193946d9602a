"""The JDKs of this machine, and which one a project gets."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from worksample.errors import CannotBuildHere, WorkspaceError
from worksample.messages import message
from worksample.stacks.installation import Installation, Version
from worksample.stacks.java.pom import major_version
from worksample.stacks.settings import Settings, location

INSTALL_HINT = "install a JDK (apt install openjdk-17-jdk-headless, https://adoptium.net)"
#: Folders in which each JDK is a folder, below the home folder or not.
_USUAL_FOLDERS = ("/usr/lib/jvm", "/usr/java", "/opt/java", "/opt/jdk", "/opt")
_FOLDERS_OF_A_USER = (".sdkman/candidates/java", ".jdks", ".asdf/installs/java", ".jenv/versions")
_ON_MACOS = ("/Library/Java/JavaVirtualMachines", "Library/Java/JavaVirtualMachines")
_VERSION = re.compile(r'^JAVA_VERSION="([\d._]+)', re.MULTILINE)
#: Files that say which Java a project wants: `.java-version`, `.sdkmanrc`.
_VERSION_FILES = (".java-version", ".sdkmanrc", ".tool-versions")
_IN_A_FILE = re.compile(r"^\s*(?:java[ =]\s*)?(?:[a-z]+-)?(\d[\d.]*)", re.MULTILINE)


def jdks() -> list[Installation]:
    """Return every JDK of this machine, in the order in which they are preferred.

    The program of each is its `java`. What has no compiler is no JDK.
    """
    found: dict[Path, Installation] = {}
    for home, source in _homes():
        real = home.resolve()
        if real in found or not (real / "bin" / "javac").is_file():
            continue
        if version := _version(real):
            found[real] = Installation(real / "bin" / "java", version, source)
    return list(found.values())


def home_of(jdk: Installation) -> Path:
    """Return the value for JAVA_HOME."""
    return jdk.program.parent.parent


def find_jdk(wanted: int, settings: Settings) -> Installation:
    """Return the JDK of version `wanted` (0: any), or else the next newer one.

    `[build] java` in worksample.toml must be here exactly. Raises `CannotBuildHere`, with what to
    install, or `WorkspaceError`.
    """
    found = jdks()
    if chosen := settings.versions.get("java"):
        return _chosen(found, chosen, settings)
    newer = [each for each in found if each.version[0] >= wanted]
    if not wanted and newer:
        return newer[0]
    if newer:
        return min(newer, key=lambda each: each.version[0])
    if not found:
        raise CannotBuildHere("no JDK is installed on this machine", hint=INSTALL_HINT)
    newest = max(found, key=lambda each: each.version)
    raise CannotBuildHere(
        message(
            "the project requires Java {wanted}; the newest JDK on this machine is {newest} "
            "({source})",
            wanted=wanted,
            newest=newest.text,
            source=newest.source,
        ),
        hint=message(
            "install JDK {wanted} (https://adoptium.net), or write an older version into "
            "<java.version> of pom.xml",
            wanted=wanted,
        ),
    )


def version_of_files(folders: list[Path]) -> int:
    """Return the version of Java that a file such as .java-version states, 0 if none does."""
    for folder in folders:
        for name in _VERSION_FILES:
            try:
                text = (folder / name).read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
            lines = [each for each in text.splitlines() if name[1] == "j" or "java" in each]
            if match := _IN_A_FILE.search("\n".join(lines)):
                return major_version(match[1])
    return 0


def _chosen(found: list[Installation], chosen: str, settings: Settings) -> Installation:
    for each in found:
        if each.version[0] == major_version(chosen):
            return each
    raise WorkspaceError(
        message(
            "{place}: build.java: this machine has no JDK {version}; it has {installed}",
            place=location(settings, ("build", "java")),
            version=chosen,
            installed=", ".join(each.text for each in found) or "none",
        ),
        hint="choose one of them, or install that JDK (https://adoptium.net)",
    )


def _homes() -> Iterator[tuple[Path, str]]:
    """Yield folders that may be a JDK, each with a description."""
    if stated := os.environ.get("JAVA_HOME"):
        yield Path(stated), "JAVA_HOME"
    if program := shutil.which("javac"):
        yield Path(program).resolve().parent.parent, "PATH"
    user = Path(os.environ.get("HOME", "/nonexistent"))
    places = [Path(each) for each in (*_USUAL_FOLDERS, _ON_MACOS[0])]
    for folder in (*places, *(user / each for each in (*_FOLDERS_OF_A_USER, _ON_MACOS[1]))):
        try:
            inside = sorted(each for each in folder.iterdir() if each.is_dir())
        except OSError:
            continue
        for each in inside:
            yield each, str(each)
            yield each / "Contents" / "Home", str(each)


def _version(home: Path) -> Version:
    """Return the version that the file `release` of a JDK states; empty if there is none."""
    try:
        found = _VERSION.search((home / "release").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    if not found:
        return ()
    numbers = tuple(int(each) for each in re.findall(r"\d+", found[1]))
    return numbers[1:] if numbers[0] == 1 else numbers
