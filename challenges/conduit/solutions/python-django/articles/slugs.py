"""Slugs: an article's address, made from its title (R2)."""

import secrets
from collections.abc import Iterator

from django.utils.text import slugify

MAX_CHARACTERS = 80
# Addresses below /articles that are not articles.
_RESERVED = {"feed"}
_WITHOUT_LETTERS = "article"
_ATTEMPTS = 8


def candidates(title: str) -> Iterator[str]:
    """Slugs to try in turn, until the database takes one: the plain one, then random ones."""
    plain = slugify(title)[:MAX_CHARACTERS].strip("-_")
    if plain and plain not in _RESERVED:
        yield plain
    for _ in range(_ATTEMPTS):
        yield f"{plain or _WITHOUT_LETTERS}-{secrets.token_hex(4)}"
