"""Conduit, stage 1: it starts and answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from database import pool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/api/tags")
async def tags() -> dict[str, list[str]]:
    async with pool.connection() as conn:
        cursor = await conn.execute("SELECT name FROM tags ORDER BY name")
        return {"tags": [name for (name,) in await cursor.fetchall()]}
