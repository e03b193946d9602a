"""One running instance of a built submission, which we may stop, kill and start again."""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from worksample.errors import StartFailed
from worksample.sandbox import Command, Exit, LaunchError, LogFile, Program, processes, run
from worksample.sandbox.ports import free_port, is_free
from worksample.services.base import Resource
from worksample.stacks.building import is_wrapped, shell, words
from worksample.stacks.plan import Built
from worksample.stacks.settings import Line
from worksample.targets.causes import start_cause
from worksample.targets.environment import environment, masked, without_secrets
from worksample.targets.starting import NotReady, Wait

RELEASE_SECONDS = 300.0
LOG_LINES = 40
ATTEMPTS = 3
IN_USE = re.compile(r"(?i)EADDRINUSE|address (is )?already in use|port \d+ is in use")
_instances = itertools.count(1)


def wants_a_taken_port(error: StartFailed) -> bool:
    """Whether a server did not start because it wants a port that another program has."""
    return bool(IN_USE.search(error.log))


class Target:
    """A server that runs. Several may run from one build, on one database.

    `ready` is the path that a ready server answers ("" for any). `log` holds what it printed (also
    over restarts); `settle_log()` before and after a request gives the positions that frame what
    was printed in between.
    """

    controllable = True

    def __init__(self, built: Built, resources: Sequence[Resource], ready: str, home: Path) -> None:
        self.built = built
        self.port = built.settings.port or free_port()
        self.host = "127.0.0.1"
        self.home = home
        self.log = LogFile(home / "log")
        self._resources = tuple(resources)
        self.ready = built.settings.ready or ready
        self._stack = AsyncExitStack()
        self._program: Program | None = None
        self._last_exit: Exit | None = None
        self._cpu_before = 0.0

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        built: Built,
        resources: Sequence[Resource] = (),
        *,
        ready: str = "",
        release: bool = True,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> AsyncIterator[Target]:
        """Run the release command (unless `release` is false), start the server, wait until ready.

        `resources` (a database ...) give their variables; `ready` is the path to ask when
        worksample.toml names none; `on_line` gets the release command's output. Afterwards the
        server and all that descended from it are stopped. Raises `StartFailed` with command,
        environment, last log lines and likely cause.
        """
        home = built.room / f"instance-{next(_instances)}"
        (home / "tmp").mkdir(parents=True)
        target = cls(built, resources, ready, home)
        async with target._stack:
            if release and built.recognition.release:
                await target._release(built.recognition.release, on_line)
            await target._first_start()
            try:
                yield target
            finally:
                await target.stop()

    @property
    def base_url(self) -> str:
        """Scheme, host and port, with no slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the server's own process runs."""
        return self._program is not None and self._program.exit is None

    @property
    def exit(self) -> Exit | None:
        """How the server's process ended last, None while it runs."""
        return None if self.alive else (self._program and self._program.exit) or self._last_exit

    @property
    def exit_description(self) -> str:
        """How it ended, in words: `exit code 1`, `killed by SIGSEGV`; empty while it runs."""
        return str(self.exit) if self.exit else ""

    async def settle_log(self) -> int:
        """Return the log's position once all that the server printed until now is in the log."""
        if self._program is not None:
            return await self._program.settle_log()
        return self.log.position

    def printed(self, mark: int = 0) -> str:
        """Return what the server printed since the log's position `mark`, fit to be shown."""
        return without_secrets(self.log.text(mark), self.environment())

    def pids(self) -> list[int]:
        """Return the pids of the server and of all that descended from it."""
        return processes.descendants(self._program.keeper) if self._program else []

    def cpu_seconds(self) -> float:
        """Return the CPU seconds (user and system) of all its processes, over restarts too."""
        if self._program is None:
            return self._cpu_before
        return self._cpu_before + processes.cpu_seconds(self._program.keeper)

    def environment(self) -> dict[str, str]:
        """Return the environment of the server, secrets included."""
        return environment(self.built, self.port, self.home, self._resources)

    async def stop(self) -> Exit | None:
        """Ask the server to end (SIGTERM), insist after stop_timeout, end all its descendants."""
        return await self._end(None)

    async def terminate(self) -> Exit | None:
        """Send SIGTERM and wait up to stop_timeout; None if it still runs then."""
        if self._program is None:
            return self.exit
        await self._program.signal(signal.SIGTERM, group=self._program.command.group)
        return await self._program.wait(self.built.settings.stop_timeout)

    async def kill(self) -> Exit | None:
        """Kill the server and all its processes at once (SIGKILL), as a crash would."""
        if self._program is not None:
            await self._program.signal(signal.SIGKILL, group=True)
        return await self._end(0.0)

    async def wait(self, seconds: float) -> Exit | None:
        """Wait until the server's own process ends; None if it still runs after `seconds`."""
        return await self._program.wait(seconds) if self._program is not None else self.exit

    async def restart(self) -> None:
        """Stop the server if it runs, and start it again: same port, same resources, same log.

        The release command is not run again. Raises `StartFailed`.
        """
        await self.stop()
        await self.begin()

    async def begin(self) -> None:
        """Start the stopped server; return when it is ready. Raises `StartFailed`."""
        argv = shell(self.built.recognition.start)
        command = Command(
            argv,
            self.built.cwd,
            self.environment(),
            stop=((signal.SIGTERM, self.built.settings.stop_timeout),),
            group=is_wrapped(argv),
        )
        mark = self.log.position
        wait_for = self.built.settings.start_timeout
        try:
            self._program = await self._stack.enter_async_context(Program.start(command, self.log))
            self.host = await Wait(self._program, self.port, self.ready, wait_for).ready()
        except LaunchError as error:
            raise self._failed(NotReady(str(error)), mark) from error
        except NotReady as reason:
            await self._end(1.0)
            raise self._failed(reason, mark) from reason

    async def _first_start(self) -> None:
        """Start; if somebody took our port in between, take another."""
        if self.built.settings.port and not is_free(self.port):
            raise self._port_taken()
        for attempt in range(ATTEMPTS):
            try:
                return await self.begin()
            except StartFailed as error:
                if attempt == ATTEMPTS - 1 or not self._lost_the_port(error):
                    raise
                self.port = free_port()
        return None

    def _lost_the_port(self, error: StartFailed) -> bool:
        """Whether the server ended because another program took the port that we chose for it."""
        chosen = self.built.settings.port == 0
        return chosen and wants_a_taken_port(error) and not is_free(self.port)

    async def _release(self, line: Line, on_line: Callable[[str], None]) -> None:
        log = LogFile(self.home / "release-log")
        env = self.environment()
        command = Command(shell(line), self.built.cwd, env)
        try:
            done = await run(command, log, timeout=RELEASE_SECONDS, on_line=on_line)
            how = str(done.exit) if done.exit else f"not finished after {RELEASE_SECONDS:.0f} s"
        except LaunchError as error:
            raise self._refusal(f"the release command failed: {error}", line, "") from error
        if not done.ok:
            raise StartFailed(
                f"the release command failed ({how})",
                hint=start_cause(log.text()),
                command=words(line),
                environment=masked(env),
                log=without_secrets(log.lines(LOG_LINES), env),
            )

    async def _end(self, grace: float | None) -> Exit | None:
        if self._program is not None:
            self._cpu_before = self.cpu_seconds()
            self._last_exit = await self._program.stop(grace)
            self._program = None
            await self._stack.aclose()
        return self._last_exit

    def _failed(self, reason: NotReady, mark: int) -> StartFailed:
        printed = self.printed(mark)
        hint = reason.hint or start_cause(printed)
        return self._refusal(reason.message, self.built.recognition.start, hint, printed)

    def _refusal(self, message: str, line: Line, hint: str, printed: str = "") -> StartFailed:
        return StartFailed(
            message,
            hint=hint,
            command=words(line),
            environment=masked(self.environment()),
            log="\n".join(printed.splitlines()[-LOG_LINES:]),
        )

    def _port_taken(self) -> StartFailed:
        return self._refusal(
            f"port {self.port} ([run] port in worksample.toml) is taken on this machine",
            self.built.recognition.start,
            "stop the program that listens there, or let the server read PORT and drop the line",
        )
