"""PostgreSQL: a fresh server of our own for a run, or databases on a server that is given."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from worksample.errors import ServiceUnavailable, UserError
from worksample.sandbox import Command, LogFile, Program, ScratchDirectory, cache
from worksample.sandbox.folders import memory_backed_folder
from worksample.sandbox.ports import free_port
from worksample.services.support import pg_databases, pg_template
from worksample.services.support.pg_binaries import (
    Installation,
    choose_installation,
    ensure_runnable,
    server_user,
)
from worksample.services.support.pg_databases import Database, Login
from worksample.services.support.pg_extensions import required_extensions

__all__ = ["SERVICE", "Database", "ManagedPostgres", "PostgresServer", "required_extensions"]

READY_SECONDS = 60.0
POLL_SECONDS = 0.003
PORT_ATTEMPTS = 5
MAX_SOCKET_PATH = 90
#: Each database lets in as many as a PostgreSQL does that nobody has configured; several copies of
#: a server run at once, each on a database of its own, and must not take each other's places.
MAX_CONNECTIONS = 97
MAX_DATABASES = 8
STOP_SIGNALS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0))


class PostgresServer:
    """A PostgreSQL server: `controllable` if it is ours to stop, kill and start again."""

    def __init__(self, admin: Login, *, maintenance: str = "postgres", source: str = "") -> None:
        self.admin = admin
        self.maintenance = maintenance
        self.source = source
        self.controllable = False
        self._strategy = False
        self._databases: list[Database] = []

    @classmethod
    @asynccontextmanager
    async def start(
        cls, *, url: str | None = None, durable: bool = False, extensions: Sequence[str] = ()
    ) -> AsyncIterator[PostgresServer]:
        """Start a fresh server; with `url` use that one instead. All is gone afterwards.

        `durable` keeps fsync on (and the data on a disk), for exercises that pull the plug;
        `extensions` names those that the target will want, which decides between installations.
        Raises `ServiceUnavailable` (nothing to run, or it does not start, with its log) and, for
        `url`, `UserError`.
        """
        if url:
            async with _given(url) as given:
                yield given
        else:
            async with ManagedPostgres.run(durable=durable, extensions=extensions) as own:
                yield own

    async def create_database(self) -> Database:
        """Make an empty database with an owner of its own; raises `UserError` without the right."""
        try:
            made = await pg_databases.create(
                self.admin,
                maintenance=self.maintenance,
                strategy="file_copy" if self._strategy else "",
                limit=MAX_CONNECTIONS if self.controllable else None,
            )
        except psycopg.Error as error:
            raise self._cannot_create(error) from error
        self._databases.append(made)
        return made

    def _cannot_create(self, error: psycopg.Error) -> Exception:
        if self.controllable:
            return ServiceUnavailable(f"no database could be made on our PostgreSQL: {error}")
        return UserError(
            f"the user {self.admin.user} may not make a database on {self.admin.host}:"
            f"{self.admin.port}: {error}",
            hint=f'let an administrator run: ALTER ROLE "{self.admin.user}" CREATEDB CREATEROLE',
        )

    async def drop_databases(self) -> None:
        """Drop every database (and owner) that was made through this object."""
        while self._databases:
            await self._databases.pop().drop()


@asynccontextmanager
async def _given(url: str) -> AsyncIterator[PostgresServer]:
    """Use the server at `url`; drop afterwards what was made there."""
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError as error:
        raise UserError(f"--postgres: not an address of PostgreSQL: {error}") from error
    maintenance = parts.pop("dbname", "postgres")
    admin = Login(
        parts.pop("host", "127.0.0.1"),
        int(parts.pop("port", 5432)),
        parts.pop("user", "postgres"),
        parts.pop("password", ""),
        parts,
    )
    server = PostgresServer(admin, maintenance=maintenance, source="--postgres")
    try:
        async with await admin.connect(maintenance):
            pass
    except psycopg.OperationalError as error:
        raise UserError(
            f"--postgres: no connection to {admin.host}:{admin.port}: {error}",
            hint="check address, user and password, and that the server runs",
        ) from error
    try:
        yield server
    finally:
        await server.drop_databases()


class ManagedPostgres(PostgresServer):
    """A server of our own: its data in `room`, its output in `log`."""

    def __init__(self, room: Path, installation: Installation, password: str) -> None:
        super().__init__(
            Login("127.0.0.1", free_port(), pg_template.ADMIN, password, {}),
            source=installation.source,
        )
        self.controllable = True
        self.durable = False
        self.log = LogFile(room / "log")
        self._room = room
        self._installation = installation
        self._stack = AsyncExitStack()
        self._program: Program | None = None

    @classmethod
    @asynccontextmanager
    async def run(
        cls, *, durable: bool = False, extensions: Sequence[str] = ()
    ) -> AsyncIterator[ManagedPostgres]:
        """Start a fresh server on a port of its own; stop it and remove its data afterwards."""
        root = await asyncio.to_thread(cache.cache_root, for_other_users=server_user() is not None)
        installation = await ensure_runnable(choose_installation(extensions), root)
        place = None if durable else memory_backed_folder()
        async with ScratchDirectory.open("postgres", within=place) as room:
            room.path.chmod(0o711)
            source = await pg_template.template(installation, root)
            await pg_template.copy(source, room.path / "data")
            server = cls(room.path, installation, source.password)
            server.durable, server._strategy = durable, place is not None
            async with server._stack:
                await server._first_start()
                yield server

    async def _first_start(self) -> None:
        """Start; if another program took the port in between, take another port."""
        for attempt in range(PORT_ATTEMPTS):
            try:
                return await self.launch()
            except ServiceUnavailable:
                taken = "could not bind" in self.log.text()
                if not taken or attempt == PORT_ATTEMPTS - 1:
                    raise
                login = self.admin
                self.admin = Login(login.host, free_port(), login.user, login.password, {})
        return None

    @property
    def pid(self) -> int:
        """The postmaster's process id, 0 while the server is stopped."""
        return self._program.pid if self._program and self._program.exit is None else 0

    @property
    def can_log_plans(self) -> bool:
        """Whether it can log the plans of statements (auto_explain)."""
        return self._installation.has_library("auto_explain")

    async def flush_log(self) -> int:
        """Return the log's position once all that the server printed until now is in the log."""
        if self._program is not None:
            return await self._program.flush_log()
        return self.log.position

    async def launch(self) -> None:
        """Start the stopped server again, on its port, with its data; return when it is ready.

        Raises `ServiceUnavailable` with the last lines of its log.
        """
        command = Command(
            self._argv(), Path("/"), self._environment(), user=server_user(), stop=STOP_SIGNALS
        )
        mark = self.log.position
        program = Program.start(command, self.log)
        self._program = await self._stack.enter_async_context(program)
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while not self._ready():
            late = asyncio.get_running_loop().time() > deadline
            if late or self._program.exit is not None:
                raise self._did_not_start(mark)
            await asyncio.sleep(POLL_SECONDS)

    def _did_not_start(self, mark: int) -> ServiceUnavailable:
        ended = self._program.exit if self._program else None
        lines = "\n".join(self.log.text(mark).splitlines()[-20:])
        return ServiceUnavailable(
            f"PostgreSQL did not start ({ended or 'not ready in time'}); it said:\n{lines}",
            hint=f"its programs come from {self.source}: {self._installation.bin}",
        )

    def _ready(self) -> bool:
        """Whether postmaster.pid says so (its 8th line, src/include/utils/pidfile.h)."""
        try:
            lines = (self._room / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        mine = self._program is not None and lines[:1] == [str(self._program.pid)]
        return mine and len(lines) > 7 and lines[7].strip() == "ready"

    async def stop(self) -> None:
        """Stop the server as an operator would (fast shutdown); its data stay."""
        await self._end(None)

    async def kill(self) -> None:
        """Kill the server and its helpers at once, as a crash would; its data stay."""
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
        return [str(self._installation.postgres), "-D", str(self._room / "data"), *options]

    def _settings(self) -> dict[str, str]:
        safe = "on" if self.durable else "off"
        sockets = str(self._room / "data")
        return {
            "listen_addresses": self.admin.host,
            "port": str(self.admin.port),
            "unix_socket_directories": sockets if len(sockets) < MAX_SOCKET_PATH else "",
            "max_connections": str(MAX_CONNECTIONS * MAX_DATABASES),
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "mmap",
            "fsync": safe,
            "full_page_writes": safe,
            "max_wal_size": "256MB",
            "checkpoint_timeout": "30min",
            "log_checkpoints": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._accounting(),
        }

    def _accounting(self) -> dict[str, str]:
        if not self._installation.has_library("pg_stat_statements"):
            return {}
        return {
            "shared_preload_libraries": "pg_stat_statements",
            "pg_stat_statements.track_utility": "off",
        }

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


class _Postgres:
    """The service, as the list of services knows it."""

    name = "postgres"
    placeholder_names = frozenset(f"postgres.{key}" for key in pg_databases.PLACEHOLDERS)

    def start(self) -> object:
        return PostgresServer.start()

    def describe(self) -> str:
        found = choose_installation()
        return f"PostgreSQL {found.version()} from {found.source} ({found.bin})"


SERVICE = _Postgres()
