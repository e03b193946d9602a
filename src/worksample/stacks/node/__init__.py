"""Node: Express, Fastify, Nest and similar frameworks, with npm, pnpm or yarn."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext, format_command
from worksample.stacks.leaving_out import TestFile
from worksample.stacks.node import modules
from worksample.stacks.node.causes import BUILD_CAUSES, START_CAUSES
from worksample.stacks.node.machine import machine_tools
from worksample.stacks.node.own_tests import test_files, test_plan
from worksample.stacks.node.package import SCRIPT_PATHS, Package
from worksample.stacks.node.stack_traces import error_places
from worksample.stacks.node.tools import chosen_node, find_node, program_folder
from worksample.stacks.node.versions import satisfies
from worksample.stacks.settings import CommandLine, Settings, folders_above
from worksample.stacks.testing import TestPlan

PROGRAMS = re.compile(r"(node|npm|npx|pnpm|yarn|tsx|ts-node)\b")
FOR_DEVELOPMENT = re.compile(r"\b(nodemon|ts-node-dev|next dev|vite|--watch)\b")


class NodeStack(Stack):
    """The Node stack."""

    name = "node"
    marker_files = "package.json, server.js, index.js, app.js"
    plan_skills: Mapping[str, tuple[str, ...]] = {
        "node-express": ("javascript", "nodejs", "express", "sql")
    }
    build_causes = BUILD_CAUSES
    start_causes = START_CAUSES
    build_variables = ("NODE_EXTRA_CA_CERTS", "NPM_CONFIG_*", "YARN_*", "PNPM_*", "COREPACK_*")
    server_variables: Mapping[str, str] = {"NODE_ENV": "production"}
    generated_names = frozenset(("node_modules",))
    library_folders = ("node_modules",)
    chooses_version = True

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        return error_places(log)

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        package = Package.read(folder)
        if package is None and not _looks_like_node(folder, start):
            return None
        package = package or Package(folder, {})
        holder = Package.with_packages(folder, folders_above(folder, settings)) or package
        command, why = package.start()
        if not start and not command:
            raise WorkspaceError(
                message(
                    "{folder} has a package.json, but no start command was found: no script "
                    "start, no existing main file, no server.js or index.js",
                    folder=folder,
                ),
                hint='add "scripts": {"start": "node ..."} to package.json, or set [run] command = '
                '"..." in worksample.toml',
            )
        started_as = (
            ()
            if start
            else (message("start command from {why}: {command}", why=why, command=command),)
        )
        return Detection(
            f"node-{package.framework}" if package.framework else "node",
            (*_reasons(holder, folder), *started_as),
            start or command,
            package.release(),
            build=_build_steps(package, format_command(start) or command),
            warnings=_warnings(holder, format_command(start) or command),
            confidence=_confidence(package, start),
        )

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        package = Package.read(context.folder) or Package(context.folder, {})
        above = folders_above(context.folder, context.settings)
        holder = Package.with_packages(context.folder, above) or package
        if version := context.settings.versions.get("node"):
            node = chosen_node(context.settings, version)
        else:
            node = find_node(package.node_requirement)
        if not satisfies(node.version, package.node_requirement):
            wanted = package.node_requirement
            context.on_line(
                message(
                    "package.json requires Node {wanted}; the newest on this machine is {node}",
                    wanted=wanted,
                    node=node.text,
                )
            )
        node_folder = await program_folder(node, context.cache)
        path = f"{node_folder}:{context.environment.get('PATH', '/usr/bin:/bin')}"
        folders = dict.fromkeys((context.folder, holder.folder))
        programs = ":".join(str(each / "node_modules" / ".bin") for each in folders)
        env = {"PATH": f"{programs}:{path}"}
        env |= {
            f"npm_package_{key}": str(package.data[key])
            for key in ("name", "version")
            if isinstance(package.data.get(key), str)
        }
        tool_settings = {"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "YARN_NODE_LINKER": "node-modules"}
        await modules.install(
            holder,
            context,
            node,
            {**env, **tool_settings},
            context.tests
            or any(_needs_dev_packages(each, context.commands) for each in (package, holder)),
        )
        return env

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        return test_plan(folder)

    def test_files(self, folder: Path) -> Sequence[TestFile]:
        """See `worksample.stacks.base.Stack`."""
        return test_files(folder)

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        return machine_tools()


def _looks_like_node(folder: Path, start: CommandLine) -> bool:
    return bool(PROGRAMS.match(format_command(start))) or any(
        (folder / each).is_file() for each in SCRIPT_PATHS
    )


def _confidence(package: Package, start: CommandLine) -> int:
    if start:
        return 2 if PROGRAMS.match(format_command(start)) else 0
    return 2 if package.framework else 1


def _reasons(package: Package, folder: Path) -> tuple[str, ...]:
    """Return where the packages of the server in `folder` come from."""
    if not package.data:
        return ("no package.json, so no packages to install",)
    return (
        message(
            "packages from {file}, installed by {manager}",
            file=os.path.relpath(package.folder / (package.lock or "package.json"), folder),
            manager=package.manager,
        ),
    )


def _build_steps(package: Package, start: str) -> tuple[CommandLine, ...]:
    generated = ("prisma generate",) if package.has_prisma else ()
    return (*generated, package.script("build")) if package.needs_build(start) else generated


def _warnings(package: Package, start: str) -> tuple[str, ...]:
    found = []
    if package.packages and not package.lock:
        found.append(
            "there is no lock file, so versions can change between builds: commit package-lock.json"
        )
    if match := FOR_DEVELOPMENT.search(start):
        found.append(message("the start command is for development ({found})", found=match[1]))
    return tuple(found)


def _needs_dev_packages(package: Package, commands: tuple[str, ...]) -> bool:
    """Whether devDependencies must be installed: a command or hook calls one of them."""
    hooks = [package.scripts[each] for each in modules.HOOKS if each in package.scripts]
    return package.uses_dev_packages(*commands, *hooks)


STACK = NodeStack()
