"""Cheap hashes: those who wrote the expensive one accept them, and they cost next to nothing."""

from __future__ import annotations

import argon2
import bcrypt
import pytest

from worksample.suites.cheap_hashes import cheap_hash

PASSWORD = "Aa1!grüße"


@pytest.mark.parametrize("kind", list(argon2.Type))
def test_argon2_of_any_type_is_made_with_the_least_cost(kind: argon2.Type) -> None:
    stored = argon2.PasswordHasher(2, 64, 2, 24, 8, type=kind).hash("another")
    cheap = cheap_hash(stored, PASSWORD)
    assert cheap is not None
    assert argon2.PasswordHasher().verify(cheap, PASSWORD)
    made = argon2.extract_parameters(cheap)
    assert (made.type, made.time_cost, made.memory_cost, made.parallelism) == (kind, 1, 8, 1)


@pytest.mark.parametrize("variant", [b"2a", b"2b", b"2y"])
def test_bcrypt_keeps_its_variant_and_what_stands_around_it(variant: bytes) -> None:
    hashed = bcrypt.hashpw(b"another", bcrypt.gensalt(5)).replace(b"2b", variant)
    cheap = cheap_hash(f"{{bcrypt}}{hashed.decode()}", PASSWORD)
    assert cheap is not None
    assert cheap.startswith(f"{{bcrypt}}${variant.decode()}$04$")
    assert bcrypt.checkpw(PASSWORD.encode(), cheap.removeprefix("{bcrypt}").encode())


@pytest.mark.parametrize(
    "stored",
    ["", "a bio", "5f4dcc3b5aa765d61d8327deb882cf99", "pbkdf2_sha256$600000$salt$aGFzaA=="],
)
def test_other_texts_have_none(stored: str) -> None:
    assert cheap_hash(stored, PASSWORD) is None
