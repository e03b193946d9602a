"""Idle connections are closed, so that they do not block a server with few threads."""

from __future__ import annotations

import asyncio

from worksample.probes.exchange import Request
from worksample.probes.http import HttpClient, Limits

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def idle_closes() -> list[bytes]:
    """Send two requests to a server that serves one connection at a time.

    Returns the bytes that the server read from each connection after its answer (b"" for a close).
    """
    turn, ends = asyncio.Lock(), []
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with turn:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            ends.append(await reader.read())
            writer.close()
        if len(ends) == 2:
            done.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = HttpClient(f"http://127.0.0.1:{port}", limits=Limits(idle=0.05))
        answers = await asyncio.gather(*(client.send(Request("GET", "/")) for _ in range(2)))
        assert [answer.status for answer in answers] == [200, 200]
        await asyncio.wait_for(done.wait(), 20)
        await client.aclose()
    return ends


def test_closes_idle_connection_without_further_request() -> None:
    assert asyncio.run(idle_closes()) == [b"", b""]
