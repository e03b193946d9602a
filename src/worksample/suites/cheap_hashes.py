"""Password hashes of the least cost, in the format and with the algorithm of a given one.

A hash in these formats names its cost, and whoever compares it with a password pays that cost:
Argon2 in the PHC string format, bcrypt in the modular crypt format, also behind a prefix.
"""

from __future__ import annotations

import re

import bcrypt
from argon2.low_level import Type, hash_secret

_ARGON2 = re.compile(r"\$argon2(id|i|d)\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")
_BCRYPT = re.compile(r"\$(2[aby])\$\d\d\$[A-Za-z0-9./]{53}")
_ARGON2_TYPES = {"id": Type.ID, "i": Type.I, "d": Type.D}
_SALT = b"worksample salt."
_LEAST_MEMORY, _LENGTH, _LEAST_BCRYPT = 8, 32, 4
#: bcrypt reads no further, and its library refuses to.
_BCRYPT_BYTES = 72


def cheap_hash(stored: str, password: str) -> str | None:
    """Return what to store instead of `stored` for `password`; None if its format is unknown."""
    if found := _ARGON2.search(stored):
        made = hash_secret(
            password.encode(),
            _SALT,
            time_cost=1,
            memory_cost=_LEAST_MEMORY,
            parallelism=1,
            hash_len=_LENGTH,
            type=_ARGON2_TYPES[found[1]],
        )
    elif found := _BCRYPT.search(stored):
        salt = bcrypt.gensalt(_LEAST_BCRYPT).replace(b"$2b$", f"${found[1]}$".encode())
        made = bcrypt.hashpw(password.encode()[:_BCRYPT_BYTES], salt)
    else:
        return None
    return stored[: found.start()] + made.decode() + stored[found.end() :]
