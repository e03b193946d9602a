"""Connections that the wire accepts at the moment at which it is taken away."""

from __future__ import annotations

import asyncio
import socket

from worksample.wire.listener import HOST, Listener


def test_connection_accepted_just_before_a_pause_is_closed() -> None:
    async def accept_and_pause(database: int) -> bytes:
        async with Listener.open(HOST, database) as listener:
            listener.serve(lambda *_: None)
            client = socket.create_connection(listener.address)
            # The loop accepts in its first step, and would connect to the database in the next.
            for _ in range(2):
                await asyncio.sleep(0)
            listener.pause()
        with client:
            client.settimeout(0)
            return client.recv(1)

    with socket.create_server((HOST, 0)) as database:
        assert asyncio.run(accept_and_pause(database.getsockname()[1])) == b""
