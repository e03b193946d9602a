"""The application: its parts, and how it starts and stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from booking.accounts.passwords import Passwords
from booking.accounts.routes import router as accounts
from booking.accounts.tokens import Tokens
from booking.database import Database
from booking.http import handlers
from booking.http.middleware import BodyLimit, ReadableUrl
from booking.reservations.routes import router as reservations
from booking.sailings.routes import router as sailings
from booking.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server, configured by `settings` or else by the environment; migrations must have run."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database, passwords = Database(settings.database_url), Passwords()
        await database.open()
        try:
            app.state.database = database
            app.state.passwords = passwords
            app.state.tokens = Tokens(settings.jwt_secret)
            app.state.operator_code = settings.operator_code
            yield
        finally:
            passwords.close()
            await database.close()

    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    handlers.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(ReadableUrl)
    for router in (accounts, sailings, reservations):
        app.include_router(router, prefix="/api")
    return app
