"""Lists of articles (L1, L2)."""

from fastapi import APIRouter

from accounts import Row, Viewer
from articles import SELECT, article
from database import every
from showing import FAVORITED_BY

router = APIRouter(prefix="/api")


@router.get("/articles")
async def list_articles(
    asker: Viewer, tag: str | None = None, author: str | None = None, favorited: str | None = None
) -> Row:
    narrowed = {
        "%(tag)s = ANY (a.tags)": tag,
        "u.username = %(author)s": author,
        FAVORITED_BY: favorited,
    }
    conditions = [condition for condition, name in narrowed.items() if name is not None]
    values = {"tag": tag, "author": author, "favorited": favorited, "me": asker and asker["id"]}
    where = " AND ".join(conditions or ["true"])
    rows = await every(f"{SELECT} WHERE {where} ORDER BY a.id DESC", values)
    return {"articles": [article(row) for row in rows], "articlesCount": len(rows)}
