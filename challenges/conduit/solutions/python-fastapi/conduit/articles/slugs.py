"""Slugs: an article's address, made from its title (R2)."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

MAX_CHARACTERS = 80
# Addresses below /articles that are not articles.
_RESERVED = {"feed"}
_WITHOUT_LETTERS = "article"
_ATTEMPTS = 8


def candidates(title: str) -> Iterator[str]:
    """Slugs to try in turn, until the database takes one: the plain one, then random ones."""
    plain = _plain(title)
    if plain and plain not in _RESERVED:
        yield plain
    for _ in range(_ATTEMPTS):
        yield f"{plain or _WITHOUT_LETTERS}-{secrets.token_hex(4)}"


def _plain(title: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; empty if nothing of it is left."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:MAX_CHARACTERS].rstrip("-")
