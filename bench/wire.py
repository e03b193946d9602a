"""Measure the overhead of the wire against a direct connection in the same run.

    python bench/wire.py [--trips 4000] [--rounds 7] [--connections 8] [--json FILE]

The wire runs in its own process, on uvloop. The client sends prepared bytes (Bind, Execute and Sync
of `select $1::int`) and waits for ReadyForQuery, the cheapest possible round trip.

- added latency: one connection, alternately direct and through the wire; the median over the rounds
  of the difference of the median round-trip times. Measured with all processes on one core (the
  cost of the wire alone), and wherever the scheduler places them (mostly the wake-up of idle cores,
  which a direct connection pays too if its ends are on different cores).
- throughput: several connections at once, the wire pinned to one core, client and PostgreSQL to the
  others; and the throughput that the core would reach according to the wire's CPU time per round
  trip, in case client and PostgreSQL are too slow to saturate it.

Run it on an idle machine: other load increases all figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import socket
import statistics
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg
import uvloop

from worksample.services.postgres import PostgresServer
from worksample.wire import Wire

TARGET_ADDED_US, TARGET_PER_SECOND = 60, 15_000


CORES: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
WIRE_CORE = min(CORES, default=0)
OTHERS = (CORES - {WIRE_CORE}) or CORES


def pin(pid: int, cores: set[int]) -> None:
    """Pin a process to these cores if the system allows it."""
    if cores:
        with suppress(OSError):
            os.sched_setaffinity(pid, cores)


class RawClient:
    """A connection that sends prepared bytes and waits for ReadyForQuery."""

    def __init__(self, link: psycopg.Connection[tuple[object, ...]]) -> None:
        self._link = link
        self.pid = link.info.backend_pid
        self._socket = socket.socket(fileno=os.dup(link.fileno()))
        self._socket.setblocking(True)
        self._exchange(_message(b"P", b"s\0select $1::int\0" + struct.pack(">H", 0)) + SYNC)

    def trip(self) -> None:
        """Perform one round trip."""
        self._exchange(TRIP)

    def send(self) -> None:
        """Send a round trip without waiting for its reply."""
        self._socket.sendall(TRIP)

    def receive(self) -> None:
        """Read a reply up to ReadyForQuery, its last message."""
        data = self._socket.recv(4096)
        while data[-6:-1] != READY:
            data += self._socket.recv(4096)

    def _exchange(self, message: bytes) -> None:
        self._socket.sendall(message)
        self.receive()

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
        self._link.close()


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", len(body) + 4) + body


SYNC = _message(b"S", b"")
READY = b"Z\0\0\0\5"
_VALUE = struct.pack(">HH", 0, 1) + struct.pack(">I", 1) + b"7" + struct.pack(">H", 0)
TRIP = _message(b"B", b"\0s\0" + _VALUE) + _message(b"E", b"\0\0\0\0\0") + SYNC


def serve(url: str, pipe: Pipe) -> None:
    """Run the wire's process: send its URL, then its CPU seconds for each message received."""

    async def main() -> None:
        async with PostgresServer.start(url=url) as server:
            database = await server.create_resource()
            async with Wire.open(database) as wire:
                pipe.send((wire.database.url, database.url))
                loop, ended = asyncio.get_running_loop(), asyncio.Event()
                loop.add_reader(pipe.fileno(), _send_cpu_seconds, pipe, ended)
                await ended.wait()

    uvloop.run(main())


def _send_cpu_seconds(pipe: Pipe, ended: asyncio.Event) -> None:
    try:
        pipe.recv()
        used = resource.getrusage(resource.RUSAGE_SELF)
        pipe.send(used.ru_utime + used.ru_stime)
    except EOFError:
        ended.set()


@contextmanager
def connections(url: str, count: int) -> Iterator[list[RawClient]]:
    """Yield `count` raw connections."""
    opened = [RawClient(psycopg.connect(url, autocommit=True)) for _ in range(count)]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()


