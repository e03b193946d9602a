"""One running instance of a built submission: start, stop, kill, restart."""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from worksample.errors import StartFailed
from worksample.messages import message
from worksample.sandbox import Command, Exit, LaunchError, LogFile, Program, processes, run
from worksample.sandbox.ports import free_port, is_free
from worksample.services.base import Resource
from worksample.stacks.build_plan import BuiltSubmission
from worksample.stacks.building import format_command, runs_under_shell, shell_argv
from worksample.stacks.settings import CommandLine
from worksample.targets.causes import start_cause, unreachable_database
from worksample.targets.environment import environment, mask_secrets, redact_secrets
from worksample.targets.startup import NotReady, ReadinessWait

RELEASE_TIMEOUT = 300.0
LOG_LINES = 40
START_ATTEMPTS = 3
PORT_IN_USE = re.compile(r"(?i)EADDRINUSE|address (is )?already in use|port \d+ is in use")
_instances = itertools.count(1)


def is_port_conflict(error: StartFailed) -> bool:
    """Whether a server did not start because its port is in use by another program."""
    return bool(PORT_IN_USE.search(error.log))


class Target:
    """A running server. Several instances may run from one build, on one database.

    `ready` is the path of the readiness probe ("" if not configured). `starts` counts how often the
    server became ready. `log` holds the output of all restarts. Calling `flush_log()` before and
    after a request gives the two log positions between which its output lies.
    """

    controllable = True

    def __init__(
        self, built: BuiltSubmission, resources: Sequence[Resource], ready: str, home: Path
    ) -> None:
        self.built = built
        self.port = built.settings.port or free_port()
        self.host = "127.0.0.1"
        self.home = home
        self.log = LogFile(home / "log")
        self.resources = tuple(resources)
        self.ready = built.settings.ready or ready
        self.starts = 0
        self._stack = AsyncExitStack()
        self._program: Program | None = None
        self._last_exit: Exit | None = None
        self._cpu_seconds_before = 0.0

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        built: BuiltSubmission,
        resources: Sequence[Resource] = (),
        *,
        ready: str = "",
        release: bool = True,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> AsyncIterator[Target]:
        """Run the release command (unless `release` is false), start the server, wait until ready.

        `resources` (such as a database) add their variables to the environment; `ready` is the path
        to probe if worksample.toml names none; `on_line` receives the output of the release
        command. Afterwards the server and all its descendants are stopped. Raises `StartFailed`
        with command, environment, last log lines and likely cause.
        """
        home = built.scratch / f"instance-{next(_instances)}"
        (home / "tmp").mkdir(parents=True)
        target = cls(built, resources, ready, home)
        async with target._stack:
            if release:
                await target.release(on_line)
            await target._first_start()
            try:
                yield target
            finally:
                await target.stop()

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the server's main process is running."""
        return self._program is not None and self._program.exit is None

    @property
    def exit(self) -> Exit | None:
        """How the server's main process ended last; None while it runs."""
        return None if self.alive else (self._program and self._program.exit) or self._last_exit

    @property
    def exit_description(self) -> str:
        """The exit as text: `exit code 1`, `killed by SIGSEGV`; empty while the server runs."""
        return str(self.exit) if self.exit else ""

    async def flush_log(self) -> int:
        """Wait until all output printed so far is in the log; return the log's position."""
        if self._program is not None:
            return await self._program.flush_log()
        return self.log.position

    def printed(self, mark: int = 0, end: int | None = None) -> str:
        """Return the server's output from the log position `mark` to `end`, without secrets."""
        return redact_secrets(self.log.text(mark, end), self.environment())

    def pids(self) -> list[int]:
        """Return the pids of the server and all its descendants."""
        return processes.descendants(self._program.supervisor_pid) if self._program else []

    def cpu_seconds(self) -> float:
        """Return the CPU seconds (user and system) of all its processes, across restarts."""
        if self._program is None:
            return self._cpu_seconds_before
        return self._cpu_seconds_before + processes.cpu_seconds(self._program.supervisor_pid)

    def environment(self) -> dict[str, str]:
        """Return the environment of the server, secrets included."""
        return environment(self.built, self.port, self.home, self.resources)

    async def stop(self) -> Exit | None:
        """Send SIGTERM, then SIGKILL after `stop_timeout`, and end all descendants."""
        return await self._stop_program(None)

    async def terminate(self) -> Exit | None:
        """Send SIGTERM and wait up to `stop_timeout`; return None if the server still runs."""
        if self._program is None:
            return self.exit
        await self._program.signal(signal.SIGTERM, group=self._program.command.group)
        return await self._program.wait(self.built.settings.stop_timeout)

    async def kill(self) -> Exit | None:
        """Send SIGKILL to the server and all its processes, as in a crash."""
        if self._program is not None:
            await self._program.signal(signal.SIGKILL, group=True)
        return await self._stop_program(0.0)

    @property
    def wants_cpu(self) -> bool:
        """Whether the server computes just now, or would if it got a CPU."""
        return self._program is not None and processes.wants_cpu(self._program.supervisor_pid)

    async def wait(self, seconds: float) -> Exit | None:
        """Wait for the main process to end; return None if it still runs after `seconds`."""
        return await self._program.wait(seconds) if self._program is not None else self.exit

    async def restart(self) -> None:
        """Stop the server and start it again, with the same port, resources and log.

        The release command is not run again. Raises `StartFailed`.
        """
        await self.stop()
        await self.begin()

    async def release(self, on_line: Callable[[str], None] = lambda line: None) -> None:
        """Run the release command, if there is one; `on_line` receives its output.

        Raises `StartFailed` if it fails.
        """
        if line := self.built.detection.release:
            await self._run_release(line, on_line)

    async def begin(self) -> None:
        """Start the stopped server; return when it is ready. Raises `StartFailed`."""
        argv = shell_argv(self.built.detection.start)
        command = Command(
            argv,
            self.built.cwd,
            self.environment(),
            stop=((signal.SIGTERM, self.built.settings.stop_timeout),),
            group=runs_under_shell(argv),
        )
        mark = self.log.position
        wait_for = self.built.settings.start_timeout
        try:
            self._program = await self._stack.enter_async_context(Program.start(command, self.log))
            self.host = await ReadinessWait(self._program, self.port, self.ready, wait_for).ready()
            self.starts += 1
        except LaunchError as error:
            raise self._not_ready_error(NotReady(str(error)), mark) from error
        except NotReady as reason:
            await self._stop_program(1.0)
            raise self._not_ready_error(reason, mark) from reason

    async def _first_start(self) -> None:
        """Start the server; choose another port if another program took the first one."""
        if self.built.settings.port and not is_free(self.port):
            raise self._port_taken_error()
        for attempt in range(START_ATTEMPTS):
            try:
                return await self.begin()
            except StartFailed as error:
                if attempt == START_ATTEMPTS - 1 or not self._lost_port_race(error):
                    raise
                self.port = free_port()
        return None

    def _lost_port_race(self, error: StartFailed) -> bool:
        """Whether the server ended because another program took the port chosen for it."""
        chosen = self.built.settings.port == 0
        return chosen and is_port_conflict(error) and not is_free(self.port)

    async def _run_release(self, line: CommandLine, on_line: Callable[[str], None]) -> None:
        log = LogFile(self.home / "release-log")
        env = self.environment()
        command = Command(shell_argv(line), self.built.cwd, env)
        try:
            done = await run(command, log, timeout=RELEASE_TIMEOUT, on_line=on_line)
            how = (
                str(done.exit)
                if done.exit
                else message("not finished after {seconds} s", seconds=f"{RELEASE_TIMEOUT:.0f}")
            )
        except LaunchError as error:
            raise self._start_error(
                message("the release command failed: {error}", error=error), line, ""
            ) from error
        if not done.ok:
            printed = redact_secrets(log.text(), env)
            failed = message("the release command failed ({how})", how=how)
            if unreachable := unreachable_database(printed):
                failed = message(
                    "the release command cannot reach the database: {line} ({failed})",
                    line=unreachable,
                    failed=failed,
                )
            hint = start_cause(printed, self.built.detection.stack)
            raise self._start_error(failed, line, hint, printed)

    async def _stop_program(self, grace: float | None) -> Exit | None:
        if self._program is not None:
            self._cpu_seconds_before = self.cpu_seconds()
            self._last_exit = await self._program.stop(grace)
            self._program = None
            await self._stack.aclose()
        return self._last_exit

    def _not_ready_error(self, reason: NotReady, mark: int) -> StartFailed:
        printed = self.printed(mark)
        unreachable = "" if reason.hint else unreachable_database(printed)
        if unreachable:
            return self.unreachable_error(unreachable, reason.message, printed)
        hint = reason.hint or start_cause(printed, self.built.detection.stack)
        return self._start_error(reason.message, self.built.detection.start, hint, printed)

    def unreachable_error(self, line: str, effect: str, printed: str) -> StartFailed:
        """Return the error of a server that cannot reach its database.

        `line` of what it `printed` shows that, and `effect` says what came of it.
        """
        told = message(
            "the server cannot reach its database: {line} ({effect})", line=line, effect=effect
        )
        hint = start_cause(printed, self.built.detection.stack)
        return self._start_error(told, self.built.detection.start, hint, printed)

    def _start_error(
        self, message: str, line: CommandLine, hint: str, printed: str = ""
    ) -> StartFailed:
        return StartFailed(
            message,
            hint=hint,
            command=format_command(line),
            environment=mask_secrets(self.environment()),
            log="\n".join(printed.splitlines()[-LOG_LINES:]),
        )

    def _port_taken_error(self) -> StartFailed:
        return self._start_error(
            message(
                "port {port} ([run] port in worksample.toml) is already in use on this machine",
                port=self.port,
            ),
            self.built.detection.start,
            "stop the program that uses it, or let the server read PORT and remove [run] port",
        )
