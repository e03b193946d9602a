"""Passwords as the database holds them: hashed, salted, slowly."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Any

from worksample.checks import Aspect, Finding, Unmet, check, expect, given
from worksample.checks.dialect import Meaning
from worksample.probes.database import Row, rows_holding

from .world import Conduit, Person

CITES = "OWASP API2:2023; OWASP Password Storage Cheat Sheet"
SKILLS = ("cryptography", "security-practices", "databases")
HINT = "Use your framework's own Argon2, bcrypt, scrypt or PBKDF2, with its default settings."
WHY = (
    "Databases are copied, lost and stolen. What lies in them then opens the mail and the bank of "
    "everybody who uses one password twice."
)
FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b")
CHANGE_ACCOUNT = "a-change-of-account-is-kept"

# Work factors far below what the cheat sheet asks (bcrypt 10, PBKDF2 210,000, scrypt 2^13,
# Argon2 7 MiB): nobody arrives there by a choice between recommendations.
_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$")
_PBKDF2 = re.compile(r"pbkdf2[^0-9a-z]?(?:hmac)?[^0-9a-z]?sha\d+[^0-9a-z](\d+)", re.I)
_ARGON2 = re.compile(r"\$argon2(?:id|i|d)\$.*?m=(\d+),t=(\d+)")
_LEAST_BCRYPT, _LEAST_PBKDF2, _LEAST_ARGON2_KIB = 8, 20_000, 1024


async def stored(world: Conduit, person: Person) -> list[Row]:
    """Return the rows that belong to `person`; blocks when the database holds none."""
    held = await rows_holding(world.database, person.username)
    for row in list(held):
        held += await _beside(world, row)
    return held


async def _beside(world: Conduit, row: Row) -> list[Row]:
    """Rows of other tables that point to this one by its id, when that is unmistakable (a UUID)."""
    key = row.values.get("id")
    if isinstance(key, str) and len(key) >= 32:
        return [r for r in await rows_holding(world.database, key) if r.table != row.table]
    return []


def texts(rows: list[Row]) -> list[str]:
    """Return every text that the rows hold, in nested JSON too."""
    return [text for row in rows for value in row.values.values() for text in _texts_in(value)]


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)


def blame(rows: list[Row], what: str, actual: str) -> Unmet:
    """Build the finding about what the database holds."""
    where = ", ".join(sorted({row.table for row in rows}))
    return Unmet(Finding(expected=what, actual=actual, details=(f"found in {where}",), hint=HINT))


def expect_unreadable(rows: list[Row], password: str) -> None:
    """Expect that no text of `rows` holds `password`, plain or in an encoding that undoes."""
    raw = password.encode()
    encodings = {
        "as it was typed": password,
        "in base64": base64.b64encode(raw).decode().rstrip("="),
        "in hexadecimal": raw.hex(),
        "backwards": password[::-1],
    }
    for text in texts(rows):
        for how, encoded in encodings.items():
            if encoded in text:
                raise blame(rows, "no password in the database", f"the password, {how}")


@check(
    title="Passwords are not stored in readable form",
    aspect=Aspect.SECURITY,
    stage=2,
    clause="S4",
    why=WHY,
    cites=f"{CITES} (CWE-256)",
    skills=SKILLS,
    hint=HINT,
)
async def passwords_are_not_stored_readable(world: Conduit) -> None:
    person = await world.sign_up()
    expect_unreadable(await stored(world, person), person.password)


@check(
    title="A changed password is not stored in readable form either",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="Code that hashes at registration and forgets it at the change is found in every second "
    "review.",
    cites=f"{CITES} (CWE-256)",
    skills=SKILLS,
    hint=HINT,
)
async def changed_passwords_are_not_stored_readable(world: Conduit) -> None:
    person = await world.sign_up()
    password = world.password()
    given(await person.change(password=password), Meaning.OK, needs=CHANGE_ACCOUNT)
    rows = await stored(world, person)
    expect_unreadable(rows, password)
    expect_unreadable(rows, person.password)


@check(
    title="Equal passwords are stored differently: every hash has a salt of its own",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="Without a salt one computed table opens all accounts at once, and everybody can see who "
    "shares a password.",
    cites=f"{CITES} (CWE-759)",
    skills=SKILLS,
    hint=HINT,
)
async def equal_passwords_are_stored_differently(world: Conduit) -> None:
    password = world.password()
    one, two = await world.sign_up(password=password), await world.sign_up(password=password)
    first, second = await stored(world, one), await stored(world, two)
    shared = {text for text in texts(first) if len(text) >= 16} & set(texts(second))
    if any(_like_a_hash(text) for text in shared):
        raise blame(first, "a different hash for each account", "the same one for both")


@check(
    title="Passwords are hashed by a function that is slow on purpose",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="A graphics card tries ten thousand million SHA-256 a second; against Argon2 or bcrypt it "
    "tries a few thousand.",
    cites=f"{CITES} (CWE-916)",
    skills=SKILLS,
    hint=HINT,
)
async def passwords_are_hashed_slowly(world: Conduit) -> None:
    person = await world.sign_up()
    rows = await stored(world, person)
    held = texts(rows)
    for text in held:
        for name, digest in _fast_digests(person.password, held):
            if digest in text.lower():
                raise blame(rows, "a slow hash (Argon2, bcrypt, scrypt, PBKDF2)", name)
        if weak := _weak(text):
            raise blame(rows, "a work factor that makes guessing expensive", weak)


def _fast_digests(password: str, salts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what fast functions make of the password, alone and with any text beside it as salt."""
    raw = password.encode()
    for name in FAST:
        yield f"{name} of the password", hashlib.new(name, raw).hexdigest()
        for salt in salts:
            for piece in {salt, *re.split(r"[$:.]", salt)}:
                if 4 <= len(piece) <= 64:
                    yield from _salted(name, raw, piece.encode())


def _salted(name: str, raw: bytes, salt: bytes) -> Iterator[tuple[str, str]]:
    yield f"{name} of salt and password", hashlib.new(name, salt + raw).hexdigest()
    yield f"{name} of password and salt", hashlib.new(name, raw + salt).hexdigest()
    yield f"HMAC-{name} with the salt as key", hmac.new(salt, raw, name).hexdigest()


def _weak(text: str) -> str:
    """Say what is weak about a hash in a known format, or nothing."""
    if (found := _BCRYPT.search(text)) and int(found[1]) < _LEAST_BCRYPT:
        return f"bcrypt with a cost of {found[1]}"
    if (found := _PBKDF2.search(text)) and int(found[1]) < _LEAST_PBKDF2:
        return f"PBKDF2 with {found[1]} rounds"
    if found := _ARGON2.search(text):
        memory, rounds = int(found[1]), int(found[2])
        if memory * rounds < _LEAST_ARGON2_KIB:
            return f"Argon2 with {memory} KiB and {rounds} rounds"
    return ""


def _like_a_hash(text: str) -> bool:
    """Whether a text that two accounts share could only be the same for the same password."""
    digits = sum(letter.isdigit() for letter in text)
    return " " not in text and digits >= 3 and "://" not in text and "T" not in text[10:11]


@check(
    title="A change of anything else leaves the password as it is",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="A7",
    why="Hashing the hash again at every save locks people out without a trace.",
    cites=CITES,
    skills=SKILLS,
)
async def a_change_of_bio_keeps_the_password(world: Conduit) -> None:
    person = await world.sign_up()
    expect(await person.change(bio=world.sentence(), image=None)).ok()
    expect(await world.log_in(person.email, person.password)).ok(
        because="the password was not changed"
    )
