"""CPU time of a request: of the server kept on one core, against a yardstick on the same core.

Time on the wall depends on the neighbours; CPU time of a program that stays on one core hardly.
What is left of their influence (caches, the pace of the processor) befalls the yardstick as well,
which is asked in turns with it.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient
from worksample.sandbox.processes import LINUX, cpu_clock
from worksample.targets import Target

PROGRAM = Path(__file__).with_name("yardstick.py")
CONCURRENCY = 8
SendRequest = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of one request, in seconds; `relative` is it in requests of the yardstick."""

    seconds: float
    relative: float


class ReferenceWorkload:
    """The running yardstick: `send` it, and read its `cpu_seconds`."""

    def __init__(self, pid: int, client: HttpClient) -> None:
        self.pid, self._client = pid, client

    @classmethod
    @asynccontextmanager
    async def start(cls) -> AsyncIterator[ReferenceWorkload]:
        """Start it; it ends with the block, or with us."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(PROGRAM),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            port = int(await process.stdout.readline())
            client = HttpClient(f"http://127.0.0.1:{port}")
            try:
                yield cls(process.pid, client)
            finally:
                await client.aclose()
        finally:
            process.stdin.close()
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def send(self) -> None:
        """Let it do its work once."""
        await self._client.send(Request("GET", "/"))

    def cpu_seconds(self) -> float:
        """The CPU seconds that it has used."""
        return cpu_clock(self.pid)


def can_pin() -> bool:
    """Whether programs can be kept on one core here."""
    return LINUX and hasattr(os, "sched_setaffinity")


@contextmanager
def pinned(pids: Iterable[int]) -> Iterator[None]:
    """Keep all threads of these processes, and those that they begin, on one core meanwhile."""
    wanted = list(pids)
    everywhere = os.sched_getaffinity(0)
    core = {max(everywhere)}
    _allow(wanted, core)
    try:
        yield
    finally:
        _allow(wanted, everywhere)


async def measure_cost(
    target: Target,
    reference: ReferenceWorkload,
    send: SendRequest,
    segments: int = 5,
    per_segment: tuple[int, int] = (16, 8),
) -> Cost:
    """Measure a request: in every segment so many of it, then so many of the yardstick.

    Both have to be pinned, and to be warm. Several are sent at once: a server that falls asleep
    between them pays for its waking, which differs from machine to machine and moment to moment.
    """
    ours, theirs = per_segment
    found = []
    for _ in range(segments):
        used = await _used(target.cpu_seconds, send, ours)
        found.append((used, await _used(reference.cpu_seconds, reference.send, theirs)))
    return median_cost(found)


def median_cost(segments: Sequence[tuple[float, float]]) -> Cost:
    """Return the cost from (seconds of a request, seconds of a yardstick's) of all segments.

    Each segment is compared with the yardstick of the same moment, and the median taken: many
    short segments are surer than a few long ones, as neighbours come and go.
    """
    return Cost(
        statistics.median(used for used, _ in segments),
        statistics.median(used / measure if measure else 0.0 for used, measure in segments),
    )


async def warm_up(send: SendRequest, times: int) -> None:
    """Ask so often, several at once, and count nothing."""
    waiting = iter(range(times))

    async def some() -> None:
        for _ in waiting:
            await send()

    await asyncio.gather(*(some() for _ in range(CONCURRENCY)))


async def _used(cpu_seconds: Callable[[], float], send: SendRequest, times: int) -> float:
    before = cpu_seconds()
    await warm_up(send, times)
    return (cpu_seconds() - before) / times


def _allow(pids: Iterable[int], cores: set[int]) -> None:
    for pid in pids:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), cores)
