"""CPU time per recorded request of Worksample's HTTP client, compared with other clients.

    python bench/client.py [--requests 20000] [--rounds 7] [--json FILE]

A tiny server runs in another process, on the other core. Each client sends POST requests, 16 in
flight, with a new URL, an Authorization header and a JSON body, and reads a small JSON answer:

- floor: a bare asyncio Protocol that sends the same prepared bytes and parses nothing;
- lean: a minimal client that builds and parses JSON and supports only Content-Length;
- worksample: `Session.exchange` on `HttpClient`: full framing, timeout, record, JSON;
- aiohttp: `ClientSession` with JSON, if it is installed (dependency group `bench`).

CPU time is user and system time of this process. The rounds are interleaved, and the minimum of
each client counts, because other programs can only increase it. Where processes cannot be pinned
(macOS), the results are noisier.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import orjson
import uvloop

from worksample.probes.http import HttpClient, Session, json_request

IN_FLIGHT = 16
AUTH = ("Authorization", "Token 0123456789abcdef0123456789abcdef")
ANSWER = orjson.dumps({"ok": True, "id": 12345, "text": "x" * 117})
Client = Callable[[int, int], Awaitable[None]]


class Server(asyncio.Protocol):
    """Answers every request with the same small JSON. Each request must arrive in one piece."""

    RAW = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: tiny\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        if not body and b"\r\nContent-Length:" in head:
            raise SystemExit("the benchmark server received a request in several pieces")
        self.transport.write(self.RAW)


def serve(pipe: Pipe) -> None:
    """Run the server on the last core, and send its port through `pipe`."""
    pin(-1)

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        closed = asyncio.Event()
        # The pipe becomes readable when the parent process ends.
        asyncio.get_running_loop().add_reader(pipe.fileno(), closed.set)
        await closed.wait()
        server.close()

    with suppress(KeyboardInterrupt):
        uvloop.run(run())


def pin(which: int) -> None:
    """Pin this process to one core if the system supports it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[which]})


class Floor(asyncio.Protocol):
    """Sends the same bytes again until `left`, shared by all connections, is 0."""

    left = 0
    transport: Any

    def __init__(self, payload: bytes, done: asyncio.Future[None]) -> None:
        self.payload = payload
        self.done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(self.payload)

    def data_received(self, data: bytes) -> None:
        Floor.left -= 1
        if Floor.left > 0:
            self.transport.write(self.payload)
        else:
            self.transport.close()
            if Floor.left == 0:
                self.done.set_result(None)


def payload(port: int, target: str, body: bytes) -> bytes:
    """Return a POST request as bytes."""
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"{AUTH[0]}: {AUTH[1]}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def floor(port: int, count: int) -> None:
    """Exchange `count` prepared requests: the lower bound for any client."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    Floor.left = count
    data = payload(port, "/items/1", orjson.dumps({"n": 1, "text": "hello"}))
    for _ in range(IN_FLIGHT):
        await loop.create_connection(lambda: Floor(data, done), "127.0.0.1", port)
    await done


class Lean(asyncio.Protocol):
    """A connection of the minimal client."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.buffer = b""
        self.waiter: asyncio.Future[tuple[int, bytes]] | None = None

    def send(self, data: bytes) -> asyncio.Future[tuple[int, bytes]]:
        self.waiter = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self.waiter

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or self.waiter is None:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) >= int(head[at:].split(b"\r\n", 1)[0]):
            self.buffer = b""
            self.waiter.set_result((int(head[9:12]), body))


async def lean(port: int, count: int) -> None:
    """Send `count` requests on `IN_FLIGHT` minimal connections."""
    loop = asyncio.get_running_loop()

    async def work(first: int) -> None:
        _, connection = await loop.create_connection(Lean, "127.0.0.1", port)
        for number in range(first, count, IN_FLIGHT):
            body = orjson.dumps({"n": number, "text": "hello"})
            status, answer = await connection.send(payload(port, f"/items/{number}", body))
            check(status, orjson.loads(answer))
        connection.transport.close()

    await asyncio.gather(*map(work, range(IN_FLIGHT)))


async def worksample_client(port: int, count: int) -> None:
    """Send `count` requests as checks do: recorded, in sessions of fifty requests."""
    client = HttpClient(f"http://127.0.0.1:{port}")

    async def work(first: int) -> None:
        session = Session(client)
        for number in range(first, count, IN_FLIGHT):
            if number % (50 * IN_FLIGHT) == first:
                session = Session(client)
            target, body = f"/items/{number}", {"n": number, "text": "hello"}
            done = await session.exchange(json_request("POST", target, body, headers=(AUTH,)))
            assert done.response is not None
            check(done.status, done.response.json())

    await asyncio.gather(*map(work, range(IN_FLIGHT)))
    await client.aclose()


async def aiohttp_(port: int, count: int) -> None:
    """Send `count` requests with aiohttp."""
    import aiohttp

    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}", json_serialize=lambda value: orjson.dumps(value).decode()
    ) as session:

        async def work(first: int) -> None:
            for number in range(first, count, IN_FLIGHT):
                body = {"n": number, "text": "hello"}
                headers = dict((AUTH,))
                async with session.post(f"/items/{number}", json=body, headers=headers) as answer:
                    check(answer.status, await answer.json(loads=orjson.loads))

        await asyncio.gather(*map(work, range(IN_FLIGHT)))


def check(status: int, answer: Any) -> None:
    """Assert that the answer is the expected one."""
    assert status == 200 and answer["id"] == 12345


def clients() -> dict[str, Client]:
    """Return the clients to measure, by name."""
    found: dict[str, Client] = {"floor": floor, "lean": lean, "worksample": worksample_client}
    with suppress(ImportError):
        import aiohttp  # noqa: F401

        found["aiohttp"] = aiohttp_
    return found


def measure(port: int, count: int, rounds: int) -> dict[str, float]:
    """Return the CPU microseconds per request of each client: the minimum of the rounds."""
    spent: dict[str, list[float]] = {name: [] for name in clients()}
    for _ in range(rounds + 1):
        for name, client in clients().items():
            gc.collect()
            before = time.process_time()
            uvloop.run(client(port, count))  # type: ignore[arg-type]
            spent[name].append((time.process_time() - before) / count * 1e6)
    return {name: min(times[1:]) for name, times in spent.items()}


def table(spent: dict[str, float]) -> str:
    """Return the results as a Markdown table."""
    lines = ["| client | CPU µs per request | x floor | x lean |", "| --- | --- | --- | --- |"]
    for name, micros in spent.items():
        by_floor, by_lean = micros / spent["floor"], micros / spent["lean"]
        lines.append(f"| {name} | {micros:.1f} | {by_floor:.2f} | {by_lean:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    local, remote = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(remote,), daemon=True)
    server.start()
    pin(0)
    try:
        spent = measure(local.recv(), options.requests, options.rounds)
    finally:
        server.terminate()
        server.join()
    print(table(spent))
    if options.json:
        options.json.write_text(json.dumps({"cpu_us_per_request": spent}, indent=2) + "\n")


if __name__ == "__main__":
    main()
