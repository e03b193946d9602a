"""CPU time per request, relative to a reference workload on the same core.

Wall-clock time depends on other programs on the machine. CPU time of a program that is pinned to
one core hardly does. What remains (caches, clock frequency) affects the reference workload in the
same way, because both are measured alternately.
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

PROGRAM = Path(__file__).with_name("reference_workload.py")
CONCURRENCY = 8
SendRequest = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time of a request: in seconds, and `relative` to one of the reference workload."""

    seconds: float
    relative: float


class ReferenceWorkload:
    """A running reference workload (`reference_workload.py`) and a client for it."""

    def __init__(self, pid: int, client: HttpClient) -> None:
        self.pid, self._client = pid, client

    @classmethod
    @asynccontextmanager
    async def start(cls) -> AsyncIterator[ReferenceWorkload]:
        """Start the process; it ends with the block, or when this process ends."""
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
        """Send one request."""
        await self._client.send(Request("GET", "/"))

    def cpu_seconds(self) -> float:
        """Return the CPU seconds that the process has used."""
        return cpu_clock(self.pid)


def can_pin() -> bool:
    """Return whether this system can pin a process to one core."""
    return LINUX and hasattr(os, "sched_setaffinity")


@contextmanager
def pinned(pids: Iterable[int]) -> Iterator[None]:
    """Within the block, pin all threads of these processes, also new ones, to one core."""
    processes = list(pids)
    all_cores = os.sched_getaffinity(0)
    _set_affinity(processes, {max(all_cores)})
    try:
        yield
    finally:
        _set_affinity(processes, all_cores)


async def measure_cost(
    target: Target,
    reference: ReferenceWorkload,
    send: SendRequest,
    segments: int = 5,
    per_segment: tuple[int, int] = (16, 8),
) -> Cost:
    """Measure the CPU time of the request that `send` sends to `target`.

    Each of the `segments` consists of `per_segment` (requests, requests of the reference workload).
    Pin and warm up both processes first. Several requests are sent concurrently, because a server
    that sleeps between requests also pays for waking up, and that cost varies.
    """
    requests, reference_requests = per_segment
    measured = []
    for _ in range(segments):
        used = await _cpu_per_request(target.cpu_seconds, send, requests)
        by_reference = await _cpu_per_request(
            reference.cpu_seconds, reference.send, reference_requests
        )
        measured.append((used, by_reference))
    return median_cost(measured)


def median_cost(segments: Sequence[tuple[float, float]]) -> Cost:
    """Return the median cost of `segments`: (CPU seconds per request, per reference request).

    Each segment is divided by the reference measurement of the same segment. Many short segments
    are more precise than a few long ones, because the load of other programs changes.
    """
    return Cost(
        statistics.median(used for used, _ in segments),
        statistics.median(used / base if base else 0.0 for used, base in segments),
    )


async def warm_up(send: SendRequest, times: int) -> None:
    """Call `send` `times` times, up to `CONCURRENCY` calls at once."""
    remaining = iter(range(times))

    async def worker() -> None:
        for _ in remaining:
            await send()

    await asyncio.gather(*(worker() for _ in range(CONCURRENCY)))


async def _cpu_per_request(
    cpu_seconds: Callable[[], float], send: SendRequest, times: int
) -> float:
    before = cpu_seconds()
    await warm_up(send, times)
    return (cpu_seconds() - before) / times


def _set_affinity(pids: Iterable[int], cores: set[int]) -> None:
    for pid in pids:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), cores)
