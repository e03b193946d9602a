from fastapi import APIRouter

import db
from accounts import profile
from articles import find_article, time
from errors import ApiError
from models import NewCommentBody
from security import Me, Visitor

router = APIRouter()


def as_json(comment, author, visitor):
    return {
        "id": comment["id"],
        "createdAt": time(comment["created_at"]),
        "updatedAt": time(comment["updated_at"]),
        "body": comment["body"],
        "author": profile(author, visitor),
    }


@router.get("/articles/{slug}/comments")
def list_comments(slug: str, visitor: Visitor):
    article = find_article(slug)
    comments = db.many("SELECT * FROM comments WHERE article_id = %s ORDER BY id", article["id"])
    shown = []
    for comment in comments:
        author = db.one("SELECT * FROM users WHERE id = %s", comment["author_id"])
        shown.append(as_json(comment, author, visitor))
    return {"comments": shown}


@router.post("/articles/{slug}/comments", status_code=201)
def add_comment(slug: str, body: NewCommentBody, me: Me):
    comment = db.one(
        "INSERT INTO comments (article_id, author_id, body) VALUES (%s, %s, %s) RETURNING *",
        find_article(slug)["id"],
        me["id"],
        body.comment.body,
    )
    return {"comment": as_json(comment, me, me)}


@router.delete("/articles/{slug}/comments/{comment_id}", status_code=204)
def delete_comment(slug: str, comment_id: int, me: Me):
    article = find_article(slug)
    deleted = db.one(
        "DELETE FROM comments WHERE id = %s AND article_id = %s RETURNING id",
        comment_id,
        article["id"],
    )
    if deleted is None:
        raise ApiError(404, "comment", "does not exist")
