"""Tokens: who asks, signed so that nobody else can say it (A6, S2)."""

from datetime import UTC, datetime, timedelta

import jwt
from django.conf import settings

from accounts.models import User

LIFETIME = timedelta(days=7)
# The one algorithm that is accepted, whatever a token says of itself (RFC 8725, section 3.1).
_ALGORITHM = "HS256"
_MAX_CHARACTERS = 1024


def issue(user: User) -> str:
    """A token whose subject is the account's id."""
    expires = datetime.now(UTC) + LIFETIME
    claims = {"sub": str(user.pk), "ver": user.token_version, "exp": expires}
    return jwt.encode(claims, settings.SECRET_KEY, _ALGORITHM)


def read(token: str) -> tuple[int, int] | None:
    """The account's id and token version, or None if it is not ours, altered or expired."""
    if len(token) > _MAX_CHARACTERS:
        return None
    required = {"require": ["sub", "ver", "exp"]}
    try:
        claims = jwt.decode(token, settings.SECRET_KEY, [_ALGORITHM], options=required)
        return int(claims["sub"]), int(claims["ver"])
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None
