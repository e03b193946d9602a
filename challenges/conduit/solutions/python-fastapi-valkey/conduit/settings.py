"""What the server is told from outside, by environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
MIN_SECRET_BYTES = 32


class BadSettings(SystemExit):
    """The environment does not let the server run; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two places where the server runs."""

    database_url: str = field(repr=False)
    port: int = 8000
    jwt_secret: str | None = field(default=None, repr=False)
    cache_url: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read DATABASE_URL, REDIS_URL, PORT, JWT_SECRET; raises BadSettings with some advice."""
        database_url = environment.get("DATABASE_URL", "")
        if not database_url:
            raise BadSettings("DATABASE_URL is not set: give the address of a PostgreSQL database.")
        secret = environment.get("JWT_SECRET") or None
        if secret is not None and len(secret.encode()) < MIN_SECRET_BYTES:
            raise BadSettings(f"JWT_SECRET is too short: give at least {MIN_SECRET_BYTES} bytes.")
        port, cache_url = _port(environment.get("PORT") or "8000"), environment.get("REDIS_URL")
        return cls(database_url, port, secret, cache_url or None)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise BadSettings(f"PORT is {text!r}: give a number from 0 to 65535.")
    return int(text)
