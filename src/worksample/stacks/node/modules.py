"""node_modules: installed once per lock file, then cloned into each submission."""

from __future__ import annotations

import asyncio
import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.messages import message
from worksample.sandbox import cache
from worksample.stacks.building import BuildContext
from worksample.stacks.installation import Installation
from worksample.stacks.node.package import Package
from worksample.stacks.node.tools import manager

CACHE_FORMAT = "1"
CONFIG_FILES = (".npmrc", ".yarnrc", ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs")
INSTALL_FIELDS = (
    *("name", "version", "type", "dependencies", "devDependencies", "optionalDependencies"),
    *("peerDependencies", "peerDependenciesMeta", "overrides", "resolutions", "pnpm"),
    *("packageManager", "engines", "dependenciesMeta", "trustedDependencies"),
)
HOOKS = ("preinstall", "install", "postinstall")


async def install(
    package: Package,
    context: BuildContext,
    node: Installation,
    env: Mapping[str, str],
    include_dev: bool,
) -> None:
    """Install node_modules into the folder of `package`; raises `BuildFailed`.

    A project with local packages is installed in place. Otherwise node_modules is cloned from the
    cache, where it was installed without the project's install hooks; the hooks run afterwards in
    the copy.
    """
    command = _command(package, env["PATH"], include_dev)
    title = "installing the Node packages"
    if package.has_local_packages:
        await context.run_step(title, command, cwd=package.folder, env=env)
        return
    if not any(package.table(each) for each in INSTALL_FIELDS if each.endswith("ependencies")):
        return

    async def make(folder: Path) -> None:
        _write_package(package, folder)
        await context.run_step(title, command, cwd=folder, env=env)
        (folder / "node_modules").mkdir(exist_ok=True)
        (folder / "inventory").write_text(_inventory(folder))

    entry = context.cache / "node" / _cache_key(package, node, include_dev)
    cached = await cache.get_or_create(entry, make, check=_is_intact)
    hooks = [each for each in HOOKS if each in package.scripts]
    is_modified = bool(hooks) or package.has_prisma
    await _clone(cached / "node_modules", package.folder / "node_modules", writable=is_modified)
    for each in hooks:
        await context.run_step(
            message("package.json's script {name}", name=each),
            package.scripts[each],
            cwd=package.folder,
            env=env,
        )


def _command(package: Package, path: str, include_dev: bool) -> tuple[str, ...]:
    """Return the install command; with a lock file it installs exactly the locked versions."""
    name = package.manager
    call = manager(name, path)
    if name == "pnpm":
        frozen = "--frozen-lockfile" if package.lock else "--no-frozen-lockfile"
        kind = () if include_dev else ("--prod",)
        return (*call, "install", frozen, "--node-linker=hoisted", *kind)
    if name == "yarn":
        if _is_yarn_berry(package):
            return (*call, "install", *(("--immutable",) if package.lock else ()))
        kind = ("--production=false",) if include_dev else ("--production=true",)
        return (*call, "install", "--non-interactive", *kind, *_frozen(package))
    kind = ("--include=dev",) if include_dev else ("--omit=dev",)
    verb = "ci" if package.lock else "install"
    return (*call, verb, *kind, "--no-audit", "--no-fund", "--no-progress")


def _frozen(package: Package) -> tuple[str, ...]:
    return ("--frozen-lockfile",) if package.lock else ()


def _is_yarn_berry(package: Package) -> bool:
    """Whether yarn is version 2 or later (Berry), whose command line differs."""
    stated = str(package.data.get("packageManager", ""))
    modern = stated.startswith("yarn@") and not stated.startswith("yarn@1.")
    return modern or (package.folder / ".yarnrc.yml").exists()


def _write_package(package: Package, folder: Path) -> None:
    """Write the files that an install reads: package.json without scripts, lock file, settings."""
    kept = {key: value for key, value in package.data.items() if key in INSTALL_FIELDS}
    (folder / "package.json").write_text(json.dumps(kept, indent=2))
    for name in filter(None, (package.lock, *CONFIG_FILES)):
        if (package.folder / name).is_file():
            shutil.copyfile(package.folder / name, folder / name)
    for name in (".yarn", "patches"):
        if (package.folder / name).is_dir():
            shutil.copytree(package.folder / name, folder / name)


def _cache_key(package: Package, node: Installation, include_dev: bool) -> str:
    digest = hashlib.sha256()
    kept = {key: package.data.get(key) for key in INSTALL_FIELDS if key not in ("name", "version")}
    inputs = [CACHE_FORMAT, node.identity, platform.platform(), package.manager, include_dev, kept]
    digest.update(json.dumps(inputs, sort_keys=True).encode())
    for name in filter(None, (package.lock, *CONFIG_FILES)):
        if (package.folder / name).is_file():
            digest.update((package.folder / name).read_bytes())
    return digest.hexdigest()[:20]


def _is_intact(folder: Path) -> bool:
    return (folder / "inventory").read_text() == _inventory(folder)


def _inventory(folder: Path) -> str:
    """Return a digest of the names of the installed packages."""
    modules = folder / "node_modules"
    names = [each.name for each in modules.iterdir()]
    names += [f"{each.parent.name}/{each.name}" for each in modules.glob("@*/*")]
    names += [each.name for each in modules.glob(".bin/*")]
    kept = sorted(name for name in names if name != ".cache")
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


async def _clone(source: Path, target: Path, *, writable: bool) -> None:
    """Clone a folder by hard links, or copy it if it will be modified (`writable`).

    Hard links across file systems fail; then the folder is copied too. Raises `BuildFailed`.
    """
    commands = [["cp", "-a"]] if writable else [["cp", "-al"], ["cp", "-a"]]
    error_text = ""
    for command in commands:
        completed = await asyncio.to_thread(
            subprocess.run,
            [*command, str(source), str(target)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if completed.returncode == 0:
            return
        error_text = completed.stderr.strip()
        await asyncio.to_thread(shutil.rmtree, target, True)
    raise BuildFailed(
        message(
            "node_modules could not be copied to {folder}: {error}",
            folder=target.parent,
            error=error_text[-300:],
        )
    )
