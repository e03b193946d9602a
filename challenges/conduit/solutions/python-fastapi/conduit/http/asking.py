"""Who asks, and through which services an endpoint answers: FastAPI dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from conduit.accounts import store
from conduit.accounts.passwords import Passwords
from conduit.accounts.tokens import Tokens
from conduit.accounts.user import User
from conduit.database import Database
from conduit.http.refusals import unknown_asker


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _tokens(request: Request) -> Tokens:
    tokens: Tokens = request.app.state.tokens
    return tokens


async def _passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


Db = Annotated[Database, Depends(_database)]
TokensService = Annotated[Tokens, Depends(_tokens)]
PasswordsService = Annotated[Passwords, Depends(_passwords)]


async def _anyone(request: Request, db: Db, tokens: TokensService) -> User | None:
    """Who asks, or None without an Authorization header; a bad token is refused (S2)."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    claims = tokens.read(token.strip()) if scheme.lower() == "token" else None
    user_id, version = claims or (None, None)
    user = await db.read(store.find, user_id) if user_id is not None else None
    if user is None or user.token_version != version:
        raise unknown_asker()
    return user


Viewer = Annotated[User | None, Depends(_anyone)]


async def _signed_in(viewer: Viewer) -> User:
    if viewer is None:
        raise unknown_asker()
    return viewer


Me = Annotated[User, Depends(_signed_in)]
