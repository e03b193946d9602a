"""Run a program under a supervisor: own session, no input, bounded output, full cleanup."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from worksample.errors import InternalError
from worksample.messages import message
from worksample.sandbox.logfile import LogFile
from worksample.sandbox.supervisor_client import Message, SupervisorClient

DEFAULT_STOP: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 5.0),)
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Command:
    """What to run: program and arguments, working folder and the complete environment.

    `user` is the (uid, gid) to run as; it requires root. `stop` lists the signals of a graceful
    shutdown, each with the seconds to wait before the next; SIGKILL follows the last. With `group`
    the signals go to the whole process group, for a program that runs under a shell.
    """

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    user: tuple[int, int] | None = None
    stop: tuple[tuple[int, float], ...] = DEFAULT_STOP
    group: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """How a program ended: with an exit code or by a signal (exactly one is not None)."""

    code: int | None
    signal: int | None

    @classmethod
    def from_wait_status(cls, status: int) -> Exit:
        """Decode a status as returned by os.waitpid."""
        if os.WIFSIGNALED(status):
            return cls(None, os.WTERMSIG(status))
        return cls(os.WEXITSTATUS(status), None)

    def __str__(self) -> str:
        if self.signal is not None:
            return message("killed by {name}", name=signal.Signals(self.signal).name)
        return message("exit code {code}", code=self.code)


class LaunchError(InternalError):
    """The program could not be executed (not found, not executable, no such folder)."""


class Program:
    """A running program. `supervisor_pid` is the pid of its parent, the supervisor."""

    def __init__(self, command: Command, log: LogFile, supervisor: SupervisorClient) -> None:
        self.command = command
        self.log = log
        self.pid = 0
        self.supervisor_pid = supervisor.pid
        self._disconnected = False
        self._supervisor = supervisor
        loop = asyncio.get_running_loop()
        self._started: asyncio.Future[int] = loop.create_future()
        # An interrupt while the request is sent leaves this future without a reader.
        self._started.add_done_callback(lambda it: it.cancelled() or it.exception())
        self._exit: asyncio.Future[Exit] = loop.create_future()
        self._stopped = asyncio.Event()
        self._pending_flushes: deque[asyncio.Future[None]] = deque()
        supervisor.on_message = self._on_message

    @classmethod
    @asynccontextmanager
    async def start(cls, command: Command, log: LogFile) -> AsyncIterator[Program]:
        """Run `command` with its output in `log`; stop it and its descendants afterwards.

        Raises `LaunchError` with the system's error.
        """
        supervisor = SupervisorClient.start()
        program = cls(command, log, supervisor)
        try:
            await program._send_run_request()
            yield program
        finally:
            await supervisor.close()
            program._on_message({"disconnected": True})

    async def _send_run_request(self) -> None:
        command = self.command
        await self._supervisor.send(
            command="run",
            argv=list(command.argv),
            env=dict(command.env),
            cwd=str(command.cwd),
            log=str(self.log.path),
            log_head=self.log.head,
            log_tail=self.log.tail,
            user=command.user,
            stop=[[int(number), seconds] for number, seconds in command.stop],
            group=command.group,
        )
        self.pid = await self._started

    def _on_message(self, event: Message) -> None:
        if "started" in event and not self._started.done():
            self._started.set_result(event["started"])
        elif "failed" in event and not self._started.done():
            program, reason = self.command.argv[0], event["failed"]
            failed = message("{program}: {reason}", program=program, reason=reason)
            self._started.set_exception(LaunchError(failed))
        elif "exited" in event and not self._exit.done():
            self._exit.set_result(Exit.from_wait_status(event["exited"]))
        elif "stopped" in event:
            self._stopped.set()
        elif "log_flushed" in event and self._pending_flushes:
            _finish(self._pending_flushes.popleft())
        elif "disconnected" in event:
            self._on_disconnect()

    def _on_disconnect(self) -> None:
        self._disconnected = True
        self._stopped.set()
        while self._pending_flushes:
            _finish(self._pending_flushes.popleft())
        if not self._started.done():
            self._started.set_exception(
                LaunchError(
                    message("{program}: its supervisor was killed", program=self.command.argv[0])
                )
            )
        if not self._exit.done():
            self._exit.set_result(Exit(None, signal.SIGKILL))

    @property
    def exit(self) -> Exit | None:
        """How the program ended, or None while it runs."""
        return self._exit.result() if self._exit.done() else None

    async def wait(self, timeout: float | None = None) -> Exit | None:
        """Wait until the program ends; None if it still runs after `timeout` seconds."""
        await asyncio.wait([self._exit], timeout=timeout)
        return self.exit

    async def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the program, or to its whole process group."""
        await self._supervisor.send(command="signal", signal=int(number), group=group)

    async def flush_log(self) -> int:
        """Wait until all output printed so far is in the log; return the log's position."""
        if not self._disconnected:
            flushed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._pending_flushes.append(flushed)
            await self._supervisor.send(command="flush_log")
            await flushed
        return self.log.position

    async def stop(self, grace: float | None = None) -> Exit | None:
        """Shut down gracefully, kill every descendant and return how the program ended.

        `grace` replaces the seconds of the command's `stop` signals.
        """
        await self._supervisor.send(command="stop", grace=grace)
        await self._stopped.wait()
        return self.exit


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


@dataclass(frozen=True, slots=True)
class Finished:
    """A completed one-shot run: its exit (None if stopped at the timeout) and its log."""

    exit: Exit | None
    log: LogFile

    @property
    def ok(self) -> bool:
        """Whether it ended with exit code 0."""
        return self.exit is not None and self.exit.code == 0


async def run(
    command: Command,
    log: LogFile,
    *,
    timeout: float,
    on_line: Callable[[str], None] = lambda line: None,
) -> Finished:
    """Run `command` to its end or stop it after `timeout` seconds; pass its lines to `on_line`.

    `on_line` receives each decoded line without its line ending, about 50 ms after it was printed,
    but not the output that the bounded log dropped. Raises `LaunchError`.
    """
    reader = _LineReader(log, on_line)
    async with Program.start(command, log) as program:
        deadline = asyncio.get_running_loop().time() + timeout
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            if await program.wait(min(POLL_SECONDS, left)):
                break
            reader.read()
        ended = program.exit
        await program.stop(grace=1.0)
        reader.read(last=True)
    return Finished(ended, log)


class _LineReader:
    """Follows a log and passes each complete line to `on_line` once."""

    def __init__(self, log: LogFile, on_line: Callable[[str], None]) -> None:
        self.log, self.on_line = log, on_line
        self.at = log.position
        self.rest = b""

    def read(self, last: bool = False) -> None:
        now = self.log.position
        *lines, self.rest = (self.rest + self.log.slice(self.at, now)).split(b"\n")
        self.at = now
        if last and self.rest:
            lines.append(self.rest)
        for line in lines:
            self.on_line(line.decode(errors="replace").rstrip("\r"))
