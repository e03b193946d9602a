"""Starts a supervisor process and talks to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SUPERVISOR_SCRIPT = Path(__file__).with_name("supervisor.py")
Message = dict[str, Any]


class SupervisorClient:
    """The connection to a running supervisor: send requests, receive messages.

    `pid` is the supervisor's own; its program is a child of it. `on_message` receives each reply,
    and `{"disconnected": True}` when the connection ends.
    """

    def __init__(self, process: subprocess.Popen[bytes], connection: socket.socket) -> None:
        self._process = process
        self._socket: socket.socket | None = connection
        self._writer: asyncio.StreamWriter | None = None
        self._reader_task: asyncio.Task[None] | None = None
        self.on_message: Callable[[Message], None] = lambda message: None
        self.pid = process.pid
        self._disconnected = False

    @classmethod
    def start(cls) -> SupervisorClient:
        """Start a supervisor in a new session, out of reach of Ctrl-C in the terminal."""
        own_end, supervisor_end = socket.socketpair()
        with supervisor_end:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(SUPERVISOR_SCRIPT)],
                stdin=supervisor_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        return cls(process, own_end)

    async def send(self, **request: Any) -> None:
        """Send a request (listed in `supervisor.py`); do nothing once it has disconnected."""
        if self._disconnected:
            return
        if self._socket is not None:
            reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)
            self._socket = None
            self._reader_task = asyncio.create_task(self._read_messages(reader))
        assert self._writer is not None
        # uvloop raises RuntimeError when the connection breaks during the write.
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._writer.write(json.dumps(request).encode() + b"\n")
            await self._writer.drain()

    async def _read_messages(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                self.on_message(json.loads(line))
        self._disconnected = True
        self.on_message({"disconnected": True})

    async def close(self) -> None:
        """Disconnect; return once the supervisor has cleaned up and exited."""
        if self._socket is not None:
            self._socket.close()
        if self._writer is not None:
            self._writer.close()
        if self._reader_task is not None:
            self._reader_task.cancel()
            await asyncio.gather(self._reader_task, return_exceptions=True)
        await asyncio.to_thread(self._process.wait)
