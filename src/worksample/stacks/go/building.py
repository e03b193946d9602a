"""Download the modules of a project and build its programs, both kept in the cache."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from worksample.errors import CannotBuildHere
from worksample.messages import message
from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.go.modules import Project
from worksample.stacks.go.programs import BIN, Build
from worksample.stacks.installation import Installation

CACHE_FORMAT = "1"
#: How a server is started is no part of its program.
NOT_SOURCES = ("worksample.toml", "Procfile")
#: What a compiler of C is told, for packages that contain C.
_C_VARIABLES = ("CC", "CXX", "CGO_ENABLED", "CGO_CFLAGS", "CGO_LDFLAGS", "CFLAGS", "LDFLAGS")
#: Starts the built program for one `go run PACKAGE`, and is the real `go` for all else.
_GO_RUN = """#!/bin/sh
if [ "$1 $2" = {command} ]; then
  shift 2
  exec {program} "$@"
fi
exec {go} "$@"
"""


async def download_modules(project: Project, context: BuildContext, env: Mapping[str, str]) -> None:
    """Download the modules that the project requires, unless they were before.

    Raises `CannotBuildHere`. A project with a folder `vendor` brings them along.
    """
    vendored = (project.folder / "vendor" / "modules.txt").is_file()
    if vendored or not project.has_requirements:
        return
    stated = {path: path.read_bytes() for path in project.lock_files()}
    digest = hashlib.sha256(CACHE_FORMAT.encode())
    for path, content in stated.items():
        digest.update(f"{path.name}\0".encode() + content)
    modules = Path(env["GOMODCACHE"])

    async def make(folder: Path) -> None:
        await context.run_step(
            "downloading the Go modules",
            ("go", "mod", "download"),
            cwd=project.folder,
            env=env,
            failure=CannotBuildHere,
        )
        # The command adds what go.sum lacks. A build from the cache would lack it again, so it must
        # be told now.
        for path in project.lock_files():
            path.write_bytes(stated.get(path, b""))
        names = sorted(each.name for each in modules.iterdir())
        (folder / "inventory").write_text(json.dumps(names))

    def is_intact(folder: Path) -> bool:
        """Whether no host of modules is gone, as after `go clean -modcache`."""
        names = json.loads((folder / "inventory").read_text())
        return all((modules / each).is_dir() for each in names)

    entry = context.cache / "go" / "downloaded" / digest.hexdigest()[:20]
    await cache.get_or_create(entry, make, check=is_intact)


async def build_programs(
    builds: tuple[Build, ...],
    project: Project,
    go: Installation,
    context: BuildContext,
    env: Mapping[str, str],
) -> None:
    """Build programs into the copy of the project; raises `BuildFailed`.

    They come from the cache if no file of the project has changed, whatever its kind, since a
    program may contain files (`//go:embed`).
    """
    sources = _digest(project.folder)
    for each in builds:
        variables = {name: context.environment.get(name) for name in _C_VARIABLES}
        facts = [CACHE_FORMAT, go.identity, platform.platform(), each.package, variables, sources]
        key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]

        async def make(folder: Path, build: Build = each) -> None:
            title = message("building {package}", package=build.package)
            await context.run_step(title, build.command(folder / "program"), env=env)

        entry = context.cache / "go" / "programs" / key
        made = await cache.get_or_create(
            entry, make, check=lambda folder: (folder / "program").is_file()
        )
        target = context.folder / each.output
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(made / "program", target)


def write_go_run(context: BuildContext, go: Installation, build: Build) -> None:
    """Write a `go` that starts the built program for `go run PACKAGE`, and else runs the real one.

    The real `go run` passes no signal on, so a server would never be asked to stop.
    """
    script = _GO_RUN.format(
        command=shlex.quote("run " + build.package),
        program=shlex.quote(str(context.folder / build.output)),
        go=shlex.quote(str(go.program)),
    )
    path = context.folder / BIN / "go"
    path.write_text(script)
    path.chmod(0o755)


def _digest(folder: Path) -> str:
    """Return a digest of the names and contents of all files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        inside = path.relative_to(folder).as_posix()
        if not inside.startswith(f"{BIN}/") and inside not in NOT_SOURCES:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{inside}\0{content}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
