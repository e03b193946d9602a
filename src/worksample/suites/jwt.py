"""Parsing and forging of JSON Web Tokens."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson

from worksample.checks import Skipped

#: Algorithms with one shared key for signing and verifying (RFC 7518 3.2).
HMAC_ALGORITHMS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
#: Keys from tutorials, examples and default settings, which attackers try first (CWE-798).
WELL_KNOWN_KEYS = (
    "", "secret", "Secret", "SECRET", "mysecret", "my-secret", "my_secret", "your-256-bit-secret",
    "your_jwt_secret", "your-secret-key", "supersecret", "super-secret", "super_secret", "jwt",
    "jwt_secret", "jwt-secret", "JWT_SECRET", "SECRET_KEY", "secretkey", "secret_key", "secret-key",
    "changeme", "change-me", "change_me", "password", "test", "dev", "key", "token", "shhhhh",
    "keyboard cat", "default", "private", "123456", "undefined", "null",
    "None",
)  # fmt: skip


class Jwt:
    """A parsed JSON Web Token (RFC 7519), from which forged ones are made."""

    def __init__(self, header: dict[str, Any], claims: dict[str, Any], token: str) -> None:
        self.header = header
        self.claims = claims
        self.signing_input, _, self.signature = token.rpartition(".")

    @classmethod
    def parse(cls, token: str) -> Jwt:
        """Parse `token`; raises `Skipped` when it is not a JWT: the brief does not require one."""
        parts = token.split(".")
        try:
            header, claims = (orjson.loads(_decode_base64url(part)) for part in parts[:2])
        except ValueError:
            raise Skipped(
                "the server does not use JSON Web Tokens, so none can be forged"
            ) from None
        if len(parts) != 3 or not isinstance(header, dict) or not isinstance(claims, dict):
            raise Skipped("the server does not use JSON Web Tokens, so none can be forged")
        return cls(header, claims, token)

    def signed_part(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """Return the signing input of a token: encoded header and claims (RFC 7515 5.1)."""
        return (
            f"{_encode_base64url(orjson.dumps(header))}.{_encode_base64url(orjson.dumps(claims))}"
        )

    @property
    def algorithm(self) -> str:
        """The algorithm of the token if it is a shared-key one, else HS256."""
        stated = str(self.header.get("alg"))
        return stated if stated in HMAC_ALGORITHMS else "HS256"

    def with_key(self, key: bytes, **claims: Any) -> str:
        """Return the token with `claims` changed, signed with `key`."""
        header = {**self.header, "alg": self.algorithm}
        body = self.signed_part(header, {**self.claims, **claims})
        return f"{body}.{self._sign(key, body)}"

    def is_signed_with(self, key: bytes) -> bool:
        """Return whether the signature of the token was made with `key`."""
        return self._sign(key, self.signing_input) == self.signature

    def _sign(self, key: bytes, text: str) -> str:
        return _encode_base64url(hmac.digest(key, text.encode(), HMAC_ALGORITHMS[self.algorithm]))

    def unsigned(self, algorithm: str) -> str:
        """Return the token with `alg` set to `algorithm` and no signature (RFC 8725 2.1)."""
        return self.signed_part({**self.header, "alg": algorithm}, self.claims) + "."


def _encode_base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_candidates(text: str) -> Iterator[bytes]:
    """Yield the bytes that a library may use for a key given as text: as it is, or decoded."""
    yield text.encode()
    for decode in (bytes.fromhex, base64.b64decode, _decode_base64url):
        with suppress(ValueError):
            yield decode(text)
