"""Wait until a server is ready, and tell why if it never is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from worksample.sandbox import Program
from worksample.sandbox.processes import (
    Listener,
    cpu_seconds,
    descendants,
    listeners,
)
from worksample.targets.readiness import Answer, ask

LOOPBACK = ("127.0.0.1", "::1")
FIRST_STEP, LAST_STEP = 0.01, 0.1
LOOK_EVERY = 0.5
IDLE_SECONDS = 5.0
IDLE_SHARE = 0.05
ONE_ANSWER = 15.0
FOREIGN_SECONDS = 3.0
NOBODY = Answer(0, "ended", reached=False)


class NotReady(Exception):
    """The server will not become ready; the message says what was seen."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(slots=True)
class Wait:
    """Waiting for one program to be ready on `port`.

    `path` is asked; an answer below 500 is ready. With no path named ("/" is asked then), an
    answer of 5xx that lasts is taken too: the front page may be broken where the API is not.
    """

    program: Program
    port: int
    path: str
    timeout: float
    hosts: list[str] = field(default_factory=lambda: list(LOOPBACK))
    answer: Answer | None = None
    elsewhere: list[Listener] = field(default_factory=list)
    _cpu: float = 0.0
    _quiet_since: float = 0.0
    _bad_since: float = 0.0
    _foreign_since: float = 0.0

    async def ready(self) -> str:
        """Return the host on which the server is ready; raises `NotReady`."""
        clock = asyncio.get_running_loop().time
        started = looked = self._quiet_since = clock()
        step = FIRST_STEP
        while True:
            if self.program.exit is not None:
                raise self._ended()
            left = started + self.timeout - clock()
            if left <= 0:
                await self._look(clock())
                raise self._too_late()
            host = await self._ask_all(min(left, ONE_ANSWER))
            if host and await self._is_ours():
                return host
            if clock() - looked >= LOOK_EVERY:
                looked = clock()
                await self._look(looked)
            await self.program.wait(min(step, max(left, FIRST_STEP)))
            step = min(step * 1.25, LAST_STEP)

    def _ended(self) -> NotReady:
        left = self.program.exit is not None and descendants(self.program.keeper)
        hint = "it went on in the background: let it stay in the foreground" if left else ""
        return NotReady(f"the server ended before it was ready ({self.program.exit})", hint)

    async def _ask_all(self, seconds: float) -> str:
        for host in self.hosts:
            answer = await self._ask(host, seconds)
            if answer.reached and not (answer.silent and self.answer):
                self.answer = answer
            if self._good(answer):
                return host
        return ""

    async def _ask(self, host: str, seconds: float) -> Answer:
        """Ask once; the end of the program ends the question too."""
        asking = asyncio.create_task(ask(host, self.port, self.path or "/", seconds))
        ending = asyncio.create_task(self.program.wait())
        await asyncio.wait((asking, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not asking.done():
            asking.cancel()
        await asyncio.gather(asking, ending, return_exceptions=True)
        return NOBODY if asking.cancelled() else asking.result()

    async def _is_ours(self) -> bool:
        """Whether it is the program that answered, not another that took the port before it.

        Where nobody of its processes is seen to listen (it may have let a container do it), the
        program is given a while to end, as one does that cannot have its port.
        """
        now = asyncio.get_running_loop().time()
        pids = descendants(self.program.keeper)
        found = await asyncio.to_thread(listeners, pids)
        self._foreign_since = self._foreign_since or now
        known = any(each.port == self.port for each in found)
        return self.program.exit is None and (known or now - self._foreign_since >= FOREIGN_SECONDS)

    def _good(self, answer: Answer) -> bool:
        if 0 < answer.status < 500:
            return True
        now = asyncio.get_running_loop().time()
        if not answer.status:
            return False
        self._bad_since = self._bad_since or now
        return not self.path and now - self._bad_since >= IDLE_SECONDS

    async def _look(self, now: float) -> None:
        """See where the program listens; if it sits idle on another port, say so at once."""
        pids = descendants(self.program.keeper)
        found = await asyncio.to_thread(listeners, pids)
        mine = [each for each in found if each.port == self.port]
        self.hosts = list(dict.fromkeys([*LOOPBACK, *_loopback_addresses(mine)]))
        self.elsewhere = [each for each in found if each not in mine or not each.reaches_loopback]
        cpu = cpu_seconds(self.program.keeper)
        busy = cpu - self._cpu > IDLE_SHARE * LOOK_EVERY
        self._cpu = cpu
        if busy or not self.elsewhere or self._reachable(mine):
            self._quiet_since = now
        elif now - self._quiet_since >= IDLE_SECONDS:
            raise self._wrong_place()

    def _reachable(self, mine: list[Listener]) -> bool:
        return any(each.reaches_loopback for each in mine)

    def _wrong_place(self) -> NotReady:
        other = self.elsewhere[0]
        if other.port == self.port:
            return NotReady(
                f"the server listens on {other.address} only, which is not this machine's loopback",
                "listen on $HOST (127.0.0.1) or on every address (0.0.0.0)",
            )
        return NotReady(
            f"the server listens on port {other.port}, not on $PORT ({self.port})",
            f"read the port from the variable PORT, or set [run] port = {other.port} in "
            "worksample.toml",
        )

    def _too_late(self) -> NotReady:
        if self.answer is None and self.elsewhere:
            return self._wrong_place()
        if self.answer is None:
            what = f"never listened on port {self.port}"
        elif self.answer.status:
            what = f"answers {self.answer.status} to GET {self.path or '/'}"
        else:
            what = str(self.answer)
        return NotReady(f"the server was not ready within {self.timeout:.0f} s: it {what}")


def _loopback_addresses(found: list[Listener]) -> list[str]:
    wild = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return [each.address for each in found if each.reaches_loopback and each.address not in wild]
