"""The account as the rest of the server knows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """A row of `users`, without what only signing in needs."""

    id: int
    username: str
    email: str
    bio: str | None
    image: str | None
    token_version: int
