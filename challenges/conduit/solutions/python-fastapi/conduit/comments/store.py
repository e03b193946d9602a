"""Comments in the database."""

from psycopg.errors import ForeignKeyViolation

from conduit.accounts.user import User
from conduit.comments.messages import Comment
from conduit.database import Connection
from conduit.http.refusals import not_found, not_yours
from conduit.profiles.store import PROFILE_COLUMNS

_OF_ARTICLE = f"""
    SELECT c.id, c.created_at, c.updated_at, c.body, {PROFILE_COLUMNS}
    FROM articles a
    LEFT JOIN comments c ON c.article_id = a.id
    LEFT JOIN users u ON u.id = c.author_id
    WHERE a.slug = %(slug)s
    ORDER BY c.id
"""

_ADD = """
    INSERT INTO comments (article_id, author_id, body)
    SELECT id, %(author_id)s, %(body)s FROM articles WHERE slug = %(slug)s
    RETURNING id, created_at, updated_at, body
"""

_DELETE = """
    DELETE FROM comments c USING articles a
    WHERE a.slug = %(slug)s AND c.article_id = a.id
      AND c.id = %(id)s AND c.author_id = %(author_id)s
"""

_AUTHOR = """
    SELECT c.author_id FROM comments c JOIN articles a ON a.id = c.article_id
    WHERE a.slug = %(slug)s AND c.id = %(id)s
"""


async def of_article(conn: Connection, slug: str, viewer: int | None) -> list[Comment]:
    """Oldest first; refused with 404 if there is no such article."""
    cursor = await conn.execute(_OF_ARTICLE, {"slug": slug, "viewer": viewer})
    rows = await cursor.fetchall()
    if not rows:
        raise not_found("article")
    return [Comment.of(row) for row in rows if row["id"] is not None]


async def add(conn: Connection, slug: str, me: User, body: str) -> Comment:
    """Comment on an article; refused with 404 if there is none, or not any more."""
    try:
        cursor = await conn.execute(_ADD, {"slug": slug, "author_id": me.id, "body": body})
    except ForeignKeyViolation:
        raise not_found("article") from None
    row = await cursor.fetchone()
    if row is None:
        raise not_found("article")
    author = {"username": me.username, "bio": me.bio, "image": me.image, "following": False}
    return Comment.of({**row, **author})


async def delete(conn: Connection, slug: str, comment_id: int, me: User) -> None:
    """Delete a comment of one's own, under its own article. Refused with 403 or 404."""
    wanted = {"slug": slug, "id": comment_id, "author_id": me.id}
    deleted = await conn.execute(_DELETE, wanted)
    if deleted.rowcount == 0:
        cursor = await conn.execute(_AUTHOR, wanted)
        row = await cursor.fetchone()
        raise not_yours("comment") if row and row["author_id"] != me.id else not_found("comment")
