"""The endpoints of accounts and profiles.

A username may hold a slash ("AC/DC"), which arrives as %2F and is decoded before routing: hence
`{path:username}`, and the longer addresses first.
"""

from typing import Any

from ninja import Router, Status

from accounts import passwords, services, tokens
from accounts.asking import Asking, Visiting, anyone, signed_in
from accounts.models import User
from accounts.schemas import (
    AccountAnswer,
    LoginBody,
    NewUserBody,
    ProfileAnswer,
    UserChange,
    UserChangeBody,
)
from conduit.http.refusals import wrong_credentials

accounts = Router()
profiles = Router()


@accounts.post("users", response={201: AccountAnswer})
def register(request: Visiting, body: NewUserBody) -> Status:
    new = body.user
    password_hash = passwords.hashed(new.password)
    return Status(201, _account(services.register(new.username, new.email, password_hash)))


@accounts.post("users/login", response=AccountAnswer)
def login(request: Visiting, body: LoginBody) -> dict[str, Any]:
    user = services.find_for_login(body.user.email)
    right = passwords.is_right(user.password if user else None, body.user.password)
    if user is None or not right:
        raise wrong_credentials()
    return _account(user)


@accounts.get("user", response=AccountAnswer, auth=signed_in)
def current_user(request: Asking) -> dict[str, Any]:
    return _account(request.auth)


@accounts.put("user", response=AccountAnswer, auth=signed_in)
def update_user(request: Asking, body: UserChangeBody) -> dict[str, Any]:
    values = _values(body.user)
    return _account(services.change(request.auth, values) if values else request.auth)


@profiles.post("{path:username}/follow", response=ProfileAnswer, auth=signed_in)
def follow(request: Asking, username: str) -> dict[str, Any]:
    return {"profile": services.follow(username, request.auth)}


@profiles.delete("{path:username}/follow", response=ProfileAnswer, auth=signed_in)
def unfollow(request: Asking, username: str) -> dict[str, Any]:
    return {"profile": services.unfollow(username, request.auth)}


@profiles.get("{path:username}", response=ProfileAnswer, auth=anyone)
def profile(request: Visiting, username: str) -> dict[str, Any]:
    return {"profile": services.profile(username, request.auth)}


def _values(change: UserChange) -> dict[str, Any]:
    """The fields that a change sets; the password is hashed before a transaction begins (W5)."""
    values: dict[str, Any] = change.model_dump(exclude_unset=True)
    if "password" in values:
        values["password"] = passwords.hashed(change.password)
    return values


def _account(user: User) -> dict[str, Any]:
    return {
        "user": {
            "username": user.username,
            "email": user.email,
            "token": tokens.issue(user),
            "bio": user.bio,
            "image": user.image,
        }
    }
