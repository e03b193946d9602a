"""The endpoints of articles. The feed comes before `{slug}`, which would match it too."""

from typing import Annotated, Any

from ninja import Path, Query, Router, Status
from pydantic import Field

from accounts.asking import Asking, Visiting, anyone, signed_in
from articles import reading, writing
from articles.reading import Filters
from articles.schemas import (
    ArticleAnswer,
    ArticleChangeBody,
    ArticlesAnswer,
    CommentAnswer,
    CommentsAnswer,
    NewArticleBody,
    NewCommentBody,
    TagsAnswer,
)
from conduit.http.schemas import MAX_BIGINT, Page

articles = Router(by_alias=True)
tags = Router(by_alias=True)

CommentId = Path[Annotated[int, Field(ge=1, le=MAX_BIGINT)]]


@articles.get("", response=ArticlesAnswer, auth=anyone)
def list_articles(
    request: Visiting,
    page: Query[Page],
    tag: str | None = None,
    author: str | None = None,
    favorited: str | None = None,
) -> dict[str, Any]:
    filters = Filters(tag=tag, author=author, favorited=favorited)
    return reading.newest(filters, page, request.auth)


@articles.get("feed", response=ArticlesAnswer, auth=signed_in)
def feed(request: Asking, page: Query[Page]) -> dict[str, Any]:
    return reading.feed(page, request.auth)


@articles.post("", response={201: ArticleAnswer}, auth=signed_in)
def publish(request: Asking, body: NewArticleBody) -> Status:
    return Status(201, {"article": writing.publish(request.auth, body.article)})


@articles.get("{slug}", response=ArticleAnswer, auth=anyone)
def article(request: Visiting, slug: str) -> dict[str, Any]:
    return {"article": reading.article(slug, request.auth)}


@articles.put("{slug}", response=ArticleAnswer, auth=signed_in)
def edit(request: Asking, slug: str, body: ArticleChangeBody) -> dict[str, Any]:
    return {"article": writing.edit(slug, request.auth, body.article)}


@articles.delete("{slug}", response={204: None}, auth=signed_in)
def delete(request: Asking, slug: str) -> Status:
    writing.delete(slug, request.auth)
    return Status(204, None)


@articles.post("{slug}/favorite", response=ArticleAnswer, auth=signed_in)
def favorite(request: Asking, slug: str) -> dict[str, Any]:
    return {"article": writing.favorite(slug, request.auth)}


@articles.delete("{slug}/favorite", response=ArticleAnswer, auth=signed_in)
def unfavorite(request: Asking, slug: str) -> dict[str, Any]:
    return {"article": writing.unfavorite(slug, request.auth)}


@articles.get("{slug}/comments", response=CommentsAnswer, auth=anyone)
def list_comments(request: Visiting, slug: str) -> dict[str, Any]:
    return {"comments": reading.comments(slug, request.auth)}


@articles.post("{slug}/comments", response={201: CommentAnswer}, auth=signed_in)
def comment(request: Asking, slug: str, body: NewCommentBody) -> Status:
    return Status(201, {"comment": writing.comment(slug, request.auth, body.comment.body)})


@articles.delete("{slug}/comments/{id}", response={204: None}, auth=signed_in)
def delete_comment(request: Asking, slug: str, id: CommentId) -> Status:  # noqa: A002
    writing.delete_comment(slug, id, request.auth)
    return Status(204, None)


@tags.get("", response=TagsAnswer)
def tags_in_use(request: Visiting) -> dict[str, Any]:
    return {"tags": reading.tags_in_use()}
