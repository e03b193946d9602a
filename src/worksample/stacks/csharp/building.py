"""Restore the packages of a project and publish its server, kept in the cache."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from worksample.errors import CannotBuildHere
from worksample.messages import message
from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.csharp.commands import BIN, OUT, stand_in
from worksample.stacks.csharp.projects import Project
from worksample.stacks.csharp.sdks import Dotnet, runnable

CACHE_FORMAT = "1"
LOCK_FILE = "packages.lock.json"
INVARIANT = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"
#: How a server is started is no part of its program.
NOT_SOURCES = ("worksample.toml", "Procfile")
#: What the SDK and its package manager read of the user's environment.
VARIABLES = ("DOTNET_*", "NUGET_*", "RESTORE*", "MSBUILD*")


def build_environment(dotnet: Dotnet, context: BuildContext) -> dict[str, str]:
    """Return the variables with which `dotnet` builds in this context.

    No compiler or build server stays behind: the SDK would let them live on for minutes. The
    user's own packages are used; a test tool that is run later, without their home, finds them too.
    """
    inherited = context.environment
    home = inherited.get("HOME", str(context.cache))
    scratch = context.scratch / "tmp"  # what the SDK leaves behind there goes with the run
    scratch.mkdir(exist_ok=True)
    own = {
        name: text
        for name, text in inherited.items()
        if any(fnmatchcase(name.upper(), pattern) for pattern in VARIABLES)
    }
    return {
        "NUGET_PACKAGES": str(Path(home) / ".nuget" / "packages"),
        # Builds at the same time lock the folder of packages here, so it must be the same for all.
        "NUGET_SCRATCH": str(context.cache / "csharp" / "scratch"),
        **own,
        **server_environment(dotnet, context),
        "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
        "DOTNET_CLI_USE_MSBUILD_SERVER": "0",
        "DOTNET_GENERATE_ASPNET_CERTIFICATE": "false",
        "DOTNET_NOLOGO": "1",
        "MSBUILDDISABLENODEREUSE": "1",
        "NuGetAudit": "false",
        "TMPDIR": str(scratch),
        "UseSharedCompilation": "false",
    }


def server_environment(dotnet: Dotnet, context: BuildContext) -> dict[str, str]:
    """Return the variables with which a published server runs."""
    path = context.environment.get("PATH", "/usr/bin:/bin")
    found = {
        "PATH": f"{context.folder / BIN}:{dotnet.root}:{path}",
        "DOTNET_ROOT": str(dotnet.root),
    }
    # Without it, a machine that has no ICU cannot run a server that does not do without itself.
    if text := context.environment.get(INVARIANT):
        found[INVARIANT] = text
    return found


async def restore(
    projects: Sequence[Project], context: BuildContext, env: Mapping[str, str]
) -> None:
    """Download the packages of projects; raises `CannotBuildHere`.

    A lock file must fit: nothing is added to it.
    """
    for each in projects:
        locked = ("--locked-mode",) if (each.folder / LOCK_FILE).is_file() else ()
        await context.run_step(
            "restoring the NuGet packages",
            ("dotnet", "restore", str(each.path), *locked),
            env=env,
            failure=CannotBuildHere,
        )


async def publish(
    server: Project, root: Path, dotnet: Dotnet, context: BuildContext, env: Mapping[str, str]
) -> None:
    """Publish a server into the copy of the project in `root`; raises `BuildFailed`.

    It comes from the cache if no file of the project has changed, whatever its kind: a server may
    contain any of them.
    """
    name = server.path.relative_to(root).as_posix()
    facts = [CACHE_FORMAT, dotnet.identity, platform.platform(), name, digest(root)]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]

    async def make(folder: Path) -> None:
        await restore([server], context, env)
        options = ["-c", "Release", "--no-restore", "-o", str(folder / "out")]
        if len(server.frameworks) > 1:
            options += ["-f", runnable(server, dotnet)]
        title = message("publishing {project}", project=server.path.name)
        await context.run_step(title, ("dotnet", "publish", str(server.path), *options), env=env)

    program = f"out/{server.name}.dll"
    made = await cache.get_or_create(
        context.cache / "csharp" / key, make, check=lambda folder: (folder / program).is_file()
    )
    shutil.copytree(made / "out", context.folder / OUT, dirs_exist_ok=True)
    write_stand_in(server, dotnet, context)


def write_stand_in(server: Project, dotnet: Dotnet, context: BuildContext) -> None:
    """Write the `dotnet` that starts the published server for commands that would build it."""
    path = context.folder / BIN / "dotnet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stand_in(server, context.folder, dotnet.program))
    path.chmod(0o755)


def digest(folder: Path) -> str:
    """Return a digest of the names and contents of all files in `folder`."""
    found = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        inside = path.relative_to(folder)
        if inside.name not in NOT_SOURCES and not {OUT, BIN}.intersection(inside.parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            line = f"{inside.as_posix()}\0{content}\n"
            found.update(line.encode("utf-8", "surrogateescape"))
    return found.hexdigest()
