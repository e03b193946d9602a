"""Gradle: the files that tell of it, and a distribution of the wrapper that is here already."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from worksample.errors import CannotBuildHere
from worksample.messages import message
from worksample.stacks.java.pom import major_version

BUILD_FILES = ("build.gradle", "build.gradle.kts")
WRAPPER = Path("gradle", "wrapper", "gradle-wrapper.properties")
MAX_BYTES = 512 * 1024
_SETTINGS_FILES = ("settings.gradle", "settings.gradle.kts")
_DISTRIBUTION = re.compile(r"^\s*distributionUrl\s*=\s*\S*/(gradle-([\w.-]+?)-(?:bin|all))\.zip",
                           re.MULTILINE)  # fmt: skip
_SPRING_BOOT = re.compile(r"org\.springframework\.boot\b|\bspring-boot\b")
_JAVA = re.compile(
    r"languageVersion[^\n]{0,40}?JavaLanguageVersion\.of\(\s*[\"']?(\d+)"
    r"|jvmToolchain\(\s*(\d+)|(?:source|target)Compatibility[^\n]{0,40}?(\d[\d.]*|VERSION_[\d_]+)"
)


def build_file(folder: Path) -> Path | None:
    """Return the build file of the Gradle project in `folder`, or None."""
    return next((path for each in BUILD_FILES if (path := folder / each).is_file()), None)


def root_of(folder: Path, above: list[Path]) -> Path:
    """Return the folder of the build to which that of `folder` belongs."""
    places = (folder, *above)
    return next(
        (each for each in places if any((each / name).is_file() for name in _SETTINGS_FILES)),
        folder,
    )


def text_of(path: Path) -> str:
    """Return the text of a build file; empty if it is too large or cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def uses_spring_boot(text: str) -> bool:
    """Whether a build file names Spring Boot."""
    return _SPRING_BOOT.search(text) is not None


def java_of(text: str) -> int:
    """Return the version of Java that a build file asks for, 0 if none."""
    match = _JAVA.search(text)
    found = next(filter(None, match.groups()), "") if match else ""
    return major_version(found.replace("VERSION_", "").replace("_", "."))


def find_gradle(folder: Path) -> Path:
    """Return the Gradle of the wrapper of the project in `folder`, if it is downloaded.

    Else the one on PATH. Raises `CannotBuildHere`, with what to do.
    """
    wrapper = _wrapper(folder)
    if wrapper and (cached := _cached_distribution(*wrapper)):
        return cached
    if found := shutil.which("gradle"):
        return Path(found)
    if wrapper:
        raise CannotBuildHere(
            message(
                "the Gradle wrapper wants to download Gradle {version}, and no Gradle is "
                "installed on this machine",
                version=wrapper[1],
            ),
            hint="run ./gradlew --version once, which downloads it, and try again; or build the "
            "jar yourself and name it: [run] command",
        )
    raise CannotBuildHere(
        "Gradle is not installed on this machine, and the project has no wrapper",
        hint="install Gradle (https://gradle.org/install), or add its wrapper (gradle wrapper) and "
        "run ./gradlew --version once",
    )


def _wrapper(folder: Path) -> tuple[str, str] | None:
    """Return the name and the version of the distribution that the wrapper names."""
    match = _DISTRIBUTION.search(text_of(folder / WRAPPER))
    return (match[1], match[2]) if match else None


def _cached_distribution(name: str, version: str) -> Path | None:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    folder = Path(os.environ.get("GRADLE_USER_HOME") or home / ".gradle") / "wrapper" / "dists"
    return next(iter(sorted(folder.glob(f"{name}/*/gradle-{version}/bin/gradle"))), None)
