"""Stored passwords: hashed with a salt, by a slow function."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from worksample.checks import (
    Aspect,
    CheckFailed,
    Finding,
    Meaning,
    Skipped,
    Suite,
    World,
    expect,
    precondition,
)
from worksample.messages import message
from worksample.services import Row
from worksample.suites.accounts import Account, Accounts
from worksample.suites.password_hashes import describe_weakness, find_fast_hash

CITES = "OWASP API2:2023; OWASP Password Storage Cheat Sheet"
SUITE = Suite[Accounts](
    "stored-passwords",
    Accounts,
    aspect=Aspect.SECURITY,
    skills=("cryptography", "security-practices", "databases"),
    cites=CITES,
)
HINT = "Use your framework's own Argon2, bcrypt, scrypt or PBKDF2, with its default settings."
WHY = (
    "Databases are copied, lost and stolen. A readable password then also opens the mail and bank "
    "accounts of people who use it twice."
)


async def _change_password(accounts: Accounts, account: Account, new: str) -> None:
    """Change the password, as a precondition."""
    needs = accounts.password_change_check
    precondition(await account.change_password(new), Meaning.OK, needs=needs)


async def account_rows(world: World, account: Account) -> list[Row]:
    """Return the rows of the account of `account`, and the rows that refer to it.

    Raises `Skipped` when the database holds no such account.
    """
    held = await world.database.rows_containing(account.marker)
    if not held:
        raise Skipped("the account is not in the database of DATABASE_URL")
    for row in list(held):
        held += await world.database.rows_referencing(row)
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
        Finding(
            expected=what,
            actual=actual,
            details=(message("found in {where}", where=where),),
            hint=HINT,
        )
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


async def expect_not_stored(world: World, account: Account, *passwords: str) -> None:
    """Expect that no row of any table holds one of `passwords` in a reversible form."""
    await account_rows(world, account)
    for password in passwords:
        for how, form in reversible_forms(password).items():
            rows = await world.database.rows_containing(form)
            if any(form.lower() in text.lower() for text in text_values(rows)):
                raise storage_failure(
                    rows,
                    "no readable password in the database",
                    message("the password {how}", how=how),
                )


def expect_slow_hash(rows: list[Row], password: str) -> None:
    """Expect that `rows` hold no fast hash of `password`, and no hash with a low work factor."""
    held = text_values(rows)
    if found := find_fast_hash(password, held):
        raise storage_failure(rows, "a slow hash (Argon2, bcrypt, scrypt, PBKDF2)", found)
    for text in held:
        if weak := describe_weakness(text):
            raise storage_failure(rows, "a slow hash with a sufficient work factor", weak)


@SUITE.check(
    title="Passwords are not stored in readable form",
    why=WHY,
    cites=f"{CITES} (CWE-256)",
    hint=HINT,
)
async def passwords_are_not_stored_readable(world: World, accounts: Accounts) -> None:
    account = await accounts.sign_up()
    await expect_not_stored(world, account, account.password)


@SUITE.check(
    title="A changed password is not stored in readable form either",
    why="Code that hashes a password at registration often forgets to hash it at a change.",
    cites=f"{CITES} (CWE-256)",
    hint=HINT,
)
async def changed_passwords_are_not_stored_readable(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    password = accounts.new_password()
    await _change_password(accounts, account, password)
    await expect_not_stored(world, account, password, account.password)


@SUITE.check(
    title="Equal passwords are stored differently: every hash has a salt of its own",
    why="Without a salt, one precomputed table opens all accounts, and equal passwords are "
    "visible.",
    cites=f"{CITES} (CWE-759)",
    hint=HINT,
)
async def equal_passwords_are_stored_differently(world: World, accounts: Accounts) -> None:
    password = accounts.new_password()
    one = await accounts.sign_up(password=password)
    control = await accounts.sign_up()
    two = await accounts.sign_up(password=password)
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


@SUITE.check(
    title="Passwords are hashed by a function that is slow on purpose",
    why="A graphics card computes ten billion SHA-256 a second, but only a few thousand Argon2 or "
    "bcrypt hashes.",
    cites=f"{CITES} (CWE-916)",
    hint=HINT,
)
async def passwords_are_hashed_slowly(world: World, accounts: Accounts) -> None:
    account = await accounts.sign_up()
    expect_slow_hash(await account_rows(world, account), account.password)


@SUITE.check(
    title="A changed password is hashed by a slow function too",
    why="If a changed password is hashed by a weaker function than a new one, the weaker one "
    "counts.",
    cites=f"{CITES} (CWE-916)",
    hint="Hash every password with the same function.",
)
async def changed_passwords_are_hashed_slowly(world: World, accounts: Accounts) -> None:
    account = await accounts.sign_up()
    password = accounts.new_password()
    await _change_password(accounts, account, password)
    expect_slow_hash(await account_rows(world, account), password)


@SUITE.check(
    title="A change of anything else leaves the password as it is",
    why="If every save hashes the stored hash again, people are locked out for no visible reason.",
)
async def another_change_keeps_the_password(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    expect(await account.write_self(world.unique_name("text"))).ok()
    expect(await accounts.log_in(account.login, account.password)).ok(
        because="the password was not changed"
    )


@SUITE.check(
    title="A password of 100,000 characters does not hold up the server",
    why="Some slow hashes take time in proportion to the password: a few such logins, and nobody "
    "else can sign in.",
    hint="Refuse passwords beyond a limit (1,024 characters, say) before you hash them.",
    cites="OWASP API4:2023 Unrestricted Resource Consumption (CWE-770)",
    skills=("security-practices", "api-design"),
)
async def long_passwords_are_answered(world: World, accounts: Accounts) -> None:
    account = await accounts.own_account()
    long = "x" * 100_000
    expect(await accounts.log_in(account.login, long)).refused(because="the password is wrong")
    _, answer = await accounts.register(long)
    expect(answer).not_server_error()
