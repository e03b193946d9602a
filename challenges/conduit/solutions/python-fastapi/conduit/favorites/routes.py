"""The favourite endpoints."""

from fastapi import APIRouter

from conduit.articles.messages import ArticleAnswer
from conduit.favorites import store
from conduit.http.asking import Db, Me

router = APIRouter(prefix="/articles/{slug}/favorite")


@router.post("")
async def favorite(slug: str, me: Me, db: Db) -> ArticleAnswer:
    return ArticleAnswer(article=await db.transaction(store.add, slug, me.id))


@router.delete("")
async def unfavorite(slug: str, me: Me, db: Db) -> ArticleAnswer:
    return ArticleAnswer(article=await db.transaction(store.remove, slug, me.id))
