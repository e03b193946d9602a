"""One article, or a page of them, as the viewer sees it: one statement each (W1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from conduit.articles.messages import Article, ArticlesAnswer, ArticleSummary
from conduit.database import Connection
from conduit.http.refusals import not_found
from conduit.profiles.store import PROFILE_COLUMNS

# The article is `a`, its author `u`; %(viewer)s is the id of the one who asks, or NULL.
_SUMMARY_COLUMNS = f"""
    a.slug, a.title, a.description, a.created_at, a.updated_at,
    ARRAY(
        SELECT tag FROM article_tags WHERE article_id = a.id ORDER BY position
    ) AS tag_list,
    (SELECT count(*) FROM favorites WHERE article_id = a.id) AS favorites_count,
    EXISTS (
        SELECT 1 FROM favorites WHERE article_id = a.id AND user_id = %(viewer)s
    ) AS favorited,
    {PROFILE_COLUMNS}
"""

_ONE = f"""
    SELECT a.body, {_SUMMARY_COLUMNS}
    FROM articles a JOIN users u ON u.id = a.author_id
    WHERE a.slug = %(slug)s
"""

_TAGGED = """
    EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id AND t.tag = %(tag)s)
"""
_WRITTEN_BY = "a.author_id = (SELECT id FROM users WHERE username = %(author)s)"
_FAVORITED_BY = """
    EXISTS (
        SELECT 1 FROM favorites f JOIN users fan ON fan.id = f.user_id
        WHERE f.article_id = a.id AND fan.username = %(favorited)s
    )
"""
_FOLLOWED = "a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = %(viewer)s)"


@dataclass(frozen=True)
class Page:
    limit: int
    offset: int


@dataclass(frozen=True)
class Filters:
    """Names that narrow a list; all that are given must match (L2)."""

    tag: str | None = None
    author: str | None = None
    favorited: str | None = None


async def read(conn: Connection, slug: str, viewer: int | None) -> Article:
    """The article at this address; refused with 404 if there is none."""
    cursor = await conn.execute(_ONE, {"slug": slug, "viewer": viewer})
    row = await cursor.fetchone()
    if row is None:
        raise not_found("article")
    return Article.of(row)


async def newest(
    conn: Connection, filters: Filters, page: Page, viewer: int | None
) -> ArticlesAnswer:
    wanted = {
        _TAGGED: filters.tag,
        _WRITTEN_BY: filters.author,
        _FAVORITED_BY: filters.favorited,
    }
    conditions = [condition for condition, name in wanted.items() if name is not None]
    return await _list(conn, conditions, {**vars(filters), **vars(page), "viewer": viewer})


async def feed(conn: Connection, page: Page, viewer: int) -> ArticlesAnswer:
    return await _list(conn, [_FOLLOWED], {**vars(page), "viewer": viewer})


async def _list(
    conn: Connection, conditions: Sequence[str], parameters: dict[str, str | int | None]
) -> ArticlesAnswer:
    """Count and page in one statement: both see the same moment."""
    cursor = await conn.execute(_list_query(conditions), parameters)
    rows = await cursor.fetchall()
    articles = [ArticleSummary.of(row) for row in rows if row["slug"] is not None]
    return ArticlesAnswer(articles=articles, articles_count=rows[0]["total"])


def _list_query(conditions: Sequence[str]) -> str:
    """The total stands beside every row, and alone when the page is empty.

    What is filtered is found once, by the filter's index, for total and page: left to guess
    how soon a page fills, PostgreSQL may walk through all articles for a rare tag. Without a
    filter each takes its own way, along an index.
    """
    found = "MATERIALIZED" if conditions else "NOT MATERIALIZED"
    return f"""
        WITH matching AS {found} (
            SELECT a.id, a.created_at FROM articles a WHERE {" AND ".join(conditions) or "true"}
        ), page AS (
            SELECT id FROM matching
            ORDER BY created_at DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT counted.total, {_SUMMARY_COLUMNS}
        FROM (SELECT count(*) AS total FROM matching) AS counted
        LEFT JOIN (
            page JOIN articles a ON a.id = page.id JOIN users u ON u.id = a.author_id
        ) ON true
        ORDER BY a.created_at DESC, a.id DESC
    """
