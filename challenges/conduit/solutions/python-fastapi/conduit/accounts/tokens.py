"""Tokens: who asks, signed so that nobody else can say it (A6, S2)."""

import secrets
from datetime import UTC, datetime, timedelta

import jwt

from conduit.accounts.user import User
from conduit.database import Connection

LIFETIME = timedelta(days=7)
# The one algorithm that is accepted, whatever a token says of itself (RFC 8725, section 3.1).
_ALGORITHM = "HS256"
_MAX_TOKEN_CHARACTERS = 1024


class Tokens:
    """Issues and reads JSON Web Tokens whose subject is the account's id."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, user: User) -> str:
        expires = datetime.now(UTC) + LIFETIME
        claims = {"sub": str(user.id), "ver": user.token_version, "exp": expires}
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def read(self, token: str) -> tuple[int, int] | None:
        """The account's id and token version, or None if it is not ours, altered or expired."""
        if len(token) > _MAX_TOKEN_CHARACTERS:
            return None
        try:
            claims = jwt.decode(
                token, self._secret, [_ALGORITHM], options={"require": ["sub", "ver", "exp"]}
            )
            return int(claims["sub"]), int(claims["ver"])
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            return None


async def shared_secret(conn: Connection) -> str:
    """The signing key that all copies of the server find in the database.

    The first one makes it; used when JWT_SECRET is not set.
    """
    await conn.execute(
        "INSERT INTO signing_key (secret) VALUES (%s) ON CONFLICT DO NOTHING",
        [secrets.token_hex(32)],
    )
    cursor = await conn.execute("SELECT secret FROM signing_key")
    row = await cursor.fetchone()
    assert row is not None
    return str(row["secret"])
