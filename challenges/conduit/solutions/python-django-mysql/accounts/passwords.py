"""Passwords: hashed with Argon2id, as many at a time as there are processors (S4, W3)."""

import os
from threading import BoundedSemaphore

from django.contrib.auth import hashers

_PLACES = BoundedSemaphore(os.cpu_count() or 1)


class Argon2(hashers.Argon2PasswordHasher):
    """OWASP Password Storage Cheat Sheet: 19 MiB, 2 iterations, 1 degree of parallelism."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


def hashed(password: str) -> str:
    """The hash to store. No transaction is open, and nobody waits for our connection (W3)."""
    with _PLACES:
        return hashers.make_password(password)


def is_right(stored: str | None, password: str) -> bool:
    """Compare; without a stored hash it takes just as long and is never right (S7)."""
    if stored is None:
        hashed(password)
        return False
    with _PLACES:
        return hashers.check_password(password, stored)
