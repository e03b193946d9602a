"""The application: what it is made of, and how it comes up and goes down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from conduit.accounts.passwords import Passwords
from conduit.accounts.routes import router as accounts
from conduit.accounts.tokens import Tokens, shared_secret
from conduit.articles.routes import router as articles
from conduit.cache import Cache
from conduit.comments.routes import router as comments
from conduit.database import Database
from conduit.favorites.routes import router as favorites
from conduit.http import handlers
from conduit.http.body_limit import BodyLimit
from conduit.http.readable_url import ReadableUrl
from conduit.http.remembering import TAGS, Remembering
from conduit.profiles.routes import router as profiles
from conduit.settings import Settings
from conduit.tags.routes import router as tags

ROUTERS = (accounts, profiles, articles, comments, favorites, tags)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server, told by `settings` or else by the environment; the schema must be there."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database, passwords = Database(settings.database_url), Passwords()
        cache = Cache(settings.cache_url)
        await database.open()
        await cache.renew(TAGS)
        try:
            secret = settings.jwt_secret
            if secret is None:
                secret = await database.write(shared_secret)
            app.state.database = database
            app.state.cache = cache
            app.state.passwords = passwords
            app.state.tokens = Tokens(secret)
            yield
        finally:
            passwords.close()
            await cache.close()
            await database.close()

    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    handlers.install(app)
    app.add_middleware(Remembering)
    app.add_middleware(BodyLimit)
    app.add_middleware(ReadableUrl)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    return app
