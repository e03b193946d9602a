"""Conduit, up to stage 3: articles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import accounts
import articles
import lists
import requests
from database import pool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)
requests.install(app)
for module in (accounts, lists, articles):
    app.include_router(module.router)
