"""Profiles and follows in the database."""

from typing import Any

from psycopg.rows import DictRow

from conduit.database import Connection
from conduit.http.refusals import invalid, not_found
from conduit.profiles.messages import Profile

# The author or owner is `u`; %(viewer)s is the id of the one who asks, or NULL.
PROFILE_COLUMNS = """
    u.username, u.bio, u.image,
    EXISTS (
        SELECT 1 FROM follows
        WHERE follower_id = %(viewer)s AND followed_id = u.id
    ) AS following
"""

_FIND = f"SELECT u.id, {PROFILE_COLUMNS} FROM users u WHERE u.username = %(username)s"


async def see(conn: Connection, username: str, viewer: int | None) -> Profile:
    """The profile as the viewer sees it; refused with 404 if nobody has this name."""
    return Profile.of(await _find(conn, username, viewer))


async def follow(conn: Connection, username: str, viewer: int) -> Profile:
    """Follow, once or again; nobody follows themselves (422)."""
    person = await _find(conn, username, viewer)
    if person["id"] == viewer:
        raise invalid("username", "is your own: nobody follows themselves")
    await conn.execute(
        """
        INSERT INTO follows (follower_id, followed_id) VALUES (%s, %s)
        ON CONFLICT DO NOTHING
        """,
        [viewer, person["id"]],
    )
    return Profile.of({**person, "following": True})


async def unfollow(conn: Connection, username: str, viewer: int) -> Profile:
    person = await _find(conn, username, viewer)
    await conn.execute(
        "DELETE FROM follows WHERE follower_id = %s AND followed_id = %s", [viewer, person["id"]]
    )
    return Profile.of({**person, "following": False})


async def _find(conn: Connection, username: str, viewer: int | None) -> DictRow:
    parameters: dict[str, Any] = {"username": username, "viewer": viewer}
    cursor = await conn.execute(_FIND, parameters)
    row = await cursor.fetchone()
    if row is None:
        raise not_found("profile")
    return row
