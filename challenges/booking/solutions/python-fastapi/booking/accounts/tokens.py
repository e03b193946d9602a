"""JSON Web Tokens whose subject is the account's id (A6, S2)."""

from datetime import UTC, datetime, timedelta

import jwt

LIFETIME = timedelta(days=7)
# The one algorithm that is accepted, whatever a token says of itself (RFC 8725, section 3.1).
_ALGORITHM = "HS256"
_MAX_TOKEN_CHARACTERS = 1024


class Tokens:
    """Issues and reads tokens."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, account_id: int) -> str:
        claims = {"sub": str(account_id), "exp": datetime.now(UTC) + LIFETIME}
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def read(self, token: str) -> int | None:
        """The id of the account, or None if the token is not ours, altered or expired."""
        if len(token) > _MAX_TOKEN_CHARACTERS:
            return None
        try:
            claims = jwt.decode(
                token, self._secret, [_ALGORITHM], options={"require": ["sub", "exp"]}
            )
            return int(claims["sub"])
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            return None
