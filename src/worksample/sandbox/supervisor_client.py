"""Our end of the line to a keeper process."""

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
    """A running keeper: orders go in, messages come out.

    `pid` is the keeper's own; the programs it keeps are its descendants.
    """

    def __init__(self, process: subprocess.Popen[bytes], line: socket.socket) -> None:
        self._process = process
        self._socket: socket.socket | None = line
        self._writer: asyncio.StreamWriter | None = None
        self._reader_task: asyncio.Task[None] | None = None
        self.on_message: Callable[[Message], None] = lambda message: None
        self.pid = process.pid
        self._disconnected = False

    @classmethod
    def start(cls) -> SupervisorClient:
        """Start a keeper in a session of its own, so that a Ctrl-C in the terminal spares it."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(SUPERVISOR_SCRIPT)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        return cls(process, ours)

    async def send(self, **order: Any) -> None:
        """Give an order (see `supervisor.py` for the words); ignored by a keeper that has gone."""
        if self._disconnected:
            return
        if self._socket is not None:
            reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)
            self._socket = None
            self._reader_task = asyncio.create_task(self._read_messages(reader))
        assert self._writer is not None
        # uvloop raises RuntimeError for a line that broke in this very moment.
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._writer.write(json.dumps(order).encode() + b"\n")
            await self._writer.drain()

    async def _read_messages(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                self.on_message(json.loads(line))
        self._disconnected = True
        self.on_message({"lost": True})

    async def close(self) -> None:
        """Let the keeper end what it keeps, and itself; return when it has."""
        if self._socket is not None:
            self._socket.close()
        if self._writer is not None:
            self._writer.close()
        if self._reader_task is not None:
            self._reader_task.cancel()
            await asyncio.gather(self._reader_task, return_exceptions=True)
        await asyncio.to_thread(self._process.wait)
