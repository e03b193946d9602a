"""The account endpoints."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from booking.accounts import store
from booking.accounts.asking import Db, Me, PasswordsService, TokensService
from booking.accounts.store import Account
from booking.accounts.tokens import Tokens
from booking.http.answers import Answer
from booking.http.inputs import Email, Name, Password, Text, json_body
from booking.http.refusals import forbidden, unauthorized

router = APIRouter()


class NewAccount(BaseModel):
    name: Name
    email: Email
    password: Password
    operator_code: Annotated[Text | None, Field(alias="operatorCode", max_length=64)] = None


class NewAccountBody(BaseModel):
    account: NewAccount


class Credentials(BaseModel):
    email: Text
    password: Text


class LoginBody(BaseModel):
    account: Credentials


class AccountChange(BaseModel):
    """Only what was sent counts (`exclude_unset`); the defaults are never read."""

    name: Name = ""
    password: Password = ""


class AccountChangeBody(BaseModel):
    account: AccountChange


class AccountView(Answer):
    name: str
    email: str
    role: str
    token: str


class AccountAnswer(Answer):
    account: AccountView


@router.post("/accounts", status_code=201)
async def register(
    body: Annotated[NewAccountBody, Depends(json_body(NewAccountBody))],
    request: Request,
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    new = body.account
    role = _role(new.operator_code, request.app.state.operator_code)
    password_hash = await passwords.hash(new.password)
    account = await db.write(store.add, new.name, new.email, password_hash, role)
    return _answer(account, tokens)


@router.post("/login")
async def login(
    body: Annotated[LoginBody, Depends(json_body(LoginBody))],
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    found = await db.read(store.find_for_login, body.account.email)
    account, password_hash = found or (None, None)
    right = await passwords.verify(password_hash, body.account.password)
    if account is None or not right:
        raise unauthorized("email or password", "is not right")
    return _answer(account, tokens)


@router.get("/account")
async def current_account(me: Me, tokens: TokensService) -> AccountAnswer:
    return _answer(me, tokens)


@router.put("/account")
async def update_account(
    me: Me,
    body: Annotated[AccountChangeBody, Depends(json_body(AccountChangeBody))],
    db: Db,
    passwords: PasswordsService,
    tokens: TokensService,
) -> AccountAnswer:
    values = body.account.model_dump(exclude_unset=True)
    if "password" in values:
        values["password_hash"] = await passwords.hash(values.pop("password"))
    account = await db.write(store.change, me.id, values) if values else me
    if account is None:
        raise unauthorized()
    return _answer(account, tokens)


def _role(sent: str | None, operator_code: str) -> str:
    """The role that a code gives (A10)."""
    if sent is None:
        return "traveller"
    if not hmac.compare_digest(sent.encode(), operator_code.encode()):
        raise forbidden("operatorCode", "is not right")
    return "operator"


def _answer(account: Account, tokens: Tokens) -> AccountAnswer:
    return AccountAnswer(
        account=AccountView(
            name=account.name,
            email=account.email,
            role=account.role,
            token=tokens.issue(account.id),
        )
    )
