"""Booking, stage 1: it starts and answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from database import pool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/api/sailings")
async def sailings() -> dict[str, Any]:
    async with pool.connection() as conn:
        cursor = await conn.execute(
            "SELECT id, from_port, to_port FROM sailings ORDER BY departs_at, id"
        )
        rows = await cursor.fetchall()
    found = [{"id": id, "from": from_port, "to": to_port} for id, from_port, to_port in rows]
    return {"sailings": found, "sailingsCount": len(found)}
