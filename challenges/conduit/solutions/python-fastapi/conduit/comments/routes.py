"""The comment endpoints."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from conduit.comments import store
from conduit.comments.messages import CommentAnswer, CommentsAnswer, NewCommentBody
from conduit.http.asking import Db, Me, Viewer
from conduit.http.json_body import json_body
from conduit.http.paging import MAX_BIGINT

router = APIRouter(prefix="/articles/{slug}/comments")

CommentId = Annotated[int, Path(alias="id", ge=1, le=MAX_BIGINT)]


@router.get("")
async def list_comments(slug: str, viewer: Viewer, db: Db) -> CommentsAnswer:
    viewer_id = viewer.id if viewer else None
    return CommentsAnswer(comments=await db.read(store.of_article, slug, viewer_id))


@router.post("", status_code=201)
async def comment(
    slug: str,
    me: Me,
    body: Annotated[NewCommentBody, Depends(json_body(NewCommentBody))],
    db: Db,
) -> CommentAnswer:
    return CommentAnswer(comment=await db.write(store.add, slug, me, body.comment.body))


@router.delete("/{id}", status_code=204)
async def delete_comment(slug: str, comment_id: CommentId, me: Me, db: Db) -> None:
    await db.write(store.delete, slug, comment_id, me)
