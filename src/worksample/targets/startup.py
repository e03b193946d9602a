"""Wait until a server is ready, or explain why it is not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from worksample.messages import message
from worksample.sandbox import Program
from worksample.sandbox.processes import (
    CpuWaits,
    ListeningSocket,
    cpu_seconds,
    descendants,
    listening_sockets,
)
from worksample.targets.readiness import ProbeResult, probe

LOOPBACK = ("127.0.0.1", "::1")
FIRST_DELAY, MAX_DELAY = 0.01, 0.1
INSPECT_EVERY = 0.5
IDLE_SECONDS = 5.0
IDLE_CPU_SHARE = 0.05
PROBE_TIMEOUT = 15.0
UNKNOWN_OWNER_SECONDS = 3.0
#: Time in which other programs had the CPU is not counted, up to so many times the time limit.
LONGEST_WAIT = 10
PROGRAM_ENDED = ProbeResult(0, "ended", connected=False)


class NotReady(Exception):
    """The server did not become ready; the message states what was observed."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(slots=True)
class ReadinessWait:
    """Waits until one program is ready on `port`.

    The program is ready when GET `path` answers with a status below 500. If `path` is "", the
    request goes to "/" and a persistent 5xx counts as ready too, because the API may work although
    the front page does not. `timeout` is in seconds; those in which the program waited for a CPU
    that other programs used do not count.
    """

    program: Program
    port: int
    path: str
    timeout: float
    hosts: list[str] = field(default_factory=lambda: list(LOOPBACK))
    result: ProbeResult | None = None
    other_sockets: list[ListeningSocket] = field(default_factory=list)
    _cpu: float = 0.0
    _inspected: float = 0.0
    _lost: float = 0.0
    _waits: CpuWaits = field(init=False)
    _idle_since: float = 0.0
    _server_error_since: float = 0.0
    _unknown_owner_since: float = 0.0

    def __post_init__(self) -> None:
        self._waits = CpuWaits(self.program.supervisor_pid)

    async def ready(self) -> str:
        """Return the host address on which the server is ready; raises `NotReady`."""
        clock = asyncio.get_running_loop().time
        started = self._inspected = self._idle_since = clock()
        delay = FIRST_DELAY
        while True:
            if self.program.exit is not None:
                raise self._ended_error()
            left = started + self.timeout + self._uncounted - clock()
            if left <= 0:
                await self._inspect(clock())
                if started + self.timeout + self._uncounted <= clock():
                    raise self._timeout_error()
                continue
            host = await self._probe_all(min(left, PROBE_TIMEOUT))
            if host and await self._port_is_ours():
                return host
            if clock() - self._inspected >= INSPECT_EVERY:
                await self._inspect(clock())
            await self.program.wait(min(delay, max(left, FIRST_DELAY)))
            delay = min(delay * 1.25, MAX_DELAY)

    def _ended_error(self) -> NotReady:
        left = self.program.exit is not None and descendants(self.program.supervisor_pid)
        hint = "it continued in the background: keep it in the foreground" if left else ""
        return NotReady(
            message("the server ended before it was ready ({exit})", exit=self.program.exit), hint
        )

    async def _probe_all(self, seconds: float) -> str:
        for host in self.hosts:
            result = await self._probe(host, seconds)
            if result.connected and not (result.timed_out and self.result):
                self.result = result
            if self._is_ready(result):
                return host
        return ""

    async def _probe(self, host: str, seconds: float) -> ProbeResult:
        """Probe once; stop when the program exits."""
        probing = asyncio.create_task(probe(host, self.port, self.path or "/", seconds))
        ending = asyncio.create_task(self.program.wait())
        await asyncio.wait((probing, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not probing.done():
            probing.cancel()
        await asyncio.gather(probing, ending, return_exceptions=True)
        return PROGRAM_ENDED if probing.cancelled() else probing.result()

    async def _port_is_ours(self) -> bool:
        """Whether the program itself answered, not another one that took the port first.

        If none of its processes listens on the port (a container may do so for it), give the
        program time to exit, as a program does that cannot bind its port.
        """
        now = asyncio.get_running_loop().time()
        pids = descendants(self.program.supervisor_pid)
        found = await asyncio.to_thread(listening_sockets, pids)
        self._unknown_owner_since = self._unknown_owner_since or now
        known = any(each.port == self.port for each in found)
        return self.program.exit is None and (
            known or now - self._unknown_owner_since >= UNKNOWN_OWNER_SECONDS
        )

    def _is_ready(self, result: ProbeResult) -> bool:
        if 0 < result.status < 500:
            return True
        now = asyncio.get_running_loop().time()
        if not result.status:
            return False
        self._server_error_since = self._server_error_since or now
        return not self.path and now - self._server_error_since >= IDLE_SECONDS

    @property
    def _uncounted(self) -> float:
        """The seconds by which the time limit is extended."""
        return min(self._lost, (LONGEST_WAIT - 1) * self.timeout)

    async def _inspect(self, now: float) -> None:
        """Update the listening sockets and how long the program had no CPU.

        Raises `NotReady` if the program idles on another port.
        """
        seconds, self._inspected = now - self._inspected, now
        lost = self._waits.lost(seconds)
        self._lost += lost
        await self._inspect_sockets(now, starved=lost > seconds / 2)

    async def _inspect_sockets(self, now: float, *, starved: bool) -> None:
        pids = descendants(self.program.supervisor_pid)
        found = await asyncio.to_thread(listening_sockets, pids)
        on_port = [each for each in found if each.port == self.port]
        self.hosts = list(dict.fromkeys([*LOOPBACK, *_loopback_addresses(on_port)]))
        self.other_sockets = [
            each for each in found if each not in on_port or not each.reaches_loopback
        ]
        cpu = cpu_seconds(self.program.supervisor_pid)
        busy = starved or cpu - self._cpu > IDLE_CPU_SHARE * INSPECT_EVERY
        self._cpu = cpu
        if busy or not self.other_sockets or self._reachable(on_port):
            self._idle_since = now
        elif now - self._idle_since >= IDLE_SECONDS:
            raise self._wrong_address_error()

    def _reachable(self, on_port: list[ListeningSocket]) -> bool:
        return any(each.reaches_loopback for each in on_port)

    def _wrong_address_error(self) -> NotReady:
        other = self.other_sockets[0]
        if other.port == self.port:
            return NotReady(
                message(
                    "the server listens on {address} only, which is not a loopback address",
                    address=other.address,
                ),
                "listen on $HOST (127.0.0.1) or on all addresses (0.0.0.0)",
            )
        return NotReady(
            message(
                "the server listens on port {port}, not on $PORT ({expected})",
                port=other.port,
                expected=self.port,
            ),
            message(
                "read the port from the variable PORT, or set [run] port = {port} in "
                "worksample.toml",
                port=other.port,
            ),
        )

    def _timeout_error(self) -> NotReady:
        if self.result is None and self.other_sockets:
            return self._wrong_address_error()
        what = str(self.result)
        if self.result is None:
            what = message("never listened on port {port}", port=self.port)
        elif self.result.status:
            what = message(
                "answers {status} to GET {path}", status=self.result.status, path=self.path or "/"
            )
        return NotReady(
            message(
                "the server was not ready within {seconds} s: it {what}",
                seconds=f"{self.timeout:.0f}",
                what=what,
            )
        )


def _loopback_addresses(found: list[ListeningSocket]) -> list[str]:
    wild = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return [each.address for each in found if each.reaches_loopback and each.address not in wild]
