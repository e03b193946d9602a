"""Passwords as the database holds them: hashed, salted, slowly."""

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
    "Databases are copied, lost and stolen. What lies in them then opens the mail and the bank of "
    "everybody who uses one password twice."
)
CHANGE_ACCOUNT = "a-new-password-replaces-the-old-one"


async def account_rows(world: Conduit, person: Person) -> list[Row]:
    """Return the rows that belong to `person`; excuses the check when the database holds none."""
    held = await rows_containing(world.database, person.username)
    if not held:
        raise Skipped("the account is not in the database that was given")
    for row in list(held):
        held += await rows_referencing(world.database, row)
    return held


def text_values(rows: list[Row]) -> list[str]:
    """Return every text that the rows hold, in nested JSON too."""
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
    """Build the finding about what the database holds."""
    where = ", ".join(sorted({row.table for row in rows}))
    return CheckFailed(
        Finding(expected=what, actual=actual, details=(f"found in {where}",), hint=HINT)
    )


def reversible_forms(password: str) -> dict[str, str]:
    """Return the forms of `password` that anybody can read or undo, by how they came about."""
    raw = password.encode()
    return {
        "as it was typed": password,
        "in base64": base64.b64encode(raw).decode().rstrip("="),
        "in hexadecimal": raw.hex(),
        "backwards": password[::-1],
    }


async def expect_not_stored(world: Conduit, person: Person, *passwords: str) -> None:
    """Expect that no row of any table holds one of `passwords`, plain or easily undone."""
    await account_rows(world, person)
    for password in passwords:
        for how, form in reversible_forms(password).items():
            rows = await rows_containing(world.database, form)
            if any(form.lower() in text.lower() for text in text_values(rows)):
                raise storage_failure(rows, "no password in the database", f"the password, {how}")


def expect_slow_hash(rows: list[Row], password: str) -> None:
    """Expect that no text of `rows` is what a fast function, or a weak one, makes of `password`."""
    held = text_values(rows)
    if found := find_fast_hash(password, held):
        raise storage_failure(rows, "a slow hash (Argon2, bcrypt, scrypt, PBKDF2)", found)
    for text in held:
        if weak := describe_weakness(text):
            raise storage_failure(rows, "a work factor that makes guessing expensive", weak)


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
    why="Code that hashes at registration and forgets it at the change is found in every second "
    "review.",
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
    why="Without a salt one computed table opens all accounts at once, and everybody can see who "
    "shares a password.",
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
    # What an account with another password holds too has nothing to do with the password.
    if password_hashes & set(text_values(second)) - set(
        text_values(await account_rows(world, control))
    ):
        raise storage_failure(first, "a different hash for each account", "the same one for both")


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
    expect_slow_hash(await account_rows(world, person), person.password)


@check(
    title="A changed password is hashed by a slow function too",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S4",
    why="Code that hashes well at registration and by another way at the change is as weak as its "
    "weaker half.",
    cites=f"{CITES} (CWE-916)",
    skills=SKILLS,
    hint="Let one function make every hash.",
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
