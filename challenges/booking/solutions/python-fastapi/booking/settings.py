"""Configuration from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
MIN_SECRET_BYTES = 32
# The code of the test machine (A10).
DEFAULT_OPERATOR_CODE = "ahoy"


class BadSettings(SystemExit):
    """The environment does not let the server run; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two deployments."""

    database_url: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    port: int = 8000
    operator_code: str = field(default=DEFAULT_OPERATOR_CODE, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read DATABASE_URL, JWT_SECRET, PORT and OPERATOR_CODE; raises BadSettings."""
        secret = environment.get("JWT_SECRET", "")
        if len(secret.encode()) < MIN_SECRET_BYTES:
            raise BadSettings(f"JWT_SECRET: set it to at least {MIN_SECRET_BYTES} random bytes.")
        return cls(
            database_url(environment),
            secret,
            _port(environment.get("PORT") or "8000"),
            environment.get("OPERATOR_CODE") or DEFAULT_OPERATOR_CODE,
        )


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    url = environment.get("DATABASE_URL", "")
    if not url:
        raise BadSettings("DATABASE_URL is not set: give the address of a PostgreSQL database.")
    return url


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise BadSettings(f"PORT is {text!r}: give a number from 0 to 65535.")
    return int(text)
