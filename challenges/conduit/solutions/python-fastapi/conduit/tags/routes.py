"""The tags endpoint."""

from fastapi import APIRouter

from conduit.database import Connection
from conduit.http.answers import Answer
from conduit.http.asking import Db

router = APIRouter()

# Jumps along the index from one tag to the next, so that the work grows with the number of
# tags and not with the number of articles that have them.
_TAGS_IN_USE = """
    WITH RECURSIVE in_use AS (
        SELECT min(tag) AS tag FROM article_tags
        UNION ALL
        SELECT (SELECT min(tag) FROM article_tags WHERE tag > in_use.tag)
        FROM in_use WHERE in_use.tag IS NOT NULL
    )
    SELECT tag FROM in_use WHERE tag IS NOT NULL
"""


class TagsAnswer(Answer):
    tags: list[str]


@router.get("/tags")
async def tags(db: Db) -> TagsAnswer:
    return TagsAnswer(tags=await db.read(_tags_in_use))


async def _tags_in_use(conn: Connection) -> list[str]:
    cursor = await conn.execute(_TAGS_IN_USE)
    return [row["tag"] for row in await cursor.fetchall()]
