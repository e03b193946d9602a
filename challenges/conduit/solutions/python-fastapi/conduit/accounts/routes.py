"""The account endpoints."""

from typing import Annotated

from fastapi import APIRouter, Depends

from conduit.accounts import store
from conduit.accounts.messages import (
    Account,
    AccountAnswer,
    LoginBody,
    NewUserBody,
    UserChange,
    UserChangeBody,
)
from conduit.accounts.passwords import Passwords
from conduit.accounts.tokens import Tokens
from conduit.accounts.user import User
from conduit.http.asking import Db, Me, PasswordsService, TokensService
from conduit.http.json_body import json_body
from conduit.http.refusals import unknown_asker, wrong_credentials

router = APIRouter()


@router.post("/users", status_code=201)
async def register(
    body: Annotated[NewUserBody, Depends(json_body(NewUserBody))],
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    new = body.user
    password_hash = await passwords.hash(new.password)
    user = await db.write(store.add, new.username, new.email, password_hash)
    return _account(user, tokens)


@router.post("/users/login")
async def login(
    body: Annotated[LoginBody, Depends(json_body(LoginBody))],
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    found = await db.read(store.find_for_login, body.user.email)
    user, password_hash = found or (None, None)
    right = await passwords.verify(password_hash, body.user.password)
    if user is None or not right:
        raise wrong_credentials()
    return _account(user, tokens)


@router.get("/user")
async def current_user(me: Me, tokens: TokensService) -> AccountAnswer:
    return _account(me, tokens)


@router.put("/user")
async def update_user(
    me: Me,
    body: Annotated[UserChangeBody, Depends(json_body(UserChangeBody))],
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    values = await _columns(body.user, passwords)
    user = await db.write(store.change, me.id, values) if values else me
    if user is None:
        raise unknown_asker()
    return _account(user, tokens)


async def _columns(change: UserChange, passwords: Passwords) -> dict[str, str | None]:
    """The columns that a change sets; the password is hashed before the database is asked."""
    values: dict[str, str | None] = change.model_dump(exclude_unset=True)
    if "email" in values:
        values["email_key"] = store.email_key(change.email)
    if "password" in values:
        del values["password"]
        values["password_hash"] = await passwords.hash(change.password)
    return values


def _account(user: User, tokens: Tokens) -> AccountAnswer:
    return AccountAnswer(
        user=Account(
            username=user.username,
            email=user.email,
            token=tokens.issue(user),
            bio=user.bio,
            image=user.image,
        )
    )
