"""Start the program of a service: until it is ready, and on another port if its own was taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from worksample.errors import ServiceUnavailable
from worksample.messages import message
from worksample.sandbox import Command, LogFile, Program

READY_SECONDS = 60.0
POLL_SECONDS = 0.005
PORT_ATTEMPTS = 5
LAST_LINES = 20
Started = TypeVar("Started")


class PortTaken(ServiceUnavailable):
    """Another program took the port between its choice and the start of the service."""


@dataclass(frozen=True, slots=True)
class ServiceProgram:
    """A program, and how its log is read.

    name: as its makers write it; port_taken: what it logs if its port is in use; hint: which
    installation it is from, for whoever must mend it.
    """

    name: str
    port_taken: str
    hint: str

    @asynccontextmanager
    async def start(
        self, command: Command, log: LogFile, is_ready: Callable[[Program], bool]
    ) -> AsyncIterator[Program]:
        """Run `command`, whose output goes to `log`, until the block ends.

        The block begins once `is_ready`. Raises `PortTaken`, or `ServiceUnavailable` with the last
        lines of the log if the program ends first, or is not ready within 60 s.
        """
        mark = log.position
        async with Program.start(command, log) as program:
            deadline = asyncio.get_running_loop().time() + READY_SECONDS
            while not is_ready(program):
                late = asyncio.get_running_loop().time() > deadline
                if late or program.exit is not None:
                    raise self._did_not_start(program, log.text(mark))
                await asyncio.sleep(POLL_SECONDS)
            yield program

    def _did_not_start(self, program: Program, printed: str) -> ServiceUnavailable:
        late = message("not ready within {seconds} s", seconds=f"{READY_SECONDS:.0f}")
        kind = PortTaken if self.port_taken in printed else ServiceUnavailable
        return kind(
            message(
                "{program} did not start ({cause}); the end of its log:\n{lines}",
                program=self.name,
                cause=program.exit or late,
                lines="\n".join(printed.splitlines()[-LAST_LINES:]),
            ),
            hint=self.hint,
        )


async def on_a_free_port(launch: Callable[[], Awaitable[Started]]) -> Started:
    """Return what `launch` returns; call it again, up to five times, if it raises `PortTaken`.

    `launch` chooses another port each time.
    """
    for _ in range(PORT_ATTEMPTS - 1):
        try:
            return await launch()
        except PortTaken:
            continue
    return await launch()
