"""Node: Express, Fastify, Nest and their like, by npm, pnpm or yarn."""

from __future__ import annotations

import re
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.stacks.base import Recognition
from worksample.stacks.building import Workshop, words
from worksample.stacks.settings import Line, Settings
from worksample.stacks.support import node_modules
from worksample.stacks.support.node_package import FILES, Package
from worksample.stacks.support.node_tools import find_node, programs
from worksample.stacks.support.versions import satisfies

PROGRAMS = re.compile(r"(node|npm|npx|pnpm|yarn|tsx|ts-node)\b")
FOR_DEVELOPMENT = re.compile(r"\b(nodemon|ts-node-dev|next dev|vite|--watch)\b")


class NodeStack:
    """The stack, as the list of stacks knows it."""

    name = "node"
    looks_for = "package.json, server.js, index.js, app.js"

    def recognise(self, folder: Path, settings: Settings, start: Line) -> Recognition | None:
        """See `worksample.stacks.base.Stack`."""
        package = Package.read(folder)
        if package is None and not _smells_of_node(folder, start):
            return None
        package = package or Package(folder, {})
        command, why = package.start()
        if not start and not command:
            raise WorkspaceError(
                f"{folder} has a package.json, but how its server starts cannot be told: no script "
                "start, no main that is there, no server.js or index.js",
                hint='add "scripts": {"start": "node ..."} to package.json, or say it in '
                'worksample.toml: [run] command = "..."',
            )
        stated = () if start else (f"started as {why} says: {command}",)
        return Recognition(
            f"node-{package.framework}" if package.framework else "node",
            (*_reasons(package), *stated),
            start or command,
            package.release(),
            build=_build(package, words(start) or command),
            warnings=_warnings(package, words(start) or command),
            certainty=_certainty(package, start),
        )

    async def prepare(self, workshop: Workshop) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        package = Package.read(workshop.folder) or Package(workshop.folder, {})
        node = find_node(package.node_requirement)
        if not satisfies(node.version, package.node_requirement):
            wanted = package.node_requirement
            workshop.on_line(f"package.json wants Node {wanted}; the newest here is {node.text}")
        own = await programs(node, workshop.cache)
        path = f"{own}:{workshop.environment.get('PATH', '/usr/bin:/bin')}"
        env = {"PATH": f"{workshop.folder / 'node_modules' / '.bin'}:{path}"}
        env |= {
            f"npm_package_{key}": str(package.data[key])
            for key in ("name", "version")
            if isinstance(package.data.get(key), str)
        }
        quiet = {"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "YARN_NODE_LINKER": "node-modules"}
        await node_modules.install(
            package, workshop, node, {**env, **quiet}, _development(package, workshop.commands)
        )
        return env


def _smells_of_node(folder: Path, start: Line) -> bool:
    return bool(PROGRAMS.match(words(start))) or any((folder / each).is_file() for each in FILES)


def _certainty(package: Package, start: Line) -> int:
    if start:
        return 2 if PROGRAMS.match(words(start)) else 0
    return 2 if package.framework else 1


def _reasons(package: Package) -> tuple[str, ...]:
    if not package.data:
        return ("no package.json names packages to install",)
    return (f"packages from {package.lock or 'package.json'} by {package.manager}",)


def _build(package: Package, start: str) -> tuple[Line, ...]:
    generated = ("prisma generate",) if package.has_prisma else ()
    return (*generated, package.script("build")) if package.needs_build(start) else generated


def _warnings(package: Package, start: str) -> tuple[str, ...]:
    found = []
    if package.packages and not package.lock:
        found.append("there is no lock file: builds may differ by day; commit package-lock.json")
    if match := FOR_DEVELOPMENT.search(start):
        found.append(f"the start command is for development ({match[1]})")
    return tuple(found)


def _development(package: Package, commands: tuple[str, ...]) -> bool:
    """Whether the packages for development are needed: something is built, or calls one."""
    hooks = [package.scripts[each] for each in node_modules.HOOKS if each in package.scripts]
    return package.uses_development(*commands, *hooks)


STACK = NodeStack()
