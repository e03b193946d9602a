"""Whether a server answers HTTP yet, asked with the least that HTTP needs."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n|$)")
MOST_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a `status`, or 0 and in `trouble` why there is none.

    `reached` says that somebody accepted the connection, `silent` that nothing came in time.
    """

    status: int
    trouble: str = ""
    reached: bool = True
    silent: bool = False

    def __str__(self) -> str:
        return f"answers {self.status}" if self.status else self.trouble


async def ask(host: str, port: int, path: str, seconds: float) -> Answer:
    """Send one GET and return the answer's status; never longer than `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            return await _ask(host, port, path)
    except TimeoutError:
        return Answer(0, "accepts connections, but does not answer", silent=True)


async def _ask(host: str, port: int, path: str) -> Answer:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        return Answer(0, f"refuses connections ({error.strerror or error})", reached=False)
    named = f"[{host}]" if ":" in host else host
    lines = (f"GET {path} HTTP/1.1", f"Host: {named}:{port}", "Accept: */*", "Connection: close")
    try:
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        await writer.drain()
        start = await _first_line(reader)
    except OSError as error:
        return Answer(0, f"closes the connection without an answer ({error.strerror or error})")
    finally:
        writer.transport.abort()
    return _read(start)


async def _first_line(reader: asyncio.StreamReader) -> bytes:
    start = b""
    while b"\n" not in start and len(start) < MOST_BYTES:
        piece = await reader.read(MOST_BYTES)
        if not piece:
            break
        start += piece
    return start


def _read(start: bytes) -> Answer:
    if not start:
        return Answer(0, "closes the connection without an answer")
    if match := STATUS_LINE.match(start):
        return Answer(int(match[1]))
    return Answer(0, f"answers, but not in HTTP/1.1: {start[:60]!r}")
