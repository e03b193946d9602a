"""Stored passwords: hashed with a salt, by a slow function (S4)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from worksample.checks import Aspect, CheckFailed, Finding, Skipped, check, expect, precondition
from worksample.checks.dialect import Meaning
from worksample.probes.database import Row, rows_containing, rows_referencing

from .password_hashes import describe_weakness, find_fast_hash
from .world import Conduit, Person

CITES = "OWASP API2:2023; OWASP Password Storage Cheat Sheet"
SKILLS = ("cryptography", "security-practices", "databases")
HINT = "Use your framework's own Argon2, bcrypt, scrypt or PBKDF2, with its default settings."
WHY = (
    "Databases are copied, lost and stolen. A readable password then also opens the mail and bank "
    "accounts of people who use it twice."
)
CHANGE_ACCOUNT = "a-new-password-replaces-the-old-one"


async def account_rows(world: Conduit, person: Person) -> list[Row]:
    """Return the rows of the account of `person`, and the rows that refer to them.

    Raises `Skipped` when the database holds no such account.
    """
    held = await rows_containing(world.database, person.username)
    if not held:
        raise Skipped("the account is not in the database of DATABASE_URL")
    for row in list(held):
        held += await rows_referencing(world.database, row)
    return held


def text_values(rows: list[Row]) -> list[str]:
    """Return every string in the rows, including those in nested JSON."""
    return [text for row in rows for value in row.values.values() for text in _strings_in(value)]


def _strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings_in(inner)


def storage_failure(rows: list[Row], what: str, actual: str) -> CheckFailed:
    """Return the failure for a value that the database must not hold; names the tables."""
    where = ", ".join(sorted({row.table for row in rows}))
    return CheckFailed(
        Finding(expected=what, actual=actual, details=(f"found in {where}",), hint=HINT)
    )


def reversible_forms(password: str) -> dict[str, str]:
    """Return forms of `password` that anybody can read or reverse, keyed by their name."""
    raw = password.encode()
    return {
        "as it was typed": password,
        "in base64": base64.b64encode(raw).decode().rstrip("="),
        "in hexadecimal": raw.hex(),
        "backwards": password[::-1],
    }


async def expect_not_stored(world: Conduit, person: Person, *passwords: str) -> None:
    """Expect that no row of any table holds one of `passwords` in a reversible form."""
    await account_rows(world, person)
    for password in passwords:
        for how, form in reversible_forms(password).items():
            rows = await rows_containing(world.database, form)
            if any(form.lower() in text.lower() for text in text_values(rows)):
                raise storage_failure(
                    rows, "no readable password in the database", f"the password {how}"
                )


def expect_slow_hash(rows: list[Row], password: str) -> None:
    """Expect that `rows` hold no fast hash of `password`, and no hash with a low work factor."""
    held = text_values(rows)
    if found := find_fast_hash(password, held):
        raise storage_failure(rows, "a slow hash (Argon2, bcrypt, scrypt, PBKDF2)", found)
    for text in held:
        if weak := describe_weakness(text):
            raise storage_failure(rows, "a slow hash with a sufficient work factor", weak)


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
    await expect_not_stored(world, person, person.password)


@check(
    title="A changed password is not stored in readable form either",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="Code that hashes a password at registration often forgets to hash it at a change.",
    cites=f"{CITES} (CWE-256)",
    skills=SKILLS,
    hint=HINT,
)
async def changed_passwords_are_not_stored_readable(world: Conduit) -> None:
    person = await world.sign_up()
    password = world.password()
    precondition(await person.change(password=password), Meaning.OK, needs=CHANGE_ACCOUNT)
    await expect_not_stored(world, person, password, person.password)


@check(
    title="Equal passwords are stored differently: every hash has a salt of its own",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="Without a salt, one precomputed table opens all accounts, and equal passwords are "
    "visible.",
    cites=f"{CITES} (CWE-759)",
    skills=SKILLS,
    hint=HINT,
)
async def equal_passwords_are_stored_differently(world: Conduit) -> None:
    password = world.password()
    one = await world.sign_up(password=password)
    control = await world.sign_up()
    two = await world.sign_up(password=password)
    first, second = await account_rows(world, one), await account_rows(world, two)
    password_hashes = {
        text for text in text_values(first) if len(text) >= 8 and password not in text
    }
    # A text that an account with another password holds too does not depend on the password.
    if password_hashes & set(text_values(second)) - set(
        text_values(await account_rows(world, control))
    ):
        raise storage_failure(
            first, "different hashes for two accounts with one password", "the same hash for both"
        )


@check(
    title="Passwords are hashed by a function that is slow on purpose",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="A graphics card computes ten billion SHA-256 a second, but only a few thousand Argon2 or "
    "bcrypt hashes.",
    cites=f"{CITES} (CWE-916)",
    skills=SKILLS,
    hint=HINT,
)
async def passwords_are_hashed_slowly(world: Conduit) -> None:
    person = await world.sign_up()
    expect_slow_hash(await account_rows(world, person), person.password)


@check(
    title="A changed password is hashed by a slow function too",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="If a changed password is hashed by a weaker function than a new one, the weaker one "
    "counts.",
    cites=f"{CITES} (CWE-916)",
    skills=SKILLS,
    hint="Hash every password with the same function.",
)
async def changed_passwords_are_hashed_slowly(world: Conduit) -> None:
    person = await world.sign_up()
    password = world.password()
    precondition(await person.change(password=password), Meaning.OK, needs=CHANGE_ACCOUNT)
    expect_slow_hash(await account_rows(world, person), password)


@check(
    title="A change of anything else leaves the password as it is",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="A7",
    why="If every save hashes the stored hash again, people are locked out for no visible reason.",
    cites=CITES,
    skills=SKILLS,
)
async def a_change_of_bio_keeps_the_password(world: Conduit) -> None:
    person = await world.sign_up()
    expect(await person.change(bio=world.sentence(), image=None)).ok()
    expect(await world.log_in(person.email, person.password)).ok(
        because="the password was not changed"
    )
