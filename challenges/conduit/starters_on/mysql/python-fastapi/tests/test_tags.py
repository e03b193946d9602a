"""An example: ask the app as a client would, without starting a server."""

import asyncio

import httpx

from app import app


async def ask(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://conduit") as client:
        return await client.get(path)


def test_there_are_no_tags_yet() -> None:
    answer = asyncio.run(ask("/api/tags"))
    assert answer.status_code == 200
    assert answer.json() == {"tags": []}
