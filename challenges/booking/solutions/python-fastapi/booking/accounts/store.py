"""Accounts in the database. That addresses are unique is the database's word (A2, M1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from booking.database import Connection
from booking.http.refusals import conflict


@dataclass(frozen=True)
class Account:
    """A row of `accounts`, without what only signing in needs."""

    id: int
    name: str
    email: str
    role: str


def email_key(email: str) -> str:
    """What two spellings of one address have in common (A5)."""
    return email.strip().lower()


async def add(conn: Connection, name: str, email: str, password_hash: str, role: str) -> Account:
    """Open an account; refused with 409 if the address is taken."""
    try:
        cursor = await conn.cursor(row_factory=class_row(Account)).execute(
            """
            INSERT INTO accounts (name, email, email_key, password_hash, role)
            VALUES (%s, %s, %s, %s, %s)
            RETURNING id, name, email, role
            """,
            [name, email, email_key(email), password_hash, role],
        )
    except UniqueViolation:
        raise conflict("email", "has already been taken") from None
    account = await cursor.fetchone()
    assert account is not None
    return account


async def find(conn: Connection, account_id: int) -> Account | None:
    cursor = await conn.cursor(row_factory=class_row(Account)).execute(
        "SELECT id, name, email, role FROM accounts WHERE id = %s", [account_id]
    )
    return await cursor.fetchone()


async def find_for_login(conn: Connection, email: str) -> tuple[Account, str] | None:
    """The account with this address and its password's hash."""
    cursor = await conn.execute(
        "SELECT id, name, email, role, password_hash FROM accounts WHERE email_key = %s",
        [email_key(email)],
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    password_hash = row.pop("password_hash")
    return Account(**row), password_hash


async def change(conn: Connection, account_id: int, values: Mapping[str, str]) -> Account | None:
    """Set these columns of an account; None if it is gone."""
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder(column))
        for column in values
    )
    query = sql.SQL(
        "UPDATE accounts SET {} WHERE id = %(account_id)s RETURNING id, name, email, role"
    ).format(assignments)
    cursor = await conn.cursor(row_factory=class_row(Account)).execute(
        query, {**values, "account_id": account_id}
    )
    return await cursor.fetchone()
