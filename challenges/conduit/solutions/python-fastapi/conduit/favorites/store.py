"""Favourites in the database: a row for each person and article, counted when it is shown.

The article is held while the mark changes, so that the answer shows the count as this
change left it, and so that an article which is being deleted is gone for us too.
"""

from conduit.articles import reading
from conduit.articles.messages import Article
from conduit.database import Connection
from conduit.http.refusals import not_found


async def add(conn: Connection, slug: str, user_id: int) -> Article:
    """Mark as a favourite, once or again; refused with 404 if there is no such article."""
    article_id = await _hold(conn, slug)
    await conn.execute(
        """
        INSERT INTO favorites (article_id, user_id) VALUES (%s, %s)
        ON CONFLICT DO NOTHING
        """,
        [article_id, user_id],
    )
    return await reading.read(conn, slug, user_id)


async def remove(conn: Connection, slug: str, user_id: int) -> Article:
    article_id = await _hold(conn, slug)
    await conn.execute(
        "DELETE FROM favorites WHERE article_id = %s AND user_id = %s", [article_id, user_id]
    )
    return await reading.read(conn, slug, user_id)


async def _hold(conn: Connection, slug: str) -> int:
    cursor = await conn.execute("SELECT id FROM articles WHERE slug = %s FOR NO KEY UPDATE", [slug])
    row = await cursor.fetchone()
    if row is None:
        raise not_found("article")
    return int(row["id"])
