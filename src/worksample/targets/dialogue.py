"""A submission as a program that talks in lines of JSON, on standard input and standard output."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksample.errors import DialogueFailed
from worksample.messages import message
from worksample.sandbox import Command, LaunchError, LogFile, Program
from worksample.stacks.build_plan import BuiltSubmission
from worksample.stacks.building import format_command, shell_argv
from worksample.targets.environment import environment, mask_secrets

_CHUNK = 65536
_LOG_LINES = 40
_numbers = itertools.count(1)
#: Turns two named pipes into standard input and output, says so with an empty line, and becomes
#: the program. Standard error stays in the log.
_ON_PIPES = 'exec <"$1" >"$2"; shift 2; echo; exec "$@"'


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take: seconds for one answer, and bytes of output in all."""

    answer_seconds: float = 10.0
    output_bytes: int = 16 * 1024 * 1024


class Dialogue:
    """A running program: `say` sends it a value, `hear` returns its next one, `ask` does both."""

    def __init__(self, built: BuiltSubmission, home: Path, limits: Limits) -> None:
        self.limits = limits
        self.log = LogFile(home / "log")
        self._start_command = format_command(built.detection.start)
        self._command = _command(built, home)
        self._pipes = _Pipes(home)
        self._program: Program | None = None
        self._unread = b""
        self._received = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, built: BuiltSubmission, limits: Limits | None = None
    ) -> AsyncIterator[Dialogue]:
        """Start the program of `built`; stop it and its descendants at exit.

        Raises `DialogueFailed` if it cannot be started.
        """
        home = built.scratch / f"dialogue-{next(_numbers)}"
        (home / "tmp").mkdir(parents=True)
        dialogue = cls(built, home, limits or Limits())
        with dialogue._pipes.opened():
            try:
                async with Program.start(dialogue._command, dialogue.log) as program:
                    dialogue._program = program
                    await dialogue._read_line()
                    yield dialogue
            except LaunchError as error:
                raise dialogue._failed(
                    message("cannot be started: {error}", error=error)
                ) from error

    async def ask(self, value: Any) -> Any:
        """Send `value` and return the answer. Raises `DialogueFailed`."""
        await self.say(value)
        return await self.hear()

    async def say(self, value: Any) -> None:
        """Send `value` as one line; raise `DialogueFailed` if the program does not read it."""
        line = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        while line := line[self._pipes.write(line) :]:
            self._receive()
            await self._wait("did not read its input", to_write=True)

    async def hear(self) -> Any:
        """Return the value on the next line of output.

        Raises `DialogueFailed` if there is none in time, if it is not JSON, if the program has
        ended, or if it has printed too much.
        """
        line = await self._read_line()
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            shown = line[:200].decode(errors="replace")
            raise self._failed(
                message("printed a line that is not JSON: {shown}", shown=shown)
            ) from None

    async def finish(self) -> None:
        """Close standard input and wait until the program ends; raise `DialogueFailed`."""
        self._pipes.close_input()
        while self._program is not None and self._program.exit is None:
            self._receive()
            await self._wait("did not end after its last input")

    async def _read_line(self) -> bytes:
        while b"\n" not in self._unread:
            ended = self._program is None or self._program.exit is not None
            if self._receive():
                continue
            if ended:
                raise self._failed("ended without an answer")
            await self._wait("did not answer")
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _receive(self) -> bool:
        """Read what the program has printed; return whether it was anything."""
        chunk = self._pipes.read()
        self._unread += chunk
        self._received += len(chunk)
        if self._received > self.limits.output_bytes:
            raise self._failed(
                message("printed more than {limit} bytes", limit=self.limits.output_bytes)
            )
        return bool(chunk)

    async def _wait(self, what: str, *, to_write: bool = False) -> None:
        """Wait until the program prints, reads (`to_write`) or ends."""
        assert self._program is not None
        seconds = self.limits.answer_seconds
        with self._pipes.ready(to_write) as ready:
            exited = asyncio.ensure_future(self._program.wait())
            try:
                done, _ = await asyncio.wait(
                    (ready, exited), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                exited.cancel()
        if not done:
            raise self._failed(
                message("{what} within {seconds} s", what=what, seconds=f"{seconds:g}")
            )
        if to_write and exited in done:
            raise self._failed("ended before it had read its input")

    def _failed(self, what: str) -> DialogueFailed:
        return DialogueFailed(
            message("The program {what}.", what=what),
            hint="Read one line of JSON from standard input, print one line of JSON to standard "
            "output, and flush it. Everything else belongs on standard error.",
            command=self._start_command,
            environment=mask_secrets(self._command.env),
            log=self.log.lines(_LOG_LINES),
        )


def _command(built: BuiltSubmission, home: Path) -> Command:
    variables = environment(built, 0, home)
    kept = {name: value for name, value in variables.items() if name not in ("PORT", "HOST")}
    pipes = [str(home / name) for name in ("input", "output")]
    argv = ("/bin/sh", "-c", _ON_PIPES, "sh", *pipes, *shell_argv(built.detection.start))
    return Command(argv, built.cwd, kept, group=True)


class _Pipes:
    """Two named pipes in `folder`. Both ends are held open, so that neither open(2) blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._input = self._output = -1

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make and open the pipes; close them at exit."""
        try:
            self._input, self._output = self._open("input"), self._open("output")
            yield
        finally:
            self.close_input()
            if self._output >= 0:
                os.close(self._output)

    def _open(self, name: str) -> int:
        os.mkfifo(self._folder / name, 0o600)
        return os.open(self._folder / name, os.O_RDWR | os.O_NONBLOCK)

    def close_input(self) -> None:
        """Let the program see the end of its input."""
        if self._input >= 0:
            os.close(self._input)
        self._input = -1

    def write(self, data: bytes) -> int:
        """Write as much as fits; return how much that was."""
        try:
            return os.write(self._input, data)
        except BlockingIOError:
            return 0

    def read(self) -> bytes:
        """Return what can be read now; empty if there is nothing."""
        try:
            return os.read(self._output, _CHUNK)
        except BlockingIOError:
            return b""

    @contextmanager
    def ready(self, to_write: bool) -> Iterator[asyncio.Future[None]]:
        """Return what is done once there is output, or (`to_write`) room for input."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()

        def finish() -> None:
            if not ready.done():
                ready.set_result(None)

        loop.add_reader(self._output, finish)
        if to_write:
            loop.add_writer(self._input, finish)
        try:
            yield ready
        finally:
            loop.remove_reader(self._output)
            if to_write:
                loop.remove_writer(self._input)
            ready.cancel()
