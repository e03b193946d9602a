"""Accounts in the database. That names are unique is the database's word (A2, M1)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from conduit.accounts.user import User
from conduit.database import Connection
from conduit.http.refusals import invalid

_FIELD_OF_CONSTRAINT = {"users_username_taken": "username", "users_email_taken": "email"}


def email_key(email: str) -> str:
    """What two spellings of one address have in common (A5)."""
    return email.strip().lower()


async def add(conn: Connection, username: str, email: str, password_hash: str) -> User:
    """Open an account; refused with 422 if the name or the address is taken."""
    with _taken_is_refused():
        cursor = await conn.cursor(row_factory=class_row(User)).execute(
            """
            INSERT INTO users (username, email, email_key, password_hash)
            VALUES (%s, %s, %s, %s)
            RETURNING id, username, email, bio, image, token_version
            """,
            [username, email, email_key(email), password_hash],
        )
    user = await cursor.fetchone()
    assert user is not None
    return user


async def find(conn: Connection, user_id: int) -> User | None:
    cursor = await conn.cursor(row_factory=class_row(User)).execute(
        "SELECT id, username, email, bio, image, token_version FROM users WHERE id = %s", [user_id]
    )
    return await cursor.fetchone()


async def find_for_login(conn: Connection, email: str) -> tuple[User, str] | None:
    """The account with this address and its password's hash."""
    cursor = await conn.execute(
        """
        SELECT id, username, email, bio, image, token_version, password_hash
        FROM users WHERE email_key = %s
        """,
        [email_key(email)],
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    password_hash = row.pop("password_hash")
    return User(**row), password_hash


async def change(conn: Connection, user_id: int, values: Mapping[str, str | None]) -> User | None:
    """Set these columns of an account; None if it is gone, refused if a name is taken."""
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder(column))
        for column in values
    )
    if "password_hash" in values:  # No token from before is good any longer (S10).
        assignments += sql.SQL(", token_version = token_version + 1")
    query = sql.SQL(
        "UPDATE users SET {} WHERE id = %(user_id)s"
        " RETURNING id, username, email, bio, image, token_version"
    ).format(assignments)
    with _taken_is_refused():
        cursor = await conn.cursor(row_factory=class_row(User)).execute(
            query, {**values, "user_id": user_id}
        )
    return await cursor.fetchone()


@contextmanager
def _taken_is_refused() -> Iterator[None]:
    try:
        yield
    except UniqueViolation as error:
        field = _FIELD_OF_CONSTRAINT[error.diag.constraint_name or ""]
        raise invalid(field, "has already been taken") from None
