"""Passwords: hashed with Argon2id, never on the event loop (S4, W3)."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 iterations, 1 degree of parallelism.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes and verifies in as many threads as there are processors; Argon2 frees the GIL."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="argon2")
        self._nobody = _hash_of_no_password(_HASHER)

    async def hash(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _HASHER.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Compare; without a stored hash it takes just as long and is never right (S7)."""
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(
            self._threads, _matches, stored or self._nobody, password
        )
        return right and stored is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash_of_no_password(hasher: PasswordHasher) -> str:
    """In the PHC format. To compute a real one would hold up every start."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${'A' * 22}${'A' * 43}"
