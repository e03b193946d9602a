"""The article endpoints. The feed comes before `{slug}`, which would match it too."""

from typing import Annotated

from fastapi import APIRouter, Depends

from conduit.articles import reading, writing
from conduit.articles.messages import (
    ArticleAnswer,
    ArticleChangeBody,
    ArticlesAnswer,
    NewArticleBody,
)
from conduit.articles.reading import Filters, Page
from conduit.http.asking import Db, Me, Viewer
from conduit.http.json_body import json_body
from conduit.http.paging import Limit, Offset

router = APIRouter(prefix="/articles")


@router.get("")
async def list_articles(
    viewer: Viewer,
    db: Db,
    tag: str | None = None,
    author: str | None = None,
    favorited: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ArticlesAnswer:
    filters = Filters(tag=tag, author=author, favorited=favorited)
    viewer_id = viewer.id if viewer else None
    return await db.read(reading.newest, filters, Page(limit, offset), viewer_id)


@router.get("/feed")
async def feed(me: Me, db: Db, limit: Limit = 20, offset: Offset = 0) -> ArticlesAnswer:
    return await db.read(reading.feed, Page(limit, offset), me.id)


@router.post("", status_code=201)
async def publish(
    me: Me, body: Annotated[NewArticleBody, Depends(json_body(NewArticleBody))], db: Db
) -> ArticleAnswer:
    return ArticleAnswer(article=await writing.publish(db, me, body.article))


@router.get("/{slug}")
async def article(slug: str, viewer: Viewer, db: Db) -> ArticleAnswer:
    viewer_id = viewer.id if viewer else None
    return ArticleAnswer(article=await db.read(reading.read, slug, viewer_id))


@router.put("/{slug}")
async def edit(
    slug: str,
    me: Me,
    body: Annotated[ArticleChangeBody, Depends(json_body(ArticleChangeBody))],
    db: Db,
) -> ArticleAnswer:
    return ArticleAnswer(article=await writing.edit(db, slug, me, body.article))


@router.delete("/{slug}", status_code=204)
async def delete(slug: str, me: Me, db: Db) -> None:
    await db.write(writing.delete, slug, me)
