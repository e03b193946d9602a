"""Publish, edit and delete articles.

A slug is taken by storing it: if the database says that somebody has it already, the whole
transaction is undone and tried again with the next one.
"""

from psycopg.errors import UniqueViolation

from conduit.accounts.user import User
from conduit.articles import reading
from conduit.articles.messages import Article, ArticleChange, NewArticle
from conduit.articles.slugs import candidates
from conduit.database import Connection, Database
from conduit.http.refusals import not_found, not_yours


async def publish(db: Database, me: User, new: NewArticle) -> Article:
    for slug in candidates(new.title):
        try:
            return await db.transaction(_publish, slug, me, new)
        except UniqueViolation as error:
            _require_slug_taken(error)
    raise RuntimeError("no free slug in as many random attempts")


async def edit(db: Database, slug: str, me: User, change: ArticleChange) -> Article:
    """Change what was sent; a new title brings a new slug. Refused with 403 or 404."""
    new_slugs = candidates(change.title) if "title" in change.model_fields_set else [slug]
    for new_slug in new_slugs:
        try:
            return await db.transaction(_edit, slug, new_slug, me, change)
        except UniqueViolation as error:
            _require_slug_taken(error)
    raise RuntimeError("no free slug in as many random attempts")


async def delete(conn: Connection, slug: str, me: User) -> None:
    """Delete an article of one's own, with all that hangs on it. Refused with 403 or 404."""
    deleted = await conn.execute(
        "DELETE FROM articles WHERE slug = %s AND author_id = %s", [slug, me.id]
    )
    if deleted.rowcount == 0:
        cursor = await conn.execute("SELECT author_id FROM articles WHERE slug = %s", [slug])
        row = await cursor.fetchone()
        raise not_yours("article") if row and row["author_id"] != me.id else not_found("article")


async def _publish(conn: Connection, slug: str, me: User, new: NewArticle) -> Article:
    cursor = await conn.execute(
        """
        INSERT INTO articles (author_id, slug, title, description, body)
        VALUES (%s, %s, %s, %s, %s)
        RETURNING id, slug, title, description, body, created_at, updated_at
        """,
        [me.id, slug, new.title, new.description, new.body],
    )
    row = await cursor.fetchone()
    assert row is not None
    await _add_tags(conn, row["id"], new.tag_list)
    fresh = {"favorited": False, "favorites_count": 0, "tag_list": new.tag_list}
    author = {"username": me.username, "bio": me.bio, "image": me.image, "following": False}
    return Article.of({**row, **fresh, **author})


async def _edit(
    conn: Connection, slug: str, new_slug: str, me: User, change: ArticleChange
) -> Article:
    article_id, title = await _lock_own(conn, slug, me)
    values = change.model_dump(exclude_unset=True, include={"title", "description", "body"})
    if values.get("title", title) == title:
        new_slug = slug
    if change.model_fields_set:
        await _update(conn, article_id, new_slug, values)
    if "tag_list" in change.model_fields_set:
        await conn.execute("DELETE FROM article_tags WHERE article_id = %s", [article_id])
        await _add_tags(conn, article_id, change.tag_list)
    return await reading.read(conn, new_slug, me.id)


async def _lock_own(conn: Connection, slug: str, me: User) -> tuple[int, str]:
    """Hold the article until the transaction ends; gives its id and title."""
    cursor = await conn.execute(
        "SELECT id, author_id, title FROM articles WHERE slug = %s FOR UPDATE", [slug]
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found("article")
    if row["author_id"] != me.id:
        raise not_yours("article")
    return row["id"], row["title"]


async def _update(conn: Connection, article_id: int, slug: str, values: dict[str, str]) -> None:
    """`updated_at` always moves by what an answer can show, that is a millisecond (R6)."""
    blank: dict[str, str | None] = {"title": None, "description": None, "body": None}
    await conn.execute(
        """
        UPDATE articles SET
            slug = %(slug)s,
            title = COALESCE(%(title)s, title),
            description = COALESCE(%(description)s, description),
            body = COALESCE(%(body)s, body),
            updated_at = GREATEST(now(), updated_at + interval '1 millisecond')
        WHERE id = %(id)s
        """,
        {**blank, **values, "slug": slug, "id": article_id},
    )


async def _add_tags(conn: Connection, article_id: int, tags: list[str]) -> None:
    if tags:
        await conn.execute(
            """
            INSERT INTO article_tags (article_id, tag, position)
            SELECT %s, tag, position
            FROM unnest(%s::text[]) WITH ORDINALITY AS sent (tag, position)
            """,
            [article_id, tags],
        )


def _require_slug_taken(error: UniqueViolation) -> None:
    if error.diag.constraint_name != "articles_slug_taken":
        raise error
