"""Lists of articles, page by page, and the feed (L1 to L5)."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from accounts import Me, Row, Viewer
from articles import SELECT, article
from database import every, one
from showing import FAVORITED_BY

router = APIRouter(prefix="/api")

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0)]


async def page(conditions: Sequence[str], values: Row) -> Row:
    """A page of the articles for which all conditions hold, and how many there are."""
    where = " AND ".join(conditions or ["true"])
    wanted = f"{SELECT} WHERE {where}"
    rows = await every(f"{wanted} ORDER BY a.id DESC LIMIT %(limit)s OFFSET %(offset)s", values)
    counted = await one(f"SELECT count(*) AS n FROM ({wanted}) AS wanted", values)
    return {"articles": [article(row) for row in rows], "articlesCount": (counted or {})["n"]}


@router.get("/articles")
async def list_articles(
    asker: Viewer,
    tag: str | None = None,
    author: str | None = None,
    favorited: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Row:
    narrowed = {
        "%(tag)s = ANY (a.tags)": tag,
        "u.username = %(author)s": author,
        FAVORITED_BY: favorited,
    }
    conditions = [condition for condition, name in narrowed.items() if name is not None]
    names = {"tag": tag, "author": author, "favorited": favorited}
    paging = {"limit": limit, "offset": offset}
    return await page(conditions, {**names, **paging, "me": asker and asker["id"]})


@router.get("/articles/feed")
async def feed(me: Me, limit: Limit = 20, offset: Offset = 0) -> Row:
    followed = "a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = %(me)s)"
    return await page([followed], {"limit": limit, "offset": offset, "me": me["id"]})
