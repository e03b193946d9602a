"""A readiness probe: one minimal HTTP request."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from worksample.messages import message

STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n|$)")
MAX_BYTES = 8192


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of a probe: the HTTP `status`, or 0 with the reason in `error`.

    `connected` means that the connection was accepted, `timed_out` that no answer came in time.
    """

    status: int
    error: str = ""
    connected: bool = True
    timed_out: bool = False

    def __str__(self) -> str:
        return message("answers {status}", status=self.status) if self.status else self.error


async def probe(host: str, port: int, path: str, seconds: float) -> ProbeResult:
    """Send one GET request and return its result within `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            return await _probe(host, port, path)
    except TimeoutError:
        return ProbeResult(0, "accepts connections, but does not answer", timed_out=True)


async def _probe(host: str, port: int, path: str) -> ProbeResult:
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        return ProbeResult(
            0,
            message("refuses connections ({reason})", reason=error.strerror or error),
            connected=False,
        )
    named = f"[{host}]" if ":" in host else host
    lines = (f"GET {path} HTTP/1.1", f"Host: {named}:{port}", "Accept: */*", "Connection: close")
    try:
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        await writer.drain()
        start = await _first_line(reader)
    except OSError as error:
        return ProbeResult(
            0,
            message(
                "closes the connection without an answer ({reason})", reason=error.strerror or error
            ),
        )
    finally:
        writer.transport.abort()
    return _parse_status(start)


async def _first_line(reader: asyncio.StreamReader) -> bytes:
    start = b""
    while b"\n" not in start and len(start) < MAX_BYTES:
        chunk = await reader.read(MAX_BYTES)
        if not chunk:
            break
        start += chunk
    return start


def _parse_status(start: bytes) -> ProbeResult:
    if not start:
        return ProbeResult(0, "closes the connection without an answer")
    if match := STATUS_LINE.match(start):
        return ProbeResult(int(match[1]))
    return ProbeResult(0, message("answers, but not in HTTP/1.1: {start}", start=repr(start[:60])))
