"""Conduit, up to stage 2: accounts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import accounts
import requests
from database import every, pool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)
requests.install(app)
app.include_router(accounts.router)


@app.get("/api/tags")
async def tags() -> dict[str, list[str]]:
    return {"tags": [row["name"] for row in await every("SELECT name FROM tags ORDER BY name")]}
