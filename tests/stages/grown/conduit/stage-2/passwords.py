"""Passwords, hashed with scrypt, and tokens, signed with the key in the database."""

import asyncio
import hashlib
import hmac
import os
import re
import time
from typing import Any

from database import one

LIFETIME = 7 * 24 * 3600
IDENTITY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
Row = dict[str, Any]


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


async def hash_password(password: str) -> str:
    salt = os.urandom(16)
    return f"{salt.hex()}:{(await asyncio.to_thread(_scrypt, password, salt)).hex()}"


async def is_right(password: str, stored: str) -> bool:
    salt, _, digest = stored.partition(":")
    found = await asyncio.to_thread(_scrypt, password, bytes.fromhex(salt))
    return hmac.compare_digest(found.hex(), digest)


async def _signature(text: str, password_hash: str) -> str:
    """Signed with the password's hash as well, so that a new password ends all tokens (S10)."""
    row = await one("SELECT secret FROM signing_key")
    assert row is not None
    signed = f"{text}.{password_hash}"
    return hmac.new(row["secret"].encode(), signed.encode(), hashlib.sha256).hexdigest()


async def token_of(user: Row) -> str:
    text = f"{user['id']}.{int(time.time()) + LIFETIME}"
    return f"{text}.{await _signature(text, user['password_hash'])}"


async def owner_of(token: str) -> Row | None:
    """The account that the token belongs to; None if it is not ours or has expired."""
    text, _, signature = token.rpartition(".")
    user_id, _, until = text.partition(".")
    if not IDENTITY.fullmatch(user_id):
        return None
    user = await one("SELECT * FROM users WHERE id = %s", [int(user_id)])
    if user is None:
        return None
    right = await _signature(text, user["password_hash"])
    if not hmac.compare_digest(right.encode(), signature.encode()):
        return None
    return user if int(until) > time.time() else None
