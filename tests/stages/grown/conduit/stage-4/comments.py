"""Comments (C1 to C3)."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from accounts import Me, Row, Viewer
from articles import found, profile, time
from database import every, one
from requests import NotBlank, json_body, refusal
from showing import PROFILE

router = APIRouter(prefix="/api/articles/{slug}/comments")

SELECT = f"SELECT c.*, {PROFILE} FROM comments c JOIN users u ON u.id = c.author_id"


class NewComment(BaseModel):
    body: NotBlank


class Commenting(BaseModel):
    comment: NewComment


def shown(row: Row) -> Row:
    times = {"createdAt": time(row["created_at"]), "updatedAt": time(row["created_at"])}
    return {"id": row["id"], "body": row["body"], **times, "author": profile(row)}


@router.get("")
async def list_comments(slug: str, asker: Viewer) -> Row:
    values = {"article": (await found(slug, asker))["id"], "me": asker and asker["id"]}
    rows = await every(f"{SELECT} WHERE c.article_id = %(article)s ORDER BY c.id", values)
    return {"comments": [shown(row) for row in rows]}


@router.post("", status_code=201)
async def comment(
    slug: str, me: Me, body: Annotated[Commenting, Depends(json_body(Commenting))]
) -> Row:
    under = await found(slug, me)
    new = await one(
        "INSERT INTO comments (article_id, author_id, body) VALUES (%s, %s, %s) RETURNING id",
        [under["id"], me["id"], body.comment.body],
    )
    row = await one(f"{SELECT} WHERE c.id = %(id)s", {**(new or {}), "me": me["id"]})
    return {"comment": shown(row or {})}


@router.delete("/{comment_id}", status_code=204)
async def delete_comment(slug: str, comment_id: int, me: Me) -> None:
    under = await found(slug, me)
    row = await one(
        "SELECT * FROM comments WHERE id = %s AND article_id = %s", [comment_id, under["id"]]
    )
    if row is None:
        raise refusal(404, "comment", "does not exist")
    if row["author_id"] != me["id"]:
        raise refusal(403, "comment", "belongs to someone else")
    await every("DELETE FROM comments WHERE id = %s RETURNING id", [row["id"]])
