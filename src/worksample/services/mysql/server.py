"""A new MariaDB server for each run, on a copy of a cached data directory."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from worksample.errors import DatabaseError, ServiceUnavailable
from worksample.messages import message
from worksample.sandbox import Command, LogFile, ScratchDirectory, cache
from worksample.sandbox.folders import memory_backed_folder
from worksample.sandbox.ports import free_port
from worksample.sandbox.users import server_user
from worksample.services import data_folders
from worksample.services.mysql import databases, plan_log
from worksample.services.mysql.binaries import Installation, find_installation
from worksample.services.mysql.databases import Database
from worksample.services.mysql.login import Login
from worksample.services.mysql.template import STORAGE, template
from worksample.services.programs import ServiceProgram, on_a_free_port

ADMIN = "worksample"
READY = "ready for connections"
MAX_SOCKET_PATH = 90
MAX_DATABASES = 10
STOP_SIGNALS = ((signal.SIGTERM, 5.0),)
#: Small and fast, since the data need not survive a crash of the machine.
OPTIONS = (
    *STORAGE,
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-frm=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-buffer-size=2M",
    "--innodb-fast-shutdown=2",
    "--innodb-buffer-pool-dump-at-shutdown=0",
    "--innodb-buffer-pool-load-at-startup=0",
    "--innodb-temp-data-file-path=ibtmp1:2M:autoextend",
    "--innodb-autoextend-increment=1",
    "--aria-pagecache-buffer-size=2M",
    "--key-buffer-size=1M",
    "--performance-schema=OFF",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--skip-ssl",
    "--local-infile=0",
    *plan_log.OPTIONS,
    f"--max-connections={databases.MAX_CONNECTIONS * MAX_DATABASES}",
    # The defaults of MySQL 8.
    "--max-allowed-packet=64M",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
)


class MariadbServer:
    """A server that Worksample runs: its data directory is in `folder`, its output in `log`."""

    def __init__(self, folder: Path, installation: Installation) -> None:
        self.log = LogFile(folder / "log")
        self.admin = Login("127.0.0.1", 0, ADMIN, secrets.token_urlsafe(24))
        self._folder, self._installation = folder, installation
        self._log_switch = plan_log.LogSwitch()
        self._stack = AsyncExitStack()

    @classmethod
    @asynccontextmanager
    async def run(cls) -> AsyncIterator[MariadbServer]:
        """Start a new server on a free port; stop it and remove its data when the block ends.

        Raises `ServiceUnavailable` if MariaDB is not installed or does not start.
        """
        installation = find_installation()
        root = await asyncio.to_thread(cache.cache_root, for_other_users=server_user() is not None)
        source = await template(installation, root)
        async with ScratchDirectory.open("mariadb", within=memory_backed_folder()) as room:
            room.path.chmod(0o711)
            await data_folders.copy(source, room.path / "data")
            server = cls(room.path, installation)
            async with server._stack:
                await on_a_free_port(server._launch)
                yield server

    async def version(self) -> str:
        """See `Server` in base.py."""
        return await asyncio.to_thread(self._installation.version)

    async def create_resource(self) -> Database:
        """See `Server` in base.py."""
        made = databases.planned(
            self.admin,
            client_host=self.admin.host,
            limit=databases.MAX_CONNECTIONS,
            log_switch=self._log_switch,
        )
        try:
            await made.create()
        except DatabaseError as error:
            raise ServiceUnavailable(
                message("Worksample's MariaDB could not create a database: {error}", error=error)
            ) from error
        return made

    async def _launch(self) -> None:
        """Start the server on a free port; return once it accepts connections."""
        self.admin = replace(self.admin, port=free_port())
        self._write_accounts()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        command = Command(
            self._argv(), Path("/"), environment, user=server_user(), stop=STOP_SIGNALS
        )
        mark = self.log.position
        service = ServiceProgram(
            "MariaDB",
            port_taken="Address already in use",
            hint=message("the installation in use is {server}", server=self._installation.server),
        )
        running = service.start(command, self.log, lambda _: READY in self.log.text(mark))
        await self._stack.enter_async_context(running)

    def _write_accounts(self) -> None:
        """Write the statements that the server executes before it accepts connections.

        They leave one account, Worksample's, whose password nobody else on the machine can read.
        """
        path, account = self._folder / "accounts.sql", f"'{ADMIN}'@'{self.admin.host}'"
        path.touch(mode=0o600)
        path.write_text(
            f"CREATE OR REPLACE USER {account} IDENTIFIED BY '{self.admin.password}';\n"
            f"GRANT ALL PRIVILEGES ON *.* TO {account} WITH GRANT OPTION;\n"
            "DELETE FROM mysql.global_priv WHERE User IN ('', 'root');\n"
            "FLUSH PRIVILEGES;\n"
        )
        if user := server_user():
            os.chown(path, *user)

    def _argv(self) -> list[str]:
        data = self._folder / "data"
        socket = str(data / "socket")
        return [
            str(self._installation.server),
            "--no-defaults",
            f"--datadir={data}",
            f"--tmpdir={data}",
            f"--pid-file={data / 'pid'}",
            f"--socket={socket if len(socket) < MAX_SOCKET_PATH else ''}",
            f"--bind-address={self.admin.host}",
            f"--port={self.admin.port}",
            f"--init-file={self._folder / 'accounts.sql'}",
            *OPTIONS,
        ]
