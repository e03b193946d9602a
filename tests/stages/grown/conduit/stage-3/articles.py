"""Articles: publish, read, edit, delete (R1 to R8), and their tags (T1)."""

import re
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, StringConstraints

from accounts import Me, Row, Viewer
from database import every, one
from requests import NotBlank, json_body, refusal
from showing import MARKS, PROFILE

router = APIRouter(prefix="/api")

SELECT = f"SELECT a.*, {MARKS}, {PROFILE} FROM articles a JOIN users u ON u.id = a.author_id"

Title = Annotated[NotBlank, StringConstraints(max_length=255)]
Tag = Annotated[NotBlank, StringConstraints(max_length=64)]
Tags = Annotated[list[Tag], AfterValidator(lambda tags: list(dict.fromkeys(tags)))]


class NewArticle(BaseModel):
    title: Title
    description: NotBlank
    body: NotBlank
    tagList: Tags = []


class Change(BaseModel):
    title: Title = ""
    description: NotBlank = ""
    body: NotBlank = ""
    tagList: Tags = []


class Publishing(BaseModel):
    article: NewArticle


class Editing(BaseModel):
    article: Change


def time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def profile(row: Row) -> Row:
    return {name: row[name] for name in ("username", "bio", "image", "following")}


def article(row: Row) -> Row:
    """An article as it is answered, from a row of SELECT."""
    return {
        **{name: row[name] for name in ("slug", "title", "description", "body", "favorited")},
        "tagList": row["tags"],
        "createdAt": time(row["created_at"]),
        "updatedAt": time(row["updated_at"]),
        "favoritesCount": row["favorites_count"],
        "author": profile(row),
    }


def new_slug(title: str) -> str:
    """The letters of the title that a URL can hold, and something that nobody else has."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"{words[:80]}-{secrets.token_hex(6)}".lstrip("-")


async def found(slug: str, me: Row | None) -> Row:
    """The article as the one who asks sees it, or 404."""
    values = {"slug": slug, "me": me and me["id"]}
    row = await one(f"{SELECT} WHERE a.slug = %(slug)s", values)
    if row is None:
        raise refusal(404, "article", "does not exist")
    return row


async def own(slug: str, me: Me) -> Row:
    row = await found(slug, me)
    if row["author_id"] != me["id"]:
        raise refusal(403, "article", "belongs to someone else")
    return row


Own = Annotated[Row, Depends(own)]


@router.post("/articles", status_code=201)
async def publish(me: Me, body: Annotated[Publishing, Depends(json_body(Publishing))]) -> Row:
    slug, new = new_slug(body.article.title), body.article
    await one(
        """INSERT INTO articles (author_id, slug, title, description, body, tags)
           VALUES (%s, %s, %s, %s, %s, %s) RETURNING id""",
        [me["id"], slug, new.title, new.description, new.body, new.tagList],
    )
    return {"article": article(await found(slug, me))}


@router.get("/articles/{slug}")
async def read(slug: str, asker: Viewer) -> Row:
    return {"article": article(await found(slug, asker))}


@router.put("/articles/{slug}")
async def edit(me: Me, old: Own, body: Annotated[Editing, Depends(json_body(Editing))]) -> Row:
    """The slug stays, whatever becomes of the title."""
    sent: dict[str, Any] = body.article.model_dump(exclude_unset=True)
    if sent:
        sent = {**old, "tagList": old["tags"], **sent}
        await one(
            """UPDATE articles SET title = %(title)s, description = %(description)s,
                   body = %(body)s, tags = %(tagList)s,
                   updated_at = greatest(now(), updated_at + interval '1 millisecond')
               WHERE id = %(id)s RETURNING id""",
            sent,
        )
    return {"article": article(await found(old["slug"], me))}


@router.delete("/articles/{slug}", status_code=204)
async def delete(old: Own) -> None:
    await one("DELETE FROM articles WHERE id = %s RETURNING id", [old["id"]])


@router.get("/tags")
async def tags() -> dict[str, list[str]]:
    rows = await every("SELECT DISTINCT unnest(tags) AS name FROM articles ORDER BY name")
    return {"tags": [row["name"] for row in rows]}
