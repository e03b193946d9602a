"""Valkey servers: a new and empty one for each target, since databases in one share its memory."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from worksample.messages import message
from worksample.sandbox import Command, LogFile, ScratchDirectory
from worksample.sandbox.ports import free_port
from worksample.sandbox.users import server_user
from worksample.services.programs import ServiceProgram, on_a_free_port
from worksample.services.valkey.binaries import find_server, version

HOST = "127.0.0.1"
PROTOCOL = "resp"
PLACEHOLDERS = ("url", "host", "port", "password")
READY = "Ready to accept connections"
STOP_SIGNALS = ((signal.SIGTERM, 5.0),)


@dataclass(frozen=True, slots=True)
class ValkeyStore:
    """The server of one target, as it reaches it; `closing` stops the server."""

    port: int
    password: str
    closing: AsyncExitStack
    host: str = HOST

    @property
    def protocol(self) -> str:
        """See `WiredResource`."""
        return PROTOCOL

    @property
    def url(self) -> str:
        """See `WiredResource`."""
        return f"redis://:{self.password}@{self.host}:{self.port}/0"

    def at(self, host: str, port: int) -> ValkeyStore:
        """See `WiredResource`."""
        return replace(self, host=host, port=port)

    @property
    def placeholders(self) -> Mapping[str, str]:
        """See `Resource`."""
        values = (self.url, self.host, str(self.port), self.password)
        return {f"valkey.{key}": value for key, value in zip(PLACEHOLDERS, values, strict=True)}

    @property
    def environment(self) -> Mapping[str, str]:
        """See `Resource`."""
        return {"REDIS_URL": self.url}

    async def allow_own_tests(self) -> None:
        """See `Resource`: tests need no more than a server."""

    async def drop(self) -> None:
        """See `Resource`."""
        await self.closing.aclose()


class ValkeyServers:
    """Starts a server for each target, in a folder of its own below `folder`.

    All have stopped when `open` ends.
    """

    def __init__(self, program: Path, folder: Path, stack: AsyncExitStack) -> None:
        self.folder = folder
        self._program, self._stack = program, stack
        self._started = 0

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[ValkeyServers]:
        """Find the program. Raises `ServiceUnavailable` if it is not installed."""
        program = find_server()
        async with ScratchDirectory.open("valkey") as room, AsyncExitStack() as stack:
            room.path.chmod(0o711)
            if server_user():
                # The user whom the servers run as may not see a package in root's home.
                program = Path(await asyncio.to_thread(shutil.copy, program, room.path))
            yield cls(program, room.path, stack)

    async def version(self) -> str:
        """See `Server` in base.py."""
        return await asyncio.to_thread(version, self._program)

    async def create_resource(self) -> ValkeyStore:
        """See `Server` in base.py."""
        self._started += 1
        folder = self.folder / str(self._started)
        folder.mkdir()
        if user := server_user():
            os.chown(folder, *user)
        log = LogFile(folder / "log")
        return await on_a_free_port(lambda: self._launch(folder, log))

    async def _launch(self, folder: Path, log: LogFile) -> ValkeyStore:
        """Start a server on a free port; return once it accepts connections."""
        port, password = free_port(), secrets.token_urlsafe(24)
        configuration = self._configuration(folder, port, password)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        argv = [str(self._program), str(configuration)]
        command = Command(argv, folder, environment, user=server_user(), stop=STOP_SIGNALS)
        mark = log.position
        service = ServiceProgram(
            "Valkey",
            port_taken="Address already in use",
            hint=message("the installation in use is {server}", server=self._program),
        )
        running = service.start(command, log, lambda _: READY in log.text(mark))
        async with AsyncExitStack() as closing:
            await closing.enter_async_context(running)
            kept = closing.pop_all()
        self._stack.push_async_callback(kept.aclose)
        return ValkeyStore(port, password, kept)

    def _configuration(self, folder: Path, port: int, password: str) -> Path:
        """Write the configuration, whose password nobody else on the machine can read.

        What is stored need not survive the server, and everything is kept until memory ends, as by
        default: which entries go first is for whoever operates the server to say.
        """
        path = folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            f"bind {HOST}\nport {port}\nrequirepass {password}\ndir {folder}\n"
            'save ""\nappendonly no\ndaemonize no\n'
        )
        if user := server_user():
            os.chown(path, *user)
        return path
