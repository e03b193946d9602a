"""CPU per recorded request of our HTTP client, beside others in the same run.

    python bench/client.py [--requests 20000] [--rounds 7] [--json FILE]

A tiny server runs in another process, on the other core. Each client sends POST requests, 16 in
flight, with a fresh URL, an authorisation header and a JSON body, and reads a small JSON answer:

- floor: a bare Protocol that sends the same prepared bytes again and again and parses nothing;
- lean: the least that is still a client: builds and parses JSON, knows Content-Length only;
- ours: `Session.exchange` on `HttpClient`: full framing, deadline, record, JSON;
- aiohttp: `ClientSession` with JSON, when it is installed (dependency group `bench`).

CPU time is user and system time of this process. The rounds are interleaved and the least of each
counts: a neighbour can only add to it. Where processes cannot be pinned (macOS) it is noisier.
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
    """Answers every request that ends in one piece with the same small JSON."""

    RAW = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: tiny\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        if not body and b"\r\nContent-Length:" in head:
            raise SystemExit("the bench server needs each request in one piece")
        self.transport.write(self.RAW)


def serve(pipe: Pipe) -> None:
    """Run the server, on the last core, and send its port through `pipe`."""
    pin(-1)

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        over = asyncio.Event()
        # Readable means closed: whoever measures is gone, however it went.
        asyncio.get_running_loop().add_reader(pipe.fileno(), over.set)
        await over.wait()
        server.close()

    with suppress(KeyboardInterrupt):
        uvloop.run(run())


def pin(which: int) -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[which]})


class Floor(asyncio.Protocol):
    """Sends the same bytes again until `left` of all connections is used up."""

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
    """Return a request as bytes."""
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"{AUTH[0]}: {AUTH[1]}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def floor(port: int, count: int) -> None:
    """The ping-pong that no client can be cheaper than."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    Floor.left = count
    data = payload(port, "/items/1", orjson.dumps({"n": 1, "text": "hello"}))
    for _ in range(IN_FLIGHT):
        await loop.create_connection(lambda: Floor(data, done), "127.0.0.1", port)
    await done


class Lean(asyncio.Protocol):
    """The least that is still a client."""

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
    """Sixteen lean connections."""
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
    """Our client with its record, as checks use it: a session for every fifty requests."""
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
    """The conservative ready-made choice."""
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
    """Hold the answer against what it must be."""
    assert status == 200 and answer["id"] == 12345


def clients() -> dict[str, Client]:
    """Return what is measured, by name."""
    found: dict[str, Client] = {"floor": floor, "lean": lean, "ours": worksample_client}
    with suppress(ImportError):
        import aiohttp  # noqa: F401

        found["aiohttp"] = aiohttp_
    return found


def measure(port: int, count: int, rounds: int) -> dict[str, float]:
    """Return the microseconds of CPU per request of each client: the least of the rounds."""
    spent: dict[str, list[float]] = {name: [] for name in clients()}
    for _ in range(rounds + 1):
        for name, client in clients().items():
            gc.collect()
            before = time.process_time()
            uvloop.run(client(port, count))  # type: ignore[arg-type]
            spent[name].append((time.process_time() - before) / count * 1e6)
    return {name: min(times[1:]) for name, times in spent.items()}


def table(spent: dict[str, float]) -> str:
    """Return the figures as rows of a markdown table."""
    lines = ["| client | CPU µs per request | x floor | x lean |", "| --- | --- | --- | --- |"]
    for name, micros in spent.items():
        over, lean_ = micros / spent["floor"], micros / spent["lean"]
        lines.append(f"| {name} | {micros:.1f} | {over:.2f} | {lean_:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    ours_end, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    pin(0)
    try:
        spent = measure(ours_end.recv(), options.requests, options.rounds)
    finally:
        server.terminate()
        server.join()
    print(table(spent))
    if options.json:
        options.json.write_text(json.dumps({"cpu_us_per_request": spent}, indent=2) + "\n")


if __name__ == "__main__":
    main()
