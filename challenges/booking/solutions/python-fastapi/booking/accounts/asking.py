"""Who asks, and the services of the application, as FastAPI dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from booking.accounts import store
from booking.accounts.passwords import Passwords
from booking.accounts.store import Account
from booking.accounts.tokens import Tokens
from booking.database import Database
from booking.http.refusals import forbidden, unauthorized


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


async def _signed_in(request: Request, db: Db, tokens: TokensService) -> Account:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account_id = tokens.read(token.strip()) if scheme.lower() == "bearer" else None
    account = await db.read(store.find, account_id) if account_id is not None else None
    if account is None:
        raise unauthorized()
    return account


Me = Annotated[Account, Depends(_signed_in)]


async def _operator(me: Me) -> Account:
    if me.role != "operator":
        raise forbidden("role", "must be operator")
    return me


Operator = Annotated[Account, Depends(_operator)]
