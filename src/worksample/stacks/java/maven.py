"""Find Maven: the distribution of a project's wrapper if it is here, else the machine's."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import CannotBuildHere
from worksample.messages import message

INSTALL_HINT = "install Maven (apt install maven, https://maven.apache.org)"
WRAPPER = Path(".mvn", "wrapper", "maven-wrapper.properties")
_DISTRIBUTION = re.compile(
    r"^\s*distributionUrl\s*=\s*\S*/apache-maven-([\d.]+(?:-[\w.-]+?)?)-bin\.(?:zip|tar\.gz)",
    re.MULTILINE,
)
_USUAL_PLACES = (
    *("/usr/share/maven/bin/mvn", "/opt/maven/bin/mvn", "/usr/local/bin/mvn"),
    "/opt/homebrew/bin/mvn",
)


@dataclass(frozen=True, slots=True)
class Maven:
    """A Maven: its program, and a sentence for the report if it is not what the wrapper names."""

    program: Path
    note: str = ""

    @property
    def identity(self) -> str:
        """A text that is unique to this Maven on this machine, for cache keys."""
        return f"{self.program.resolve()} {self.program.resolve().stat().st_mtime_ns}"


def find_maven(folder: Path) -> Maven:
    """Return the Maven that builds the project in `folder`; nothing is downloaded.

    Raises `CannotBuildHere`, with what to install.
    """
    wanted = wrapper_version(folder)
    if wanted and (cached := _cached_distribution(wanted)):
        return Maven(cached)
    program = machine_maven()
    if program is None and wanted:
        raise CannotBuildHere(
            message(
                "Maven is not installed on this machine, and the wrapper's distribution {version} "
                "is not downloaded yet",
                version=wanted,
            ),
            hint=message("run ./mvnw -version once, or {install}", install=INSTALL_HINT),
        )
    if program is None:
        raise CannotBuildHere("Maven is not installed on this machine", hint=INSTALL_HINT)
    if not wanted:
        return Maven(program)
    note = message(
        "the wrapper's Maven {wanted} is not downloaded, so the Maven of this machine builds "
        "(./mvnw -version downloads the other)",
        wanted=wanted,
    )
    return Maven(program, note)


def machine_maven() -> Path | None:
    """Return the `mvn` on PATH, or in a usual place."""
    if found := shutil.which("mvn"):
        return Path(found)
    home = os.environ.get("MAVEN_HOME")
    user = Path(os.environ.get("HOME", "/nonexistent"))
    places = [Path(home) / "bin" / "mvn"] if home else []
    places += [*map(Path, _USUAL_PLACES), user / ".sdkman/candidates/maven/current/bin/mvn"]
    return next((each for each in places if each.is_file()), None)


def wrapper_version(folder: Path) -> str:
    """Return the version of Maven that the project's wrapper names, "" if it has none."""
    try:
        text = (folder / WRAPPER).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
    match = _DISTRIBUTION.search(text)
    return match[1] if match else ""


def _cached_distribution(version: str) -> Path | None:
    """Return the `mvn` of a distribution that a wrapper downloaded before, or None."""
    for dists in _wrapper_folders():
        for pattern in (
            f"apache-maven-{version}-bin/*/apache-maven-{version}/bin/mvn",
            f"apache-maven-{version}/*/bin/mvn",
        ):
            if found := next(iter(sorted(dists.glob(pattern))), None):
                return found
    return None


def _wrapper_folders() -> Iterator[Path]:
    if stated := os.environ.get("MAVEN_USER_HOME"):
        yield Path(stated) / "wrapper" / "dists"
    yield Path(os.environ.get("HOME", "/nonexistent")) / ".m2" / "wrapper" / "dists"
