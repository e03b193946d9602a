"""Accounts: register, sign in, see and change (A1 to A9)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator, BaseModel, StringConstraints

from database import one
from passwords import hash_password, is_right, owner_of, token_of
from requests import NotBlank, json_body, refusal

router = APIRouter(prefix="/api")
Row = dict[str, Any]


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local.strip() and at and domain.strip()):
        raise ValueError("needs an @ with something on both sides")
    return text


Username = Annotated[NotBlank, StringConstraints(max_length=64)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)
]
Password = Annotated[NotBlank, StringConstraints(min_length=8, max_length=64)]


class NewUser(BaseModel):
    username: Username
    email: Email
    password: Password


class Credentials(BaseModel):
    email: str
    password: str


class Change(BaseModel):
    username: Username = ""
    email: Email = ""
    password: Password = ""
    bio: str | None = None
    image: str | None = None


class Registration(BaseModel):
    user: NewUser


class SigningIn(BaseModel):
    user: Credentials


class Changing(BaseModel):
    user: Change


def same_address(email: str) -> str:
    """What all spellings of one address have in common."""
    return email.strip().lower()


async def viewer(request: Request) -> Row | None:
    """Who asks; None without a token, refused with a bad one."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    found = await owner_of(token.strip()) if scheme.lower() == "token" else None
    if found is None:
        raise refusal(401, "token", "is not valid")
    return found


Viewer = Annotated[Row | None, Depends(viewer)]


async def signed_in(asker: Viewer) -> Row:
    if asker is None:
        raise refusal(401, "token", "is missing")
    return asker


Me = Annotated[Row, Depends(signed_in)]


async def _shown(user: Row) -> dict[str, Row]:
    shown = {name: user[name] for name in ("username", "email", "bio", "image")}
    return {"user": {**shown, "token": await token_of(user)}}


@router.post("/users", status_code=201)
async def register(body: Annotated[Registration, Depends(json_body(Registration))]) -> Row:
    new = body.user
    user = await one(
        """INSERT INTO users (username, email, email_key, password_hash)
           VALUES (%s, %s, %s, %s) RETURNING *""",
        [new.username, new.email, same_address(new.email), await hash_password(new.password)],
    )
    assert user is not None
    return await _shown(user)


@router.post("/users/login")
async def login(body: Annotated[SigningIn, Depends(json_body(SigningIn))]) -> Row:
    email, password = body.user.email, body.user.password
    user = await one("SELECT * FROM users WHERE email_key = %s", [same_address(email)])
    if user is None or not await is_right(password, user["password_hash"]):
        raise refusal(401, "email or password", "is not right")
    return await _shown(user)


@router.get("/user")
async def current_user(me: Me) -> Row:
    return await _shown(me)


@router.put("/user")
async def update_user(me: Me, body: Annotated[Changing, Depends(json_body(Changing))]) -> Row:
    sent = body.user.model_dump(exclude_unset=True)
    if "email" in sent:
        sent["email_key"] = same_address(sent["email"])
    if "password" in sent:
        sent["password_hash"] = await hash_password(sent.pop("password"))
    if not sent:
        return await _shown(me)
    # The names are those of Change: never what somebody sent.
    columns = ", ".join(f"{name} = %({name})s" for name in sent)
    query = f"UPDATE users SET {columns} WHERE id = %(me)s RETURNING *"
    user = await one(query, {**sent, "me": me["id"]})
    assert user is not None
    return await _shown(user)
