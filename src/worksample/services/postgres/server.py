"""PostgreSQL: a new server for each run, or databases on an external server (--postgres)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from worksample.errors import DatabaseAddressError, ServiceUnavailable, UserError
from worksample.messages import message
from worksample.sandbox import Command, LogFile, Program, ScratchDirectory, cache
from worksample.sandbox.folders import memory_backed_folder
from worksample.sandbox.ports import free_port
from worksample.sandbox.users import server_user
from worksample.services import data_folders
from worksample.services.plans import PlansUnavailable
from worksample.services.postgres import databases, template
from worksample.services.postgres.binaries import (
    Installation,
    choose_installation,
    ensure_runnable,
)
from worksample.services.postgres.databases import Database
from worksample.services.postgres.login import Login
from worksample.services.postgres.plan_log import PlanLog, logged_plans
from worksample.services.programs import ServiceProgram, on_a_free_port

MAX_SOCKET_PATH = 90
#: The connection limit of each database, that of an unconfigured PostgreSQL (100, of which 3 are
#: reserved). Copies of a target run at once, each on its own database, and must not use up each
#: other's connections.
MAX_CONNECTIONS = 97
MAX_DATABASES = 10
STOP_SIGNALS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0))


class PostgresServer:
    """A PostgreSQL server; `controllable` is True if Worksample may stop, kill and start it."""

    def __init__(self, admin: Login, *, maintenance: str = "postgres", source: str = "") -> None:
        self.admin = admin
        self.maintenance = maintenance
        self.source = source
        self.controllable = False
        self._file_copy = False
        self._databases: list[Database] = []
        self._version = ""

    @classmethod
    @asynccontextmanager
    async def start(
        cls, *, url: str | None = None, durable: bool = False, extensions: Sequence[str] = ()
    ) -> AsyncIterator[PostgresServer]:
        """Start a new server, or use the external server at `url`; clean up when the block ends.

        `durable` keeps fsync on and the data on a disk, for tests of crash safety. `extensions`
        names the extensions that the target requires: the installation that has most of them is
        chosen. Raises `ServiceUnavailable` if PostgreSQL is not installed or does not start, and
        `UserError` if `url` is invalid or does not accept connections.
        """
        if url:
            async with _external(url) as external:
                yield external
        else:
            async with ManagedPostgres.run(durable=durable, extensions=extensions) as own:
                yield own

    async def create_resource(self) -> Database:
        """Create an empty database with its own owner.

        Raises `UserError` if the administrator of an external server may not create databases.
        """
        try:
            made = await databases.create(
                self.admin,
                maintenance=self.maintenance,
                strategy="file_copy" if self._file_copy else "",
                limit=MAX_CONNECTIONS if self.controllable else None,
                plan_logger=self._log_plans,
            )
        except psycopg.Error as error:
            raise self._cannot_create(error) from error
        self._databases.append(made)
        return made

    def _cannot_create(self, error: psycopg.Error) -> Exception:
        if self.controllable:
            return ServiceUnavailable(
                message("Worksample's PostgreSQL could not create a database: {error}", error=error)
            )
        return UserError(
            message(
                "the user {user} may not create a database on {host}:{port}: {error}",
                user=self.admin.user,
                host=self.admin.host,
                port=self.admin.port,
                error=error,
            ),
            hint=message(
                'have an administrator run: ALTER ROLE "{user}" CREATEDB CREATEROLE',
                user=self.admin.user,
            ),
        )

    def _log_plans(self, database: Database) -> AbstractAsyncContextManager[PlanLog]:
        """See `Database.log_plans`: only a server that Worksample runs can log plans."""
        raise PlansUnavailable(
            "query plans can be logged only on the PostgreSQL that Worksample starts"
        )

    async def version(self) -> str:
        """Return the version that the server states, such as `18.6`."""
        if not self._version:
            async with await self.admin.connect(self.maintenance) as connection:
                self._version = connection.info.parameter_status("server_version") or "unknown"
        return self._version

    async def drop_databases(self) -> None:
        """Drop all databases (and owners) created through this object."""
        while self._databases:
            await self._databases.pop().drop()


@asynccontextmanager
async def _external(url: str) -> AsyncIterator[PostgresServer]:
    """Use the server at `url`; drop the databases and owners created on it afterwards."""
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError as error:
        raise DatabaseAddressError(
            message("Invalid PostgreSQL URL: {error}", error=error)
        ) from error
    maintenance = parts.pop("dbname", "postgres")
    admin = Login(
        parts.pop("host", "127.0.0.1"),
        int(parts.pop("port", 5432)),
        parts.pop("user", "postgres"),
        parts.pop("password", ""),
        parts,
    )
    server = PostgresServer(admin, maintenance=maintenance, source="the address given")
    try:
        async with await admin.connect(maintenance):
            pass
    except psycopg.OperationalError as error:
        raise DatabaseAddressError(
            message(
                "Cannot connect to PostgreSQL at {host}:{port}: {error}",
                host=admin.host,
                port=admin.port,
                error=error,
            ),
            hint="check host, port, user and password, and that the server is running",
        ) from error
    try:
        yield server
    finally:
        await server.drop_databases()


class ManagedPostgres(PostgresServer):
    """A server that Worksample runs: its data directory is in `folder`, its output in `log`."""

    def __init__(self, folder: Path, installation: Installation, password: str) -> None:
        super().__init__(
            Login("127.0.0.1", 0, template.ADMIN, password, {}),
            source=installation.source,
        )
        self.controllable = True
        self.durable = False
        self.log = LogFile(folder / "log")
        self._folder = folder
        self._installation = installation
        self._stack = AsyncExitStack()
        self._program: Program | None = None

    @classmethod
    @asynccontextmanager
    async def run(
        cls, *, durable: bool = False, extensions: Sequence[str] = ()
    ) -> AsyncIterator[ManagedPostgres]:
        """Start a new server on a free port; stop it and remove its data when the block ends."""
        root = await asyncio.to_thread(cache.cache_root, for_other_users=server_user() is not None)
        installation = await ensure_runnable(choose_installation(extensions), root)
        location = None if durable else memory_backed_folder()
        async with ScratchDirectory.open("postgres", within=location) as room:
            room.path.chmod(0o711)
            source = await template.template(installation, root)
            await data_folders.copy(source.data, room.path / "data")
            server = cls(room.path, installation, source.password)
            server.durable, server._file_copy = durable, location is not None
            async with server._stack:
                await on_a_free_port(server._first_start)
                yield server

    async def _first_start(self) -> None:
        """Start on a free port."""
        self.admin = replace(self.admin, port=free_port())
        await self.launch()

    @property
    def pid(self) -> int:
        """The postmaster's process id, 0 while the server is stopped."""
        return self._program.pid if self._program and self._program.exit is None else 0

    def _log_plans(self, database: Database) -> AbstractAsyncContextManager[PlanLog]:
        """See `Database.log_plans`: auto_explain logs the plans."""
        if not self._installation.has_library("auto_explain"):
            raise PlansUnavailable(
                "query plans cannot be logged: this PostgreSQL installation has no auto_explain"
            )
        return logged_plans(database, self.log, self.flush_log)

    async def flush_log(self) -> int:
        """Wait until the server's output so far is in the log; return the log's position."""
        if self._program is not None:
            return await self._program.flush_log()
        return self.log.position

    async def launch(self) -> None:
        """Start the server on its port, with its data directory; return once it is ready.

        Raises `ServiceUnavailable` with the last lines of its log if it is not ready within 60 s.
        """
        command = Command(
            self._argv(), Path("/"), self._environment(), user=server_user(), stop=STOP_SIGNALS
        )
        service = ServiceProgram(
            "PostgreSQL",
            port_taken="could not bind",
            hint=message(
                "the installation in use is {source}: {folder}",
                source=self.source,
                folder=self._installation.bin,
            ),
        )
        running = service.start(command, self.log, self._is_ready)
        self._program = await self._stack.enter_async_context(running)

    def _is_ready(self, program: Program) -> bool:
        """Whether the 8th line of postmaster.pid is "ready" (src/include/utils/pidfile.h)."""
        try:
            lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(program.pid)] and len(lines) > 7 and lines[7].strip() == "ready"

    async def stop(self) -> None:
        """Stop the server (fast shutdown) and keep its data."""
        await self._end(None)

    async def kill(self) -> None:
        """Kill the server and its child processes by SIGKILL, as a crash would; keep the data."""
        if self._program is not None:
            await self._program.signal(signal.SIGKILL)
        await self._end(0.0)

    async def _end(self, grace: float | None) -> None:
        if self._program is not None:
            await self._program.stop(grace)
        await self._stack.aclose()
        self._program = None

    def _argv(self) -> list[str]:
        settings = self._settings()
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(self._installation.postgres), "-D", str(self._folder / "data"), *options]

    def _settings(self) -> dict[str, str]:
        durability = "on" if self.durable else "off"
        sockets = str(self._folder / "data")
        return {
            "listen_addresses": self.admin.host,
            "port": str(self.admin.port),
            "unix_socket_directories": sockets if len(sockets) < MAX_SOCKET_PATH else "",
            "max_connections": str(MAX_CONNECTIONS * MAX_DATABASES),
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "mmap",
            "fsync": durability,
            "full_page_writes": durability,
            "max_wal_size": "256MB",
            "checkpoint_timeout": "30min",
            "log_checkpoints": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._statistics_settings(),
        }

    def _statistics_settings(self) -> dict[str, str]:
        if not self._installation.has_library("pg_stat_statements"):
            return {}
        return {
            "shared_preload_libraries": "pg_stat_statements",
            "pg_stat_statements.track_utility": "off",
        }

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
