"""Passwords, hashed with scrypt, and tokens, signed with the key in the database."""

import asyncio
import hashlib
import hmac
import os
import time

from database import one

LIFETIME = 7 * 24 * 3600


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


async def hash_password(password: str) -> str:
    salt = os.urandom(16)
    return f"{salt.hex()}:{(await asyncio.to_thread(_scrypt, password, salt)).hex()}"


async def is_right(password: str, stored: str) -> bool:
    salt, _, digest = stored.partition(":")
    found = await asyncio.to_thread(_scrypt, password, bytes.fromhex(salt))
    return hmac.compare_digest(found.hex(), digest)


async def _signature(text: str) -> str:
    row = await one("SELECT secret FROM signing_key")
    assert row is not None
    return hmac.new(row["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()


async def token_of(user_id: int) -> str:
    text = f"{user_id}.{int(time.time()) + LIFETIME}"
    return f"{text}.{await _signature(text)}"


async def owner_of(token: str) -> int | None:
    """The id of the account that the token belongs to; None if it is not ours or has expired."""
    text, _, signature = token.rpartition(".")
    if not hmac.compare_digest((await _signature(text)).encode(), signature.encode()):
        return None
    user_id, _, until = text.partition(".")
    return int(user_id) if int(until) > time.time() else None
