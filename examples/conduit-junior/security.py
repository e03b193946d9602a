import hashlib
import secrets
from typing import Annotated

from fastapi import Depends, Header

import db
from errors import ApiError


def hash_password(password):
    return hashlib.sha256(password.encode()).hexdigest()


def check_password(password, password_hash):
    return secrets.compare_digest(hash_password(password), password_hash)


def new_token(user_id):
    token = secrets.token_urlsafe(32)
    db.run(
        "INSERT INTO sessions (token, user_id, expires_at) VALUES (%s, %s, now() + '30 days')",
        token,
        user_id,
    )
    return token


def get_visitor(authorization: Annotated[str | None, Header()] = None):
    """The user who is asking, with the token, or None without a token."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    user = None
    if scheme.lower() == "token":
        user = db.one(
            """
            SELECT users.*, sessions.token FROM users JOIN sessions ON sessions.user_id = users.id
            WHERE sessions.token = %s AND sessions.expires_at > now()
            """,
            token,
        )
    if user is None:
        raise ApiError(401, "token", "is not valid")
    return user


def get_me(visitor: Annotated[dict | None, Depends(get_visitor)]):
    """The same for endpoints that need somebody."""
    if visitor is None:
        raise ApiError(401, "token", "is missing")
    return visitor


Visitor = Annotated[dict | None, Depends(get_visitor)]
Me = Annotated[dict, Depends(get_me)]