def median_us(raw: RawClient, trips: int) -> float:
    """Return the median time of a round trip, in microseconds."""
    times = []
    for _ in range(trips):
        begin = time.perf_counter_ns()
        raw.trip()
        times.append(time.perf_counter_ns() - begin)
    return statistics.median(times) / 1000


def added(
    wired: str, direct: str, options: argparse.Namespace, wire: int, cores: set[int]
) -> tuple[float, float]:
    """Return the medians over the rounds of a direct round trip and of the added latency (µs)."""
    trips, rounds = options.trips, options.rounds
    with connections(wired, 1) as (wired_client,), connections(direct, 1) as (direct_client,):
        for pid in (0, wire, wired_client.pid, direct_client.pid):
            pin(pid, cores)
        pairs = [
            (median_us(direct_client, trips), median_us(wired_client, trips)) for _ in range(rounds)
        ]
    base = statistics.median(each for each, _ in pairs)
    return base, statistics.median(more - less for less, more in pairs)


def throughput(
    wired: str, options: argparse.Namespace, wire: int, pipe: Pipe
) -> tuple[float, float]:
    """Return round trips per second, and the wire's CPU time per round trip in microseconds."""
    count, trips = options.connections, options.trips
    with connections(wired, count) as opened:
        pin(wire, {WIRE_CORE})
        for pid in (0, *(each.pid for each in opened)):
            pin(pid, OTHERS)
        before, begin = _cpu(pipe), time.perf_counter()
        for each in opened:
            each.send()
        for _ in range(trips):
            for each in opened:
                each.receive()
                each.send()
        for each in opened:
            each.receive()
        seconds, cpu = time.perf_counter() - begin, _cpu(pipe) - before
    done = (trips + 1) * count
    return done / seconds, cpu / done * 1e6


def _cpu(pipe: Pipe) -> float:
    pipe.send("cpu")
    return float(pipe.recv())


def row(one: float, more: float, free: float, freely: float, rate: float, cpu: float) -> str:
    """Return the figures as a Markdown table."""
    cells: Sequence[str] = (
        f"{one:.0f} µs {more:+.0f} µs (target {TARGET_ADDED_US})",
        f"{free:.0f} µs {freely:+.0f} µs",
        f"{rate:,.0f} (target {TARGET_PER_SECOND:,})",
        f"{cpu:.1f} µs, that is {1e6 / cpu:,.0f}/s",
    )
    head = (
        "direct round trip and added latency, on one core",
        "direct round trip and added latency, on any core",
        "round trips/s, wire pinned to one core",
        "CPU time of the wire per round trip",
    )
    return "\n".join(
        f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), tuple(cells))
    )


async def run(options: argparse.Namespace) -> dict[str, float]:
    """Start PostgreSQL and the wire's process, and return the figures by name."""
    async with PostgresServer.start() as server:
        parent, child = multiprocessing.Pipe()
        url = server.admin.url(server.maintenance)
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=serve, args=(url, child), daemon=True)
        process.start()
        child.close()
        try:
            return await asyncio.to_thread(measure, parent, options, process.pid or 0)
        finally:
            parent.close()
            process.join(10)


def measure(pipe: Pipe, options: argparse.Namespace, wire: int) -> dict[str, float]:
    """Return the figures by name."""
    wired, direct = pipe.recv()
    one, more = added(wired, direct, options, wire, {WIRE_CORE} if CORES else set())
    free, freely = added(wired, direct, options, wire, CORES)
    rate, cpu = throughput(wired, options, wire, pipe)
    return {
        "direct_us": one,
        "added_us": more,
        "direct_any_core_us": free,
        "added_any_core_us": freely,
        "per_second": rate,
        "wire_cpu_us": cpu,
    }


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--trips", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = asyncio.run(run(options))
    print(row(*found.values()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
