"""Read package.json: scripts, dependencies, framework, lock file, start command."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksample.errors import WorkspaceError
from worksample.messages import message

LOCK_FILES = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
}
FRAMEWORKS = {
    "@nestjs/core": "nest",
    "next": "next",
    "express": "express",
    "fastify": "fastify",
    "koa": "koa",
    "@hapi/hapi": "hapi",
    "hono": "hono",
    "@adonisjs/core": "adonis",
    "restify": "restify",
}
SCRIPTS = ("server.js", "index.js", "app.js", "main.js")
SCRIPT_PATHS = tuple(
    f"{folder}{each}"
    for folder in ("", "src/")
    for name in SCRIPTS
    for each in (name, name.replace(".js", ".mjs"), name.replace(".js", ".cjs"))
)
OUTPUT_FOLDERS = ("dist", "build", "out", "lib", ".output", ".next")
MIGRATION_SCRIPTS = (
    *("release", "migrate:deploy", "db:migrate:deploy", "db:deploy", "migrate", "db:migrate"),
    *("migrate:latest", "db:migrate:latest", "migrate:up", "migration:run", "migrations:run"),
)
PROGRAMS_BY_PACKAGE = {
    "typescript": ("tsc",),
    "@nestjs/cli": ("nest",),
    "@babel/cli": ("babel",),
    "@babel/node": ("babel-node",),
    "sequelize-cli": ("sequelize", "sequelize-cli"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """The content of the package.json in `folder`; empty if there is no such file."""

    folder: Path
    data: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Package | None:
        """Return a folder's package.json, or None; raises `WorkspaceError` if it is invalid."""
        path = folder / "package.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise WorkspaceError(
                message("{path} cannot be read: {error}", path=path, error=error)
            ) from error
        if not isinstance(data, dict):
            raise WorkspaceError(message("{path} must contain a JSON object", path=path))
        return cls(folder, data)

    @classmethod
    def with_packages(cls, folder: Path, above: Sequence[Path]) -> Package | None:
        """Return the package that holds the packages of `folder`: its own, or one `above` it.

        That is a workspace to which the one in `folder` belongs, with the lock file, or the nearest
        one if `folder` has none. Raises `WorkspaceError` if a package.json is invalid.
        """
        own = cls.read(folder)
        if own is not None and own.lock:
            return own
        for place in above:
            found = cls.read(place)
            if found and (own is None or (found.lock and found.has_local_packages)):
                return found
        return own

    def table(self, name: str) -> dict[str, str]:
        """Return the string values of an object such as `scripts` or `dependencies`."""
        value = self.data.get(name)
        pairs = value.items() if isinstance(value, dict) else ()
        return {str(key): each for key, each in pairs if isinstance(each, str)}

    @property
    def scripts(self) -> dict[str, str]:
        """Script name -> shell command."""
        return self.table("scripts")

    @property
    def packages(self) -> frozenset[str]:
        """The names of all dependencies and devDependencies."""
        return frozenset({*self.table("dependencies"), *self.table("devDependencies")})

    @property
    def framework(self) -> str:
        """The short name of the server framework, or ""."""
        return next((short for name, short in FRAMEWORKS.items() if name in self.packages), "")

    @property
    def lock(self) -> str:
        """The name of the lock file, or ""."""
        return next((each for each in LOCK_FILES if (self.folder / each).is_file()), "")

    @property
    def manager(self) -> str:
        """The package manager of the lock file, else of the `packageManager` field, else npm."""
        stated = str(self.data.get("packageManager", "")).split("@")[0]
        return LOCK_FILES.get(self.lock) or (stated if stated in ("pnpm", "yarn") else "npm")

    @property
    def node_requirement(self) -> str:
        """The required Node version: `engines.node`, else the major version in .nvmrc, else ""."""
        if stated := self.table("engines").get("node"):
            return stated
        for name in (".nvmrc", ".node-version"):
            try:
                text = (self.folder / name).read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
            if match := re.match(r"\s*v?(\d+)", text):
                return f"{match[1]}.x"
        return ""

    @property
    def has_local_packages(self) -> bool:
        """Whether the project consists of several local packages (workspaces, file: links)."""
        tables = ("dependencies", "devDependencies", "optionalDependencies")
        local = ("file:", "link:", "workspace:", "portal:")
        stated = "workspaces" in self.data or (self.folder / "pnpm-workspace.yaml").exists()
        return stated or any(
            version.startswith(local) for table in tables for version in self.table(table).values()
        )

    def script(self, name: str) -> str:
        """Return a script with its `pre` script as one shell command, or ""."""
        if name not in self.scripts:
            return ""
        before = self.scripts.get(f"pre{name}")
        return f"({before}) && {self.scripts[name]}" if before else self.scripts[name]

    def start(self) -> tuple[str, str]:
        """Return (shell command, source) of the server, or two empty strings."""
        for name in ("start:prod", "start:production", "start", "serve"):
            if name in self.scripts and (name != "start:prod" or self.framework == "nest"):
                return self.script(name), message("package.json's script {name}", name=name)
        main = self.data.get("main")
        candidates = [main, *SCRIPT_PATHS] if isinstance(main, str) else list(SCRIPT_PATHS)
        for each in candidates:
            if (self.folder / each).is_file():
                return f"node {each}", message("the existing file {name}", name=each)
        return "", ""

    def release(self) -> str:
        """Return the shell command that runs the database migrations, or ""."""
        for name in MIGRATION_SCRIPTS:
            if name in self.scripts:
                return self.script(name)
        if self.has_prisma:
            schema = self.folder / "prisma"
            return "prisma migrate deploy" if (schema / "migrations").is_dir() else "prisma db push"
        if "knex" in self.packages and next(self.folder.glob("knexfile.*"), None):
            return "knex migrate:latest"
        if "sequelize-cli" in self.packages and (self.folder / ".sequelizerc").exists():
            return "sequelize-cli db:migrate"
        return ""

    @property
    def has_prisma(self) -> bool:
        """Whether the Prisma client must be generated from a schema."""
        found = (self.folder / "prisma" / "schema.prisma").is_file()
        return found and "@prisma/client" in self.packages

    def needs_build(self, start: str) -> bool:
        """Whether `start` needs the `build` script: it names no source file that exists."""
        if "build" not in self.scripts:
            return False
        files = re.findall(r"[\w@./-]+\.(?:[cm]?js|[cm]?ts|json)\b", start)
        sources = [
            each for each in files if each.removeprefix("./").split("/")[0] not in OUTPUT_FOLDERS
        ]
        return not any((self.folder / each).is_file() for each in sources)

    def uses_dev_packages(self, *commands: str) -> bool:
        """Whether a command calls a program of a package in `devDependencies`."""
        called = {word for line in commands for word in re.findall(r"[\w@./:-]+", line)}
        called |= {word.split("/")[0] for word in called}
        names = self.table("devDependencies")
        return self.has_prisma or any(
            called & {name, name.split("/")[-1], *PROGRAMS_BY_PACKAGE.get(name, ())}
            for name in names
        )
