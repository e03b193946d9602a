"""An example: ask the app as a client would, without starting a server."""

import asyncio

import httpx

from app import app
from database import pool


async def ask(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with pool, httpx.AsyncClient(transport=transport, base_url="http://booking") as client:
        return await client.get(path)


def test_there_are_no_sailings_yet() -> None:
    answer = asyncio.run(ask("/api/sailings"))
    assert answer.status_code == 200
    assert answer.json() == {"sailings": [], "sailingsCount": 0}
